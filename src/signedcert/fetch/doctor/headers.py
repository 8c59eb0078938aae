"""Checks of how a web server answers: for whom, as what, for how long; and its clock."""

import re
from collections.abc import Callable, Iterable
from datetime import timedelta

from signedcert.fetch.doctor.findings import PUBLISH, Finding, Level, quoted, when
from signedcert.fetch.doctor.snapshot import HEADERS_PATH, FileRead, Snapshot
from signedcert.verify.freshness import SKEW

_SET = (
    "Set it in the web server's configuration. On Netlify and Cloudflare Pages, upload the file "
    "_headers too, which says so"
)
_AGE = re.compile(r"(?:^|[\s,])(?:s-maxage|max-age)\s*=\s*\"?([0-9]{1,10})", re.IGNORECASE)
_NOT_KEPT = re.compile(r"(?:^|[\s,])(?:no-store|no-cache)(?:$|[\s,=])", re.IGNORECASE)


def check_server(
    site: Snapshot, media_type: Callable[[str], str], ttl: timedelta | None
) -> list[Finding]:
    """How a server answered; of a folder, what a server will need.

    :param media_type: what a file should be sent as.
    :param ttl: how long a status list may be kept, at most; None where none says.
    """
    if not site.on_the_web:
        return _folder(site)
    read = site.all_read()
    return [
        *_origins(read),
        *_media_types(read, media_type),
        *_sniffing(read),
        *([] if ttl is None else _ages(read, ttl)),
        *_clock(site.document),
    ]


def _folder(site: Snapshot) -> list[Finding]:
    says = "How a web server answers cannot be seen in a folder."
    advice = "Once it is uploaded, check the site itself: signedcert doctor ISSUER"
    return [Finding(Level.NOTE, "headers", says, advice), *check_headers_file(site)]


def check_headers_file(site: Snapshot, publish: str = PUBLISH) -> list[Finding]:
    """Whether a folder has the file that tells hosts which headers to send.

    :param publish: how to have it written anew, as advice.
    """
    if HEADERS_PATH in (site.present or ()):
        return []
    says = f"The file {HEADERS_PATH} is missing, from which Netlify and Cloudflare Pages learn."
    advice = f"To get it back: {publish}. Other hosts need the same in their configuration"
    return [Finding(Level.WARNING, "headers", says, advice)]


def _header(read: FileRead, name: str) -> str | None:
    return None if read.response is None else read.response.headers.get(name)


def _origins(read: list[FileRead]) -> list[Finding]:
    """The Fetch standard's CORS check: one value, the asterisk."""
    refused = [each for each in read if (_header(each, "access-control-allow-origin")) != "*"]
    if not refused:
        says = "Verify pages on every site may read the files (Access-Control-Allow-Origin: *)."
        return [Finding(Level.OK, "cors", says)]
    value = _header(refused[0], "access-control-allow-origin")
    sent = "is missing" if value is None else f"is {quoted(value)} instead of *"
    says = (
        f"The header Access-Control-Allow-Origin {sent} for {_paths(refused)}: a verify page on "
        "another site cannot read that in a browser. One on this site can, and so can programs."
    )
    return [Finding(Level.WARNING, "cors", says, f'It should be "*". {_SET}')]


def _media_types(read: list[FileRead], expected: Callable[[str], str]) -> list[Finding]:
    wrong = []
    for each in read:
        sent, wanted = _header(each, "content-type"), essence(expected(each.path))
        if essence(sent or "") != wanted:
            shown = "none" if sent is None else quoted(sent)
            wrong.append(f"{each.path} has {shown}, not {wanted}")
    if not wrong:
        return [Finding(Level.OK, "content_type", "Every file is sent as what it is.")]
    more = f" (and {len(wrong) - 3} more)" if len(wrong) > 3 else ""
    says = f"The header Content-Type is wrong: {'; '.join(wrong[:3])}{more}."
    advice = f"signedcert reads them all the same; other software may refuse. {_SET}"
    return [Finding(Level.WARNING, "content_type", says, advice)]


def essence(media_type: str) -> str:
    """A media type without parameters, in lower case (RFC 9110, section 8.3.1)."""
    return media_type.partition(";")[0].strip().lower()


def _sniffing(read: list[FileRead]) -> list[Finding]:
    name = "x-content-type-options"
    without = [each for each in read if (_header(each, name) or "").strip().lower() != "nosniff"]
    if not without:
        return []
    says = (
        f"The header X-Content-Type-Options: nosniff is missing for {_paths(without)}: a browser "
        "may take them for something else."
    )
    return [Finding(Level.NOTE, "nosniff", says, _SET)]


def _ages(read: list[FileRead], ttl: timedelta) -> list[Finding]:
    """A copy in a cache that outlives the ttl shows what was withdrawn as good."""
    old = [each for each in read if _kept(_header(each, "cache-control")) > ttl]
    if not old:
        return [Finding(Level.OK, "cache", "No cache is told to keep the files for too long.")]
    hours = ttl / timedelta(hours=1)
    says = (
        f"Caches may keep {_paths(old)} for {_kept(_header(old[0], 'cache-control'))}, but a "
        f"status list should be fetched anew after {hours:g} hours: what was withdrawn looks "
        "good for longer than you meant."
    )
    seconds = int(ttl.total_seconds()) // 2
    return [Finding(Level.WARNING, "cache", says, f"Cache-Control: max-age={seconds}. {_SET}")]


def _kept(cache_control: str | None) -> timedelta:
    """The longest time that the header allows (RFC 9111, section 5.2.2); zero if it is silent."""
    text = cache_control or ""
    if _NOT_KEPT.search(text):
        return timedelta(0)
    return timedelta(seconds=max((int(found) for found in _AGE.findall(text)), default=0))


def _clock(read: FileRead) -> list[Finding]:
    """The server's time, with what its answer waited in a cache (RFC 9111, section 5.1)."""
    response = read.response
    if response is None or response.date is None:
        says = "The server does not say what time it has, so the clocks were not compared."
        return [Finding(Level.NOTE, "clock", says)]
    age = response.headers.get("age", "")
    waited = int(age[:9]) if age.isascii() and age.isdigit() else 0
    try:
        served = response.date + timedelta(seconds=waited)
    except OverflowError:
        served = response.date
    apart = served - read.received_at
    if abs(apart) <= SKEW:
        says = "This machine's clock and the server's agree."
        return [Finding(Level.OK, "clock", says)]
    side = "ahead of" if apart < timedelta(0) else "behind"
    says = (
        f"This machine's clock is {_rounded(abs(apart))} {side} the server's: {when(served)} "
        f"there, {when(read.received_at)} here. One of them is wrong."
    )
    advice = (
        "Compare both with a third clock. If this machine's is wrong, set it: everything above was "
        "checked with it. If the server's is, tell whoever runs it: certificates and caches "
        "depend on it"
    )
    return [Finding(Level.WARNING, "clock", says, advice)]


def _rounded(apart: timedelta) -> str:
    minutes = round(apart / timedelta(minutes=1))
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 2880 else f"{apart.days} days"


def _paths(read: Iterable[FileRead]) -> str:
    paths = [each.path for each in read]
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return ", ".join(paths[:3]) + more
