"""Checks of the verify page beside the keys: whether it is whole, which version, and may run."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from signedcert.fetch.doctor.findings import Finding, Level
from signedcert.fetch.doctor.headers import essence
from signedcert.fetch.doctor.page_files import Condition, condition_of
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


def check_page(site: Snapshot, expected: ExpectedPage, publish: str) -> list[Finding]:
    """Whether the site has the page, whole and unchanged; how a server answered for it.

    :param publish: how to have it written anew, as advice.
    """
    read = site.page
    retired = any(_has(read, path, data) for path, data in expected.retired.items())
    there = has_page(site, expected)
    findings = [*_unread(read), *(_retired(publish, there=there) if retired else [])]
    if not there:
        says = "There is no verify page of signedcert on the site."
        advice = f"To have it: {publish}. Where links open a page elsewhere, it is not needed"
        return [*findings, Finding(Level.NOTE, "page", says, advice)]
    folders = sorted({path.partition("/")[0] for path in expected.files})
    found = {each: condition_of(each, read, expected.files, expected.retired) for each in folders}
    findings += _faults(list(found.values()), publish)
    findings += _versions(found, publish)
    unread = any(each.problem is not None and not each.missing for each in read.values())
    if not unread and all(each.is_this_version for each in found.values()):
        says = "The verify page is that of this version of signedcert."
        findings.append(Finding(Level.OK, "page", says))
    if site.on_the_web:
        findings += _policies(read, expected, {each for each in folders if found[each].other})
    return findings


def has_page(site: Snapshot, expected: ExpectedPage) -> bool:
    """Whether any of the page is there; what only removes service workers is none of it."""
    return any(
        not each.missing
        and not (path in expected.retired and _has(site.page, path, expected.retired[path]))
        for path, each in site.page.items()
    )


def _unread(read: Mapping[str, FileRead]) -> list[Finding]:
    unread = [each for each in read.values() if each.problem is not None and not each.missing]
    if not unread:
        return []
    says = f"Of the verify page, this cannot be read: {_named([each.path for each in unread])}."
    advice = f"See that the web server hands it out as it is: {unread[0].problem}"
    return [Finding(Level.WARNING, "page", says, advice)]


def _retired(publish: str, *, there: bool) -> list[Finding]:
    says = "The service worker is retired: browsers that come by remove it"
    says += ", and the page needs a network." if there else "."
    without = "without --retire-worker" if there else "with --no-page alone"
    advice = f"When that has reached who came before: {publish}, {without}"
    return [Finding(Level.NOTE, "page_worker", says, advice)]


def _faults(found: list[Condition], publish: str) -> list[Finding]:
    """What makes of the page another one than signedcert's, or lets it fail."""
    findings = []
    if missing := [path for each in found for path in each.missing]:
        says = f"Of the verify page, this is missing: {_named(missing)}. Links may open nothing."
        findings.append(Finding(Level.FAULT, "page", says, publish))
    advice = (
        "Find out who changed it: whoever changes the page decides what it says. A web server must "
        f"hand it out byte for byte. Then: {publish}"
    )
    for version in dict.fromkeys(each.version for each in found):
        changed = [path for each in found if each.version == version for path in each.changed]
        if not changed:
            continue
        if version is None:
            says = f"This is no page of any signedcert, or was changed: {_named(changed)}."
        else:
            says = (
                f"The verify page says that it is that of signedcert {version}, but this is "
                f"another: {_named(changed)}."
            )
        findings.append(Finding(Level.FAULT, "page", says, advice))
    return findings


def _versions(found: Mapping[str, Condition], publish: str) -> list[Finding]:
    """Pages of other versions, which are whole as far as they say what they consist of."""
    whole = {folder: each for folder, each in found.items() if each.other and not each.faulty}
    findings = []
    for version in dict.fromkeys(each.version for each in whole.values()):
        folders = [f"{folder}/" for folder, each in whole.items() if each.version == version]
        says = (
            f"The verify page in {' and '.join(folders)} is that of signedcert {version}, not of "
            "this version."
        )
        findings.append(Finding(Level.NOTE, "page", says, f"To update it: {publish}"))
    return findings


def _policies(
    read: Mapping[str, FileRead], expected: ExpectedPage, others: set[str]
) -> list[Finding]:
    """Without the header, the page's own policy holds, but other sites may put it in a frame.

    :param others: in which folders there are pages of other versions, with policies of their own.
    """
    without = [
        path
        for path, each in read.items()
        if path.rpartition("/")[2] in _WITH_POLICY
        and each.response is not None
        and (sent := each.response.headers.get(_POLICY))
        != expected.headers(path)["Content-Security-Policy"]
        and (sent is None or path.partition("/")[0] not in others)
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
