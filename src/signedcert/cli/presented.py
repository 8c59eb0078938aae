"""What the user holds: a link, a fragment, digits, a token file, a document, or standard input."""

import os
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from signedcert.cli.document_files import document_in, is_document, one_content
from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError, os_error
from signedcert.cli.other_files import why_unreadable
from signedcert.cli.pasted import cleaned, is_printed_code, note_on
from signedcert.cli.screen import error_screen, visible
from signedcert.codec.frames import AnyFrame, parse_frame
from signedcert.codec.text import frame_from_text
from signedcert.share.sealing import is_sealed_file
from signedcert.trust.trust import Trust
from signedcert.verify.verdict import Policy, Verdict
from signedcert.verify.verify import verify, verify_text

if TYPE_CHECKING:
    from signedcert.documents.reading.document import Document

#: More is never read of a file. A photograph of a QR code has less.
INPUT_MAX = 20_000_000
#: Tag 18, with which every token begins.
_TOKEN = b"\xd2"


@dataclass(frozen=True, slots=True)
class Presented:
    """One input: text or the bytes of a token. Nothing in it is verified.

    :ivar name: what the user called it.
    :ivar content: text that should be a link, or bytes that should be a token.
    :ivar note: what the user may want to know of how it was read, or None.
    :ivar document: the PDF or picture that it was read from, or None.
    """

    name: str
    content: str | bytes
    note: str | None = None
    document: "Document | None" = None

    def frame(self) -> AnyFrame:
        """The token taken apart.

        :raises DecodeError: when it is none.
        """
        if isinstance(self.content, str):
            return frame_from_text(self.content)
        return parse_frame(self.content)

    def print_note(self) -> None:
        """Prints the note, where there is one, on standard error."""
        if self.note:
            error_screen().print(visible(f"signedcert: {self.note}"))

    def verdict(
        self, trust: Trust, now: datetime, policy: Policy, sealed_file: bytes | None = None
    ) -> Verdict:
        """What verification finds.

        :param sealed_file: the file of a sealed share, where it is the link of one.
        """
        if isinstance(self.content, str):
            return verify_text(self.content, trust, now=now, policy=policy, sealed_file=sealed_file)
        return verify(self.content, trust, now=now, policy=policy)


def present(argument: str) -> Presented:
    """Reads what an argument names. A file of that name comes before everything else.

    :raises CommandError: with NOTHING_READ when there is nothing to check.
    :raises SourcesDisagree: when it is a document that holds different certificates.
    """
    if argument == "-":
        try:
            return _classified("standard input", _bounded(sys.stdin.buffer))
        except OSError as error:
            message = f"standard input: {os_error(error)}"
            raise CommandError(message, ExitCode.NOTHING_READ) from error
    if not argument.strip():
        raise CommandError("the input is empty: there is nothing to check", ExitCode.NOTHING_READ)
    # A link to a file that is gone was meant as a file too.
    if os.path.lexists(argument):
        try:
            with Path(argument).open("rb") as file:
                return _classified(argument, _bounded(file))
        except OSError as error:
            raise CommandError(os_error(error), ExitCode.NOTHING_READ) from error
    text = cleaned(argument)
    is_link = any(sign in text for sign in ("://", "#", "%23"))
    if not is_link and any(sign in text for sign in "./\\~"):
        raise CommandError(f"{argument}: no such file", ExitCode.NOTHING_READ)
    _refuse_printed_code("the input", text)
    note = note_on(text)
    if note is None and not is_link:
        note = f"there is no file named {argument[:40]!r}: taken for a link's text"
    return Presented("the link", text, note)


def _bounded(file: BinaryIO) -> bytes:
    return file.read(INPUT_MAX + 1)


def _classified(name: str, data: bytes) -> Presented:
    if not data.strip():
        raise CommandError(f"{name}: it is empty, there is nothing to check", ExitCode.NOTHING_READ)
    if data.startswith(_TOKEN):
        return Presented(name, data)
    if is_document(data):
        if len(data) > INPUT_MAX:
            raise CommandError(
                f"{name}: the file is larger than {INPUT_MAX // 1_000_000} MB",
                ExitCode.NOTHING_READ,
            )
        document = document_in(name, data)
        return Presented(name, one_content(name, document), document=document)
    if is_sealed_file(data):
        note = (
            f"{name}: this is the file of a sealed share, which says nothing without its link: "
            "signedcert share open LINK --sealed FILE"
        )
        return Presented(name, data, note)
    refusal = why_unreadable(data)
    if refusal is not None:
        raise CommandError(f"{name}: {refusal}", ExitCode.NOTHING_READ)
    try:
        text = cleaned(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Presented(name, data)
    _refuse_printed_code(name, text)
    return Presented(name, text, note_on(text))


def _refuse_printed_code(name: str, text: str) -> None:
    # Some codes read as the beginning of a link from a later version: no verdict must come of that.
    if is_printed_code(text):
        message = f"{name}: this is the printed code; the link or the QR code is needed"
        raise CommandError(message, ExitCode.NOTHING_READ)
