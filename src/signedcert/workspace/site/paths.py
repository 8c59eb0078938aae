"""Where the files of a published site lie, relative to its top, which is ``https://ISSUER/``."""

import re

from signedcert.model.code import ALPHABET
from signedcert.model.issuer_document import IssuerDocument

ISSUER_FILE = ".well-known/signedcert/issuer.cbor"
JWKS_FILE = ".well-known/jwks.json"
DID_FILE = ".well-known/did.json"
#: Where did:web looks for an issuer with a path.
DID_FILE_AT_PATH = "did.json"
AGGREGATION_FILE = "status/lists.json"
HEADERS_FILE = "_headers"
#: The list of the site's own files, by which the next publication knows them from the user's.
MANIFEST_FILE = ".well-known/signedcert/files.txt"
#: Where sealed shares lie, which their links name.
SEALED_FOLDER = "r/sealed"
#: Where the verify page lies: links of certificates open the first, those of records the other.
PAGE_FOLDERS = ("c", "r")
#: Where pages lie that lead from a printed code to its certificate.
BY_CODE_FOLDER = "v"
#: What is shown to who leaves out the code.
BY_CODE_START = f"{BY_CODE_FOLDER}/index.html"
_SEALED = re.compile(rf"{SEALED_FOLDER}/[0-9a-f]{{32}}\.cose")
_BY_CODE = re.compile(rf"{BY_CODE_FOLDER}/[{ALPHABET}]{{4}}(?:-[{ALPHABET}]{{4}}){{3}}/index\.html")


def sealed_path(name: str) -> str:
    """Where a sealed share lies, by its name of 32 hexadecimal digits."""
    return f"{SEALED_FOLDER}/{name}.cose"


def is_sealed_path(path: str) -> bool:
    """Whether a sealed share lies there."""
    return _SEALED.fullmatch(path) is not None


def page_paths(name: str) -> tuple[str, ...]:
    """Where a file of the verify page lies, by its name in the page's own folder."""
    return tuple(f"{folder}/{name}" for folder in PAGE_FOLDERS)


def by_code_path(code: str) -> str:
    """Where the page lies that leads from a printed code to its certificate."""
    return f"{BY_CODE_FOLDER}/{code}/index.html"


def is_by_code_path(path: str) -> bool:
    """Whether such a page lies there."""
    return _BY_CODE.fullmatch(path) is not None


def aggregation_uri(issuer: str) -> str:
    """The URI of the list of an issuer's status lists, which status lists may name."""
    return f"https://{issuer}/{AGGREGATION_FILE}"


def status_list_uri(document: IssuerDocument, number: int) -> str:
    """The URI of a status list.

    :raises ValueError: when the document has no URI for status lists.
    """
    uri = document.status_list_uri(number)
    if uri is None:
        raise ValueError("there are status lists, but the issuer document has no URI for them")
    return uri


def status_path(document: IssuerDocument, number: int) -> str:
    """Where a status list lies in the site: under its URI's path, where the URI is in the site.

    A list whose URI is on another host, or ends in a slash, or cannot be a file's path for another
    reason, lies at ``status/N.cwt``; from there it has to be copied to where its URI leads.

    :raises ValueError: when the document has no URI for status lists.
    """
    uri, top = status_list_uri(document, number), f"https://{document.issuer}/"
    parts = uri.removeprefix(top).split("/")
    if not uri.startswith(top) or not {"", ".", ".."}.isdisjoint(parts):
        return f"status/{number}.cwt"
    return "/".join(parts)
