"""The process that looks into files, one after the other, and tells what they hold."""

import os
import signal
import sys
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from signedcert.cli import document_words
from signedcert.cli.bulk.looked import Looked
from signedcert.cli.document_check import Examined, examined
from signedcert.cli.document_files import SourcesDisagree
from signedcert.cli.document_output import attached_portrait
from signedcert.cli.failures import CommandError
from signedcert.cli.presented import Presented, present
from signedcert.codec.record_framing import SHARE_MAX
from signedcert.codec.text import TEXT_MAX
from signedcert.trust.trust import Trust
from signedcert.verify.verdict import Policy

#: Bytes of address space. A picture of the most pixels that are read takes the half of it.
MEMORY = 2_000_000_000
#: What a process sends first: it has loaded what it needs.
READY = b"ready"
#: Of the contradictions of one document, so many are told.
_TOLD = 5


def serve(
    connection: Connection, folder: Path, bundle: bytes, now: datetime, policy: Policy
) -> None:
    """Answers names with :class:`Looked`, both as bytes, until the other side is gone.

    :param folder: where the names begin.
    :param bundle: whom to trust, as :meth:`Trust.to_bundle` writes it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for the parent to end this process
    _limit_memory()
    _die_with_parent()
    trust = Trust.from_bundle(bundle)
    connection.send_bytes(READY)
    while True:
        try:
            name = os.fsdecode(connection.recv_bytes())
        except EOFError:
            return
        try:
            found = look(str(folder / name), trust, now, policy)
        except MemoryError:
            found = Looked(error="it needs too much memory to be read")
        # Whatever a hostile file does, the other files have their rows.
        except Exception as error:  # noqa: BLE001  # told in the file's row
            found = Looked(error=f"it cannot be read: {type(error).__name__}")
        connection.send_bytes(found.to_bytes())


def look(path: str, trust: Trust, now: datetime, policy: Policy) -> Looked:
    """What ``signedcert verify PATH`` would take from the file, and what makes it INVALID."""
    try:
        presented = present(path)
    except SourcesDisagree as error:
        return _looked(None, Examined(None, error.document))
    except CommandError as error:
        return Looked(error=str(error).removeprefix(f"{path}: "))
    if presented.document is None:
        return _looked(presented, None)
    verdict = presented.verdict(trust, now, policy)
    return _looked(presented, examined(verdict, presented.document, None))


def _looked(presented: Presented | None, found: Examined | None) -> Looked:
    content = None if presented is None else presented.content
    return Looked(
        # Longer ones are refused for their length, which a part of them shows as well.
        token=content[: SHARE_MAX + 1] if isinstance(content, bytes) else None,
        link=content[: TEXT_MAX + 1] if isinstance(content, str) else None,
        faults=() if found is None else found.faults,
        printed=None if found is None else _printed(found),
        note=None if presented is None else presented.note,
    )


def _printed(found: Examined) -> str | None:
    """What was held beside what was signed, and what came out, in words."""
    said = []
    if found.report is not None:
        reason, told = found.report.reason, found.report.contradictions
        said.append(document_words.COMPARISONS[(reason or found.report.outcome).value])
        said += [
            ": ".join(part for part in (each.field, document_words.contradiction(each)) if part)
            for each in told[:_TOLD]
        ]
        if len(told) > _TOLD:
            said.append(f"and {len(told) - _TOLD} more")
    portrait = attached_portrait(found)
    if portrait is not None:
        said.append(f"portrait: {document_words.PORTRAITS[portrait].format(which='attached')}")
    return "; ".join(said) or None


def _limit_memory() -> None:
    if sys.platform == "win32":  # there are no such limits
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
    # macOS knows it and refuses it.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def _die_with_parent() -> None:
    if sys.platform == "linux":
        from signedcert.documents.confined.kernel import die_with_parent

        with suppress(OSError):
            die_with_parent(signal.SIGKILL)
