"""Which column of a table has the links or tokens."""

import re
from collections.abc import Mapping, Sequence

from signedcert.bulk.presented.contract import PresentedError

#: Names by which such a column goes, in the order in which they count.
_NAMES = (
    "token", "link", "url", "verify_url", "verify_link", "certificate_link", "certificate_url",
    "certificate", "credential_url", "credential",
)  # fmt: skip
#: A link with a fragment, or what is longer than any word and has the letters of a fragment.
_LIKE_LINK = re.compile(r"[\s<“\"']*(?:https?://[^#\s]+(?:#|%23)|[0-9A-Za-z_-]{80,})")
_NAMES_MAX = 40
_NAME_MAX = 60


def looks_like_link(text: str | None) -> bool:
    """Whether a cell may be meant as a link or a link's fragment."""
    return text is not None and _LIKE_LINK.match(text) is not None


def chosen_column(
    file: str, names: Sequence[str], named: str | None, values: Mapping[int, Sequence[str | None]]
) -> int:
    """Which column is meant.

    It is the one that is named; else ``token``; else the first of the usual names of columns of
    links; else the only one in whose first cells there are links. Capitals, spaces and hyphens in
    names do not count.

    :param names: of all columns.
    :param named: by whoever runs the command, or None.
    :param values: the first cells of the columns that can be meant, by number.
    :raises PresentedError: when there is none, or it cannot be told, naming the columns.
    """
    if named is not None:
        found = [at for at, name in enumerate(names) if name == named] or [
            at for at, name in enumerate(names) if _plain(name) == _plain(named)
        ]
        if len(found) == 1 and found[0] in values:
            return found[0]
        if len(found) == 1:
            raise PresentedError(f"{file}: the column {shown(named)} has neither text nor bytes")
        what = "there is no column" if not found else "there is more than one column"
        raise PresentedError(f"{file}: {what} {shown(named)}; there are: {_listed(names)}")
    for name in _NAMES:
        found = [at for at in values if _plain(names[at]) == name]
        if found:
            return _only(file, names, found)
    found = [at for at, cells in values.items() if any(map(looks_like_link, cells))]
    if not found:
        raise PresentedError(
            f"{file}: none of its columns has links in its first rows; say with --column which one "
            f"it is: {_listed(names)}"
        )
    return _only(file, names, found)


def _only(file: str, names: Sequence[str], found: list[int]) -> int:
    if len(found) > 1:
        listed = _listed([names[at] for at in found])
        raise PresentedError(
            f"{file}: more than one column may be meant; say with --column which one it is: "
            f"{listed}"
        )
    return found[0]


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip()).casefold()


def _listed(names: Sequence[str]) -> str:
    listed = ", ".join(shown(name) for name in names[:_NAMES_MAX])
    rest = len(names) - _NAMES_MAX
    return f"{listed} and {rest} more" if rest > 0 else listed


def shown(name: str) -> str:
    """A name in one line, bounded, in quotes, with what is not printable written out."""
    cut = name[:_NAME_MAX] + ("…" if len(name) > _NAME_MAX else "")
    escaped = (each if each.isprintable() else f"\\u{{{ord(each):04X}}}" for each in cut)
    return f'"{"".join(escaped)}"'
