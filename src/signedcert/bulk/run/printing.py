"""Certificates of a run as PDF files and as pictures of their QR codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from signedcert.bulk.run.columns import PART
from signedcert.errors import SignedCertError
from signedcert.workspace.atomic_files import replace

if TYPE_CHECKING:
    from signedcert.documents import Printer, Theme

_MODE = 0o644
#: Certificates that are printed in one piece of work.
_SLICE = 32


@dataclass(frozen=True, slots=True)
class Printing:
    """What is printed of each certificate, and where to: ``FOLDER/AB/ABCD….pdf``.

    A folder for the first two characters of the code, because many programs are slow where one
    folder has a million files.

    :ivar page: of the verify page, for links and QR codes.
    :ivar pdf: the folder of PDF files, or None for none.
    :ivar qr: the folder of QR codes as PNG, or None for none.
    :ivar theme: of PDF files; None for the plain one.
    :ivar language: of the words in PDF files; None for each certificate's own.
    """

    page: str
    pdf: Path | None = None
    qr: Path | None = None
    theme: "Theme | None" = None
    language: str | None = None


class Slice(NamedTuple):
    """Some certificates to be printed. Of a row that has none, both are None."""

    codes: list[str | None]
    tokens: list[bytes | None]


class CertificatePrinter:
    """Prints in one process. What it needs is loaded with the first certificate."""

    def __init__(self, printing: Printing) -> None:
        self._printing = printing
        self._printer: Printer | None = None

    def print(self, certificates: Slice) -> list[str | None]:
        """Prints each, and says why not, where one cannot be printed.

        :raises OSError: when a file cannot be written.
        """
        return [
            None if code is None or token is None else self._one(code, token)
            for code, token in zip(certificates.codes, certificates.tokens, strict=True)
        ]

    def _one(self, code: str, token: bytes) -> str | None:
        try:
            if self._printing.pdf is not None:
                _write(self._printing.pdf, f"{code}.pdf", self._pdf(token))
            if self._printing.qr is not None:
                from signedcert import qr  # an extra, and only pictures need it

                picture = qr.png(qr.encode(self._printing.page, token))
                _write(self._printing.qr, f"{code}.png", picture)
        except SignedCertError as error:
            return f"it has its certificate {code}, but that could not be printed: {error}"
        return None

    def _pdf(self, token: bytes) -> bytes:
        from signedcert.documents import Printed, Printer  # heavy, and only PDF files need it

        if self._printer is None:
            self._printer = Printer(self._printing.theme)
        printed = Printed.of_token(token, self._printing.page)
        return self._printer.pdf(printed, self._printing.language)

    def close(self) -> None:
        """Removes what the printer keeps."""
        if self._printer is not None:
            self._printer.close()


def slices(part: pa.RecordBatch) -> Iterator[Slice]:
    """The certificates of a part, a few at a time."""
    for first in range(0, part.num_rows, _SLICE):
        some = part.slice(first, _SLICE)
        yield Slice(some.column("code").to_pylist(), some.column("token").to_pylist())


def with_unprinted(part: pa.RecordBatch, reasons: list[str | None]) -> pa.RecordBatch:
    """The part with what could not be printed."""
    columns = [part.column(name) for name in PART.names]
    columns[PART.get_field_index("unprinted")] = pa.array(reasons, pa.string())
    return pa.RecordBatch.from_arrays(columns, schema=PART)


def _write(folder: Path, name: str, content: bytes) -> None:
    inner = folder / name[:2]
    inner.mkdir(parents=True, exist_ok=True)
    replace(inner / name, content, mode=_MODE)
