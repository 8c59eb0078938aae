"""Checks of a verify page without an issuer, as ``signedcert page`` writes it for who checks."""

from signedcert.fetch.doctor.findings import Finding, Level
from signedcert.fetch.doctor.headers import check_headers_file
from signedcert.fetch.doctor.page import ExpectedPage, check_page
from signedcert.fetch.doctor.snapshot import HEADERS_PATH, Snapshot
from signedcert.fetch.published import DOCUMENT_PATH

_WRITE = "signedcert page --out DIR, and upload all of DIR"


def is_page_alone(site: Snapshot) -> bool:
    """Whether it is a folder with a verify page, and nothing in it is an issuer's.

    A site of which only ``.well-known`` was lost has status lists, and headers for what was lost.
    """
    headers = site.files.get(HEADERS_PATH)
    return (
        site.document.missing
        and not site.on_the_web
        and any(not each.missing for each in site.page.values())
        and not any(path.startswith("status/") for path in site.present or ())
        and all(each.missing for each in site.files.values() if each is not headers)
        and (headers is None or DOCUMENT_PATH.encode() not in headers.data)
    )


def check_page_alone(site: Snapshot, expected: ExpectedPage) -> list[Finding]:
    """Whether such a page is whole, and will be served as it should be."""
    says = "This is a verify page without an issuer: it knows nobody's keys."
    advice = "Import a trust bundle into it. An issuer's site is written by signedcert publish"
    return [
        Finding(Level.NOTE, "issuer_document", says, advice),
        *check_headers_file(site, _WRITE),
        *check_page(site, expected, _WRITE),
    ]
