"""Checks of published status lists: all there, genuine, each in its place, and fresh."""

from datetime import datetime, timedelta
from typing import NamedTuple

from signedcert.errors import TrustError
from signedcert.fetch.doctor.findings import (
    PUBLISH,
    Finding,
    Level,
    check_not_ahead,
    quoted,
    when,
)
from signedcert.fetch.doctor.snapshot import FileRead, Snapshot
from signedcert.fetch.published import LISTS_PATH
from signedcert.model.issuer_document import IssuerDocument
from signedcert.trust.holding import Opened, opened
from signedcert.trust.status_at_hand import StatusAtHand, number_of, open_list
from signedcert.trust.status_token import parse_claims, parse_envelope
from signedcert.verify.freshness import SKEW

#: A list that has less of its life left than this is soon out of date: a quarter, at most a week.
_SHARE, _SOON_MAX = 4, timedelta(days=7)


class CheckedLists(NamedTuple):
    """What came of it.

    :ivar findings: what was found.
    :ivar ttl: the shortest time for which one of them may be kept; None where none says.
    """

    findings: tuple[Finding, ...]
    ttl: timedelta | None


def check_lists(site: Snapshot, document: IssuerDocument, now: datetime) -> CheckedLists:
    """Whether everybody can find out what was withdrawn."""
    findings = _aggregation(site, document)
    keys = opened(document)
    ttls = []
    for read in site.lists:
        found, ttl = _check_list(read, keys, document, now)
        findings += found
        ttls += [] if ttl is None else [ttl]
    listed = {read.path for read in site.lists}
    spare = sorted(
        path for path in site.present or () if path.endswith(".cwt") and path not in listed
    )
    if spare:
        says = f"{LISTS_PATH} does not name {', '.join(spare)}: verifiers do not fetch them."
        findings.append(Finding(Level.WARNING, "status_lists", says, PUBLISH))
    return CheckedLists(tuple(findings), min(ttls, default=None))


def _aggregation(site: Snapshot, document: IssuerDocument) -> list[Finding]:
    index = site.files.get(LISTS_PATH)
    missing = index is None or index.missing
    if document.status_lists is None:
        says = "The issuer has no status lists: what it issued cannot be withdrawn."
        return [Finding(Level.NOTE, "status_lists", says)]
    effect = "verifiers cannot find out what was withdrawn, and call nothing valid that could be"
    if missing:
        says = f"{LISTS_PATH} is missing: {effect}."
        advice = f"Upload it with the rest of the site; or: {PUBLISH}"
        return [Finding(Level.FAULT, "status_lists", says, advice)]
    if site.lists_problem is not None:
        says = f"{LISTS_PATH} cannot be used: {site.lists_problem}. So {effect}."
        return [Finding(Level.FAULT, "status_lists", says, PUBLISH)]
    if not site.lists:
        says = "There are no status lists yet: nothing was issued that could be withdrawn."
        return [Finding(Level.NOTE, "status_lists", says)]
    says = f"{LISTS_PATH} names the status lists: {len(site.lists)} in number."
    return [Finding(Level.OK, "status_lists", says)]


def _check_list(
    read: FileRead, keys: Opened, document: IssuerDocument, now: datetime
) -> tuple[list[Finding], timedelta | None]:
    """What was found of one list, and its ttl."""
    if read.problem is not None:
        return [_unread(read)], None
    try:
        number, _ = number_of(read.data, keys)
        found = open_list(read.data, keys, number)
    except TrustError as error:
        says = f"{read.path}: {error}."
        return [Finding(Level.FAULT, "status_list", says, PUBLISH)], None
    claims = parse_claims(parse_envelope(read.data).payload)  # which open_list verified
    uri = document.status_list_uri(number)
    if uri not in (read.path, f"https://{document.issuer}/{read.path}"):
        says = (
            f"{read.path} is another list, which belongs at {quoted(uri)}: for the certificates "
            "of this one, nobody finds out what was withdrawn."
        )
        return [Finding(Level.FAULT, "status_list", says, PUBLISH)], claims.ttl
    findings = check_not_ahead("status_list", f"Status list {number}", found.issued_at, now)
    if found.not_before is not None and found.not_before - now > SKEW:
        says = f"Status list {number} counts only from {when(found.not_before)} on."
        findings.append(Finding(Level.FAULT, "status_list", says, PUBLISH))
    return [*findings, _freshness(number, found, now)], claims.ttl


def _unread(read: FileRead) -> Finding:
    if read.missing:
        says = f"The status list {read.path} is named in {LISTS_PATH}, but it is missing."
        advice = f"Upload it with the rest of the site; or: {PUBLISH}"
        return Finding(Level.FAULT, "status_list", says, advice)
    says = f"The status list {read.path} cannot be read: {read.problem}."
    if "://" in read.path:
        return Finding(Level.WARNING, "status_list", says, "See that it is there, and up to date")
    advice = "See that the web server hands it out as it is"
    return Finding(Level.FAULT, "status_list", says, advice)


def _freshness(number: int, found: StatusAtHand, now: datetime) -> Finding:
    end, name = found.fresh_until, f"Status list {number}"
    if end is None:
        says = f"{name} is genuine, and final: it never grows stale."
        return Finding(Level.OK, "status_list", says)
    if end <= now:
        says = (
            f"{name} is out of date since {when(end)}: no certificate that refers to it is found "
            "valid any more."
        )
        return Finding(Level.FAULT, "status_list", says, f"Now: {PUBLISH}")
    if end - now <= min(_SOON_MAX, (end - found.issued_at) / _SHARE):
        says = f"{name} grows out of date on {when(end)}."
        advice = f"Before that, and then regularly: {PUBLISH}"
        return Finding(Level.WARNING, "status_list", says, advice)
    says = f"{name} is genuine, of {when(found.issued_at)}, and counts until {when(end)}."
    return Finding(Level.OK, "status_list", says)
