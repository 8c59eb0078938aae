"""Everything that an issuer publishes, as files for a static host, made from its document."""

import json
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from signedcert.model.issuer_document import IssuerDocument
from signedcert.workspace.key_set import published_jwk_set
from signedcert.workspace.site.did import did_document
from signedcert.workspace.site.headers import headers_file
from signedcert.workspace.site.paths import (
    AGGREGATION_FILE,
    DID_FILE,
    DID_FILE_AT_PATH,
    HEADERS_FILE,
    ISSUER_FILE,
    JWKS_FILE,
    sealed_path,
    status_list_uri,
    status_path,
)

_NONE: Mapping[str, bytes] = MappingProxyType({})


def site_files(  # noqa: PLR0913 - what a site is made of
    document: IssuerDocument,
    document_token: bytes,
    status_tokens: Mapping[int, bytes],
    *,
    ttl: timedelta,
    sealed: Mapping[str, bytes] = _NONE,
    pages: Mapping[str, bytes] = _NONE,
) -> dict[str, bytes]:
    """The site's files: relative POSIX path → content.

    :param document: what the issuer says of itself; keys and URIs are taken from here.
    :param document_token: that document, signed.
    :param status_tokens: list number → signed Status List Token.
    :param ttl: how long a status list may be used; bounds what caches may do.
    :param sealed: name of 32 hexadecimal digits → sealed share.
    :param pages: relative path → what else is published: the verify page, and the pages that lead
        to certificates.
    :raises ValueError: when there are status lists and the document has no URI for them, or the URI
        is where something else lies; or the ttl is not longer than zero.
    """
    files = {
        ISSUER_FILE: document_token,
        JWKS_FILE: published_jwk_set(document),
        DID_FILE: did_document(document),
    }
    if "/" in document.issuer:
        files[DID_FILE_AT_PATH] = files[DID_FILE]
    if document.status_lists is not None:
        files[AGGREGATION_FILE] = _aggregation(document, status_tokens)
    files |= {sealed_path(name): data for name, data in sealed.items()}
    files |= pages
    for number, token in sorted(status_tokens.items()):
        path = status_path(document, number)
        if path in files:
            raise ValueError(f"status list {number} would lie at {path}, where something else is")
        files[path] = token
    files[HEADERS_FILE] = headers_file(document.issuer, sorted(files), ttl=ttl)
    return files


def _aggregation(document: IssuerDocument, numbers: Mapping[int, bytes]) -> bytes:
    """A Status List Aggregation (draft-ietf-oauth-status-list, section 9.3)."""
    uris = [status_list_uri(document, number) for number in sorted(numbers)]
    return (json.dumps({"status_lists": uris}, indent=2) + "\n").encode()
