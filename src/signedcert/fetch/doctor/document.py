"""Checks of a published issuer document: who signed it, whose it is, how long it counts."""

from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from signedcert.codec.framing import parse_document_frame
from signedcert.codec.lift import lift
from signedcert.crypto.keys import PublicKey
from signedcert.errors import DecodeError, TrustError
from signedcert.fetch.doctor.findings import (
    PUBLISH,
    RENEW,
    Finding,
    Level,
    check_not_ahead,
    quoted,
    when,
)
from signedcert.fetch.doctor.snapshot import FileRead
from signedcert.model.issuer_document import Handover, IssuerDocument
from signedcert.model.statement import PAYLOAD_MAX
from signedcert.trust.chain import Pin, Unverified, first_pin, look_into, open_document

#: How long before its end an issuer document should be renewed.
RENEW_BEFORE = timedelta(days=45)
_RESTORE = (
    f"{PUBLISH}. If that does not help, the workspace's own public/issuer.cbor is damaged: take it "
    "back from a backup"
)


class Checked(NamedTuple):
    """What came of it.

    :ivar document: the issuer document, where its present roots signed it.
    :ivar findings: what was found.
    """

    document: IssuerDocument | None
    findings: tuple[Finding, ...]


def check_document(
    read: FileRead, now: datetime, issuer: str | None, opened: FileRead | None = None
) -> Checked:
    """Whether the document proves itself, is the issuer's, and counts now.

    :param issuer: whose it should be; None: whose it says it is.
    :param opened: the page that its links open, where that lies in the issuer's own site.
    """
    if read.problem is not None:
        return Checked(None, (_unread(read),))
    try:
        found = look_into(read.data)
        document, findings = _opened(read.data, found)
    except TrustError as error:
        says = f"The issuer document cannot be used: {error}."
        return Checked(None, (Finding(Level.FAULT, "issuer_document", says, _RESTORE),))
    findings += _issuer(document, issuer)
    findings += _dates(document, now)
    findings += _addresses(document, opened)
    return Checked(document, tuple(findings))


def _unread(read: FileRead) -> Finding:
    if read.missing:
        says = f"There is no issuer document ({read.path}): nobody can begin to trust this issuer."
        advice = (
            f"{PUBLISH}. Many hosts leave out folders whose names begin with a dot: see that "
            ".well-known is there too"
        )
    else:
        says = f"The issuer document ({read.path}) cannot be read: {read.problem}."
        advice = "See that the web server hands it out as it is, to everybody, at this address"
    return Finding(Level.FAULT, "issuer_document", says, advice)


def _opened(data: bytes, found: Unverified) -> tuple[IssuerDocument, list[Finding]]:
    """The document as its own present roots signed it, and whether its first root leads there.

    :raises TrustError: when not even the former is so.
    """
    document, _ = open_document(data, Pin(len(found.handovers), found.roots))
    says = f"The issuer document is signed by a root key of {document.issuer} and reads well."
    findings = [Finding(Level.OK, "issuer_document", f"{says} It is version {document.version}.")]
    try:
        open_document(data, _first_pin(data, found))
    except TrustError as error:
        says = (
            f"The handovers from the first root key to the present one are not whole: {error}. "
            "Whoever trusts an earlier root cannot follow."
        )
        return document, [*findings, Finding(Level.FAULT, "handovers", says, _RESTORE)]
    prints = [PublicKey(root).thumbprint.hex() for root in found.roots]
    says = f"The root keys lead from the first to the present ones, epoch {document.epoch}."
    findings.append(Finding(Level.OK, "handovers", says))
    says = f"Fingerprint of the root key: {', or '.join(prints)}."
    advice = "Let people compare it in another way than on this site: in print, by telephone"
    return document, [*findings, Finding(Level.NOTE, "fingerprint", says, advice)]


def _first_pin(data: bytes, found: Unverified) -> Pin:
    """The roots of the first epoch, which one of themselves must have signed."""
    assert found.handovers  # no document opens without them
    try:
        frame = parse_document_frame(found.handovers[0], Handover.media_type, PAYLOAD_MAX)
        first = lift(frame.payload, Handover)
    except DecodeError as error:
        raise TrustError(f"the first is damaged: {error}") from error
    for root in first.roots:
        if isinstance(root, bytes) and PublicKey(root).kid == frame.kid:
            pin = first_pin(data, root)
            if pin.epoch == 1:
                return pin
    raise TrustError("the first is not signed by a root key of its own")


def _issuer(document: IssuerDocument, issuer: str | None) -> list[Finding]:
    if issuer is None or document.issuer == issuer:
        return [Finding(Level.OK, "issuer", f"It is the document of {document.issuer}.")]
    says = f"The site is checked as {issuer}'s, but it has the document of {document.issuer}."
    advice = (
        f"Serve these files at https://{document.issuer}/, or put {issuer}'s own here. For a copy "
        f"at another address, say whose it is: --issuer {document.issuer}"
    )
    return [Finding(Level.FAULT, "issuer", says, advice)]


def _dates(document: IssuerDocument, now: datetime) -> list[Finding]:
    findings = check_not_ahead("issuer_document", "The issuer document", document.issued_at, now)
    end = document.next_update
    if end is None:
        says = "The issuer is closed: this is its final document, and never grows stale."
        return [*findings, Finding(Level.OK, "next_update", says)]
    if end <= now:
        says = (
            f"The issuer document is out of date since {when(end)}: no certificate of this issuer "
            "is found valid any more."
        )
        level, advice = Level.FAULT, f"Now, with the root key: {RENEW}"
    elif end - now <= RENEW_BEFORE:
        days = (end - now).days
        says = f"The issuer document grows out of date on {when(end)}, in {days} days."
        level, advice = Level.WARNING, f"Before that, with the root key: {RENEW}"
    else:
        says, level, advice = f"The issuer document counts until {when(end)}.", Level.OK, ""
    return [*findings, Finding(level, "next_update", says, advice)]


def _addresses(document: IssuerDocument, opened: FileRead | None) -> list[Finding]:
    """Where links and status lists are, if not on the issuer's own host."""
    host = document.issuer.partition("/")[0]
    page, findings = document.verify_url, []
    if page is None:
        says = "The issuer document names no verify page."
        findings.append(Finding(Level.NOTE, "verify_page", says))
    elif urlsplit(page).scheme != "https":
        says = f"The verify page {quoted(page)} is not https: anybody on the way can change it."
        advice = "Serve the page over https, and issue with its https address"
        findings.append(Finding(Level.WARNING, "verify_page", says, advice))
    elif urlsplit(page).hostname != host:
        says = (
            f"The verify page {quoted(page)} is on another host than {host}: it can read this "
            "site only where the server allows every origin (Access-Control-Allow-Origin: *)."
        )
        findings.append(Finding(Level.NOTE, "verify_page", says))
    elif opened is not None and opened.problem is not None:
        problem = "there is no page" if opened.missing else f"it cannot be read: {opened.problem}"
        says = f"Links should open {quoted(page)}, but {problem}."
        advice = f"{PUBLISH}, without --no-page; or put a page of your own there"
        findings.append(Finding(Level.WARNING, "verify_page", says, advice))
    else:
        findings.append(Finding(Level.OK, "verify_page", f"Links open {page}."))
    template = document.status_lists
    if template is not None and not template.startswith(f"https://{document.issuer}/"):
        says = f"Status lists are at another address than the site: {quoted(template)}."
        advice = "After each publish, copy them there too"
        findings.append(Finding(Level.NOTE, "status_lists", says, advice))
    return findings
