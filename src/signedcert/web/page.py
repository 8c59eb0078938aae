"""The files of the built page, which are data files of the package."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

#: The page itself, which a host sends for its folder.
INDEX: Final = "index.html"
#: The service worker, which keeps the page for the time without a network.
WORKER: Final = "sw.js"
#: What a host has to say with the page and with the decoder, and what takes the worker's place.
#: Nothing asks for these under their own names.
POLICY_FILE: Final = "csp.txt"
DECODER_POLICY_FILE: Final = "csp-decoder.txt"
RETIRED_FILE: Final = "retired-worker.js"
_NOT_SERVED: Final = frozenset({POLICY_FILE, DECODER_POLICY_FILE, RETIRED_FILE})


@cache
def page_files() -> Mapping[str, bytes]:
    """What a host serves in the page's folder: relative POSIX path → content. Read once a process.

    :raises ImportError: when the page was not built, or parts of it are missing.
    """
    files = {name: data for name, data in built_files().items() if name not in _NOT_SERVED}
    return MappingProxyType(files)


def retired_worker() -> bytes:
    """A service worker that removes itself and what it kept, to be served in the worker's place."""
    return built_files()[RETIRED_FILE]


@cache
def built_files() -> Mapping[str, bytes]:
    """Everything that the build wrote.

    :raises ImportError: when there is nothing, or parts of it are missing.
    """
    from importlib.resources import files  # here: few who import the package need it

    folder = files(__package__) / "page"
    found = dict(sorted(_below(folder, ""))) if folder.is_dir() else {}
    if not {INDEX, WORKER, *_NOT_SERVED} <= found.keys():
        raise ImportError(
            "signedcert's verify page is missing or damaged; install the package again, or in a "
            "checkout build it: node web/build.ts"
        )
    return MappingProxyType(found)


def _below(folder: "Traversable", prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _below(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry.read_bytes()
