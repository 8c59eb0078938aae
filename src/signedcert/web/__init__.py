"""The verify page as it was built, and how a host should answer for its files.

It is built from the sources in ``web/`` (``node web/build.ts``) into the folder ``page`` beside
this module. Here nobody runs it: it is read, to be published.
"""

from signedcert.web.headers import (
    decoder_policy,
    media_type,
    page_headers,
    page_policy,
)
from signedcert.web.page import INDEX, WORKER, page_files, retired_worker

__all__ = [
    "INDEX",
    "WORKER",
    "decoder_policy",
    "media_type",
    "page_files",
    "page_headers",
    "page_policy",
    "retired_worker",
]
