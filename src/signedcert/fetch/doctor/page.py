"""Checks of the verify page beside the keys: whether it is this version's, and may run."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from signedcert.fetch.doctor.findings import PUBLISH, Finding, Level
from signedcert.fetch.doctor.headers import essence
from signedcert.fetch.doctor.snapshot import FileRead, Snapshot

_SHOWN = 3
#: Of which files the policy decides what they may do.
_WITH_POLICY = ("index.html", "decoder.js")
_POLICY = "content-security-policy"


class ExpectedPage(NamedTuple):
    """The verify page as this version publishes it.

    :ivar files: path → content.
    :ivar retired: what takes the place of the service workers where they are retired; likewise.
    :ivar headers: the headers with which a file should be sent, by its path.
    """

    files: Mapping[str, bytes]
    retired: Mapping[str, bytes]
    headers: Callable[[str], Mapping[str, str]]


def check_page(site: Snapshot, expected: ExpectedPage) -> list[Finding]:
    """Whether the site has this version's page; how a server answered for it."""
    read = site.page
    if all(each.missing for each in read.values()):
        says = "There is no verify page on the site, so its links open nothing here."
        advice = f"To have it: {PUBLISH}. Where links open a page elsewhere, it is not needed"
        return [Finding(Level.NOTE, "page", says, advice)]
    findings = [*_unread(read), *_retired(read, expected), *_content(read, expected)]
    return findings + (_policies(read, expected) if site.on_the_web else [])


def _unread(read: Mapping[str, FileRead]) -> list[Finding]:
    unread = [each for each in read.values() if each.problem is not None and not each.missing]
    if not unread:
        return []
    says = f"Of the verify page, this cannot be read: {_named([each.path for each in unread])}."
    advice = f"See that the web server hands it out as it is: {unread[0].problem}"
    return [Finding(Level.WARNING, "page", says, advice)]


def _retired(read: Mapping[str, FileRead], expected: ExpectedPage) -> list[Finding]:
    if not any(_has(read, path, data) for path, data in expected.retired.items()):
        return []
    says = (
        "The service worker is retired: browsers that come by remove it, and the page needs a "
        "network."
    )
    advice = f"When that has reached who came before: {PUBLISH}, without --retire-worker"
    return [Finding(Level.NOTE, "page_worker", says, advice)]


def _content(read: Mapping[str, FileRead], expected: ExpectedPage) -> list[Finding]:
    unread = {path for path, each in read.items() if each.problem and not each.missing}
    differing = [
        path
        for path, data in expected.files.items()
        if path not in unread
        and not _has(read, path, data)
        and not (path in expected.retired and _has(read, path, expected.retired[path]))
    ]
    if not differing:
        says = "The verify page is that of this version of signedcert."
        return [] if unread else [Finding(Level.OK, "page", says)]
    says = (
        "The verify page is not that of this version of signedcert. Different or missing: "
        f"{_named(differing)}."
    )
    advice = (
        f"{PUBLISH}. If it was published by this version, find out who changed it: whoever changes "
        "the page decides what it says"
    )
    return [Finding(Level.NOTE, "page", says, advice)]


def _policies(read: Mapping[str, FileRead], expected: ExpectedPage) -> list[Finding]:
    """Without the header, the page's own policy holds, but other sites may put it in a frame."""
    without = [
        path
        for path, each in read.items()
        if path.rpartition("/")[2] in _WITH_POLICY
        and each.response is not None
        and each.response.headers.get(_POLICY) != expected.headers(path)["Content-Security-Policy"]
    ]
    wrong = [
        path
        for path, each in read.items()
        if each.response is not None
        and essence(each.response.headers.get("content-type") or "")
        != essence(expected.headers(path)["Content-Type"])
    ]
    findings = []
    if without:
        says = (
            f"The header Content-Security-Policy is missing or another one for {_named(without)}: "
            "the page is guarded less, or cannot read QR codes in every browser."
        )
        advice = "It should be as in the site's file _headers. Set it in the server's configuration"
        findings.append(Finding(Level.WARNING, "page_policy", says, advice))
    if wrong:
        says = f"Of the verify page, the header Content-Type is wrong for {_named(wrong)}."
        advice = "Browsers may not run it. It should be as in the site's file _headers"
        findings.append(Finding(Level.WARNING, "page_type", says, advice))
    return findings


def _has(read: Mapping[str, FileRead], path: str, data: bytes) -> bool:
    return path in read and read[path].problem is None and read[path].data == data


def _named(paths: list[str]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return ", ".join(paths[:_SHOWN]) + more
