"""An issuer's published files, checked against each other and against the present moment."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from signedcert.fetch.doctor.derived_files import check_did, check_key_set
from signedcert.fetch.doctor.document import check_document
from signedcert.fetch.doctor.findings import PUBLISH, Finding, Level
from signedcert.fetch.doctor.headers import check_server
from signedcert.fetch.doctor.keys import check_keys
from signedcert.fetch.doctor.lists import check_lists
from signedcert.fetch.doctor.page import ExpectedPage, check_page
from signedcert.fetch.doctor.page_alone import check_page_alone, is_page_alone
from signedcert.fetch.doctor.snapshot import (
    DID_PATH,
    DID_PATH_AT_PATH,
    JWKS_PATH,
    Snapshot,
)
from signedcert.model.issuer_document import IssuerDocument

#: How many files of one kind are named.
_SHOWN = 3


class Expected(NamedTuple):
    """What publishing makes of an issuer document.

    :ivar files: the files made from it alone, by path: the JWK Set and the DID document.
    :ivar media_type: what a file of the site should be sent as, by its path.
    :ivar page: the verify page of this version; None where it is not known.
    """

    files: Callable[[IssuerDocument], Mapping[str, bytes]]
    media_type: Callable[[str], str]
    page: ExpectedPage | None = None


class Report(NamedTuple):
    """What was found.

    :ivar document: the issuer document; None where it does not prove itself, and then nothing else
        was checked; None, too, for a verify page without an issuer.
    :ivar findings: in the order of the checks.
    """

    document: IssuerDocument | None
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> int:
        """How many faults there are."""
        return sum(each.level is Level.FAULT for each in self.findings)

    @property
    def warnings(self) -> int:
        """How many warnings there are."""
        return sum(each.level is Level.WARNING for each in self.findings)


def check_site(
    site: Snapshot, now: datetime, expected: Expected, issuer: str | None = None
) -> Report:
    """Checks everything that was read.

    :param now: the moment at which it should count, in UTC.
    :param issuer: whose site it should be; None: whose it says it is.
    """
    if expected.page is not None and issuer is None and is_page_alone(site):
        return Report(None, (*_private_files(site), *check_page_alone(site, expected.page)))
    document, found = check_document(site.document, now, issuer, site.opened)
    findings = [*_private_files(site), *found]
    if document is None:
        return Report(None, tuple(findings))
    findings += check_keys(document, now)
    made = expected.files(document)
    findings += check_key_set(site.files[JWKS_PATH], document, made[JWKS_PATH])
    for path in (DID_PATH, DID_PATH_AT_PATH):
        if path in site.files:
            findings += check_did(site.files[path], made[DID_PATH])
    lists = check_lists(site, document, now)
    findings += lists.findings
    findings += check_server(site, expected.media_type, lists.ttl)
    if expected.page is not None:
        findings += check_page(site, expected.page, PUBLISH)
    return Report(document, tuple(findings))


def _private_files(site: Snapshot) -> list[Finding]:
    """Private keys and parts of a workspace in the folder that is published."""
    if not site.private:
        return []
    says = (
        "The folder has private keys or files of a workspace in it, which must not be published: "
        f"{', '.join(site.private[:_SHOWN])}"
    )
    more = len(site.private) - _SHOWN
    says += f" and {more} more." if more > 0 else "."
    advice = (
        "Take them out. If the folder was on the web already, somebody may have the keys: "
        "signedcert compromise KID --workspace DIR for each of them"
    )
    return [Finding(Level.FAULT, "private_files", says, advice)]
