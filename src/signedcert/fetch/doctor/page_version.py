"""What a verify page says of itself: which version it is, and what its files should be.

Nobody has signed it. It tells a page of another version from one that was changed or is broken,
not from one that somebody changed with care.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256

_INDEX = "index.html"
_VERSION = rb"[0-9][0-9A-Za-z.+-]{0,30}"
#: In the script, which writes it into reports (web/src/page/report.ts). The version is there, or
#: the name that it has elsewhere in the script.
_STATED = re.compile(rb"signedcert verify page (?:\$\{([\w$]{1,20})\}|(" + _VERSION + rb"))")
#: In the service worker, which keeps no file that has another digest (web/src/worker/sw.ts). The
#: page itself has no name there.
_DIGEST = re.compile(r'\["([\w./-]{0,100})","(sha256-[A-Za-z0-9+/]{43}=)"\]', re.ASCII)


def stated_version(page: bytes) -> str | None:
    """The version of signedcert that a page says it belongs to; None where it says none."""
    found = _STATED.search(page)
    if found is None:
        return None
    if found[2] is not None:
        return found[2].decode("ascii").rstrip(".")
    named = re.search(rb"(?<![\w$.])" + re.escape(found[1]) + rb'="(' + _VERSION + rb')"', page)
    return None if named is None else named[1].decode("ascii")


def listed_digests(worker: bytes) -> Mapping[str, str]:
    """The digests of a page's files by their names, as its service worker lists them."""
    text = worker.decode("utf-8", "replace")
    return {name or _INDEX: digest for name, digest in _DIGEST.findall(text)}


def digest_of(data: bytes) -> str:
    """The digest of a file, written as the service worker has it (Subresource Integrity)."""
    return f"sha256-{b64encode(sha256(data).digest()).decode('ascii')}"
