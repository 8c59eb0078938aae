"""Writing the files of what is printed, one input after the other."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from signedcert.cli.failures import CommandError, os_error
from signedcert.cli.issued_token import TokenGiven
from signedcert.cli.record_issuing import RECORD_MODE
from signedcert.errors import SignedCertError
from signedcert.model.certificate import Certificate
from signedcert.model.code import code_from_id
from signedcert.share.shared_record import SharedRecord
from signedcert.workspace.atomic_files import replace

if TYPE_CHECKING:
    from signedcert.documents import Portrait, Printed, Printer

_MODE = 0o644


@dataclass(frozen=True, slots=True)
class Made:
    """What came of one input.

    :ivar statement: what was printed; None where nothing was.
    :ivar qr: version and level of its QR code; None where no QR code is large enough.
    :ivar error: why nothing was written; None where something was.
    """

    name: str
    statement: Certificate | SharedRecord | None = None
    files: tuple[Path, ...] = ()
    qr: str | None = None
    error: str | None = None


@dataclass(slots=True)
class PrintedFiles:
    """A folder that documents are written into. No document takes another's place in one run.

    :ivar formats: of pdf, png, svg.
    :ivar language: of the words; None for each certificate's own.
    :ivar ppi: pixels an inch, of PNG.
    """

    printer: "Printer"
    folder: Path
    formats: list[str]
    language: str | None
    ppi: int
    _names: dict[str, str] = field(default_factory=dict)

    def write(self, given: TokenGiven, portrait: "Portrait | None") -> Made:
        """Everything of one token, or why there is nothing: what fails does not stop the rest."""
        from signedcert.documents import Printed  # heavy; only printing needs it

        try:
            printed = Printed.of_token(given.token, given.page, portrait)
            name = _name(printed)
            if name in self._names:
                raise CommandError(
                    f"{name} was written for {self._names[name]} in this run; print it into "
                    "another --out"
                )
            contents = self._contents(printed, name)
            mode = RECORD_MODE if printed.is_private else _MODE
            for path, content in contents.items():
                replace(path, content, mode=mode)
        except (SignedCertError, CommandError) as error:
            return Made(given.name, error=str(error))
        except OSError as error:
            return Made(given.name, error=os_error(error))
        self._names[name] = given.name
        qr = self.printer.qr_size(printed)
        return Made(given.name, printed.statement, tuple(contents), qr)

    def _contents(self, printed: "Printed", name: str) -> dict[Path, bytes]:
        contents: dict[str, bytes] = {}
        if "pdf" in self.formats:
            contents[f"{name}.pdf"] = self.printer.pdf(printed, self.language)
        if "png" in self.formats:
            pages = self.printer.png(printed, self.ppi, self.language)
            contents |= {f"{name}-page-{at}.png": page for at, page in enumerate(pages, 1)}
        if "svg" in self.formats:
            pages = self.printer.svg(printed, self.language)
            contents |= {f"{name}-page-{at}.svg": page for at, page in enumerate(pages, 1)}
        return {self.folder / each: content for each, content in contents.items()}


def _name(printed: "Printed") -> str:
    """What its files are called: a share is not what its record is."""
    statement = printed.statement
    if isinstance(statement, SharedRecord) and statement.share is not None:
        return f"{statement.code}-share-{code_from_id(statement.share.id)}"
    return statement.code
