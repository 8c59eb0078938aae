"""What ``signedcert verify`` does besides: a fresh PDF of what was signed, and portraits."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from signedcert.cli.document_check import Examined, GivenPhoto
from signedcert.cli.document_options import check_installed, salt_from
from signedcert.cli.exit_codes import OF_STATUS, ExitCode
from signedcert.cli.failures import CommandError, os_error
from signedcert.cli.presented import Presented
from signedcert.cli.screen import error_screen, screen, visible
from signedcert.workspace.atomic_files import replace

if TYPE_CHECKING:
    from signedcert.documents.printed import Portrait
    from signedcert.documents.reading.document import Document

#: More is never read of a photo: a portrait has less.
_PHOTO_MAX = 20_000_000
#: What is shown of a learner is the learner's: nobody else on this machine is to read it.
_MODE = 0o600


def photo_from(
    photo: Path | None, salt: str | None, document: "Document | None"
) -> GivenPhoto | None:
    """The photo that the user gave, with its salt: the one given, or the one in the document.

    :raises CommandError: when it cannot be read, or there is no salt.
    """
    if photo is None:
        if salt is not None:
            raise CommandError("--salt goes with --portrait PHOTO")
        return None
    attached = document.portraits if document is not None else ()
    salts = [each.salt for each in attached if each.salt is not None]
    if salt is None and not salts:
        raise CommandError("--portrait needs the salt too: --salt HEX, or a PDF that has it")
    try:
        with photo.open("rb") as file:
            content = file.read(_PHOTO_MAX)
    except OSError as error:
        raise CommandError(os_error(error), ExitCode.NOTHING_READ) from error
    return GivenPhoto(content, salts[0] if salt is None else salt_from(salt))


def render(presented: Presented | None, examined: Examined, out: Path) -> None:
    """Writes what was signed as a fresh PDF.

    :raises CommandError: when nothing was verified that could be printed.
    :raises DocumentError: when it cannot be set, as where a font is missing.
    :raises OSError: when it cannot be written.
    """
    verdict = examined.verdict
    if presented is None or verdict is None or verdict.statement is None:
        raise CommandError(
            "--render: nothing was written, for nobody that you trust vouches for what it says",
            _code_of(examined),
        )
    check_installed()
    # Here, because Typst takes a while to load.
    from signedcert.documents.printed import Printed
    from signedcert.documents.printer import Printer

    page = _page(presented, verdict.statement.issuer)
    printed = Printed.of_token(presented.frame().to_bytes(), page, _portrait(examined))
    with Printer() as printer:
        content = printer.pdf(printed)
    _write(out, content)
    error_screen().print(
        visible(
            f"wrote {out}: what was signed, whatever the verdict. Hold it beside what you were "
            "shown."
        )
    )


def check_outputs(inputs: list[str], outputs: list[Path | None]) -> None:
    """Sees that nothing that is examined would be written over.

    :raises CommandError: when it would.
    """
    for out in outputs:
        for given in inputs:
            if out is not None and out.exists() and Path(given).exists() and out.samefile(given):
                raise CommandError(f"{out} is what is to be checked: name another file")


def _write(out: Path, content: bytes) -> None:
    if out.is_symlink():
        raise CommandError(f"{out} is a symbolic link: name the file itself")
    replace(out, content, mode=_MODE)


def render_hint(examined: Examined, argument: str) -> None:
    """Says how to get what was signed, to be held beside a document."""
    verdict = examined.verdict
    if examined.document is not None and verdict is not None and verdict.statement is not None:
        name = "INPUT" if argument == "-" else argument
        screen().print(
            visible(
                "Compare it with the certificate as it was signed: "
                f"signedcert verify {shlex.quote(name)} --render OUT.pdf"
            )
        )


def save_portrait(examined: Examined, out: Path) -> None:
    """Writes the photo that is attached to a document, where it is the one that was signed.

    :raises CommandError: when there is none, or it is another.
    :raises OSError: when it cannot be written.
    """
    portrait = _portrait(examined)
    if portrait is None:
        raise CommandError(
            "--save-portrait: nothing was written; no attached photo is the portrait that was "
            "signed",
            _code_of(examined),
        )
    _write(out, portrait.photo)
    error_screen().print(visible(f"wrote {out}: the portrait that was signed"))


def _portrait(examined: Examined) -> "Portrait | None":
    """The attached portrait that was signed."""
    verdict, document = examined.verdict, examined.document
    if verdict is None or verdict.statement is None or document is None:
        return None
    from signedcert.documents.portrait import PortraitMatch, portrait_match
    from signedcert.documents.printed import Portrait

    for each in document.portraits:
        if (
            each.salt is not None
            and portrait_match(verdict.statement, each.photo, each.salt) is PortraitMatch.SIGNED
        ):
            return Portrait(each.photo, each.salt)
    return None


def _page(presented: Presented, issuer: str) -> str:
    """The verify page for the fresh PDF: where the link leads, if that is the issuer's own host."""
    link = presented.content if isinstance(presented.content, str) else ""
    pages = [link.strip().partition("#")[0]]
    if presented.document is not None:
        pages += [each.page for each in presented.document.carried if each.page is not None]
    for page in pages:
        if page.startswith(f"https://{issuer.partition('/')[0]}/"):
            return page
    return f"https://{issuer}/c/"


def _code_of(examined: Examined) -> ExitCode:
    """The code for what could not be done."""
    code = OF_STATUS[examined.status]
    return ExitCode.USAGE if code is ExitCode.DONE else code
