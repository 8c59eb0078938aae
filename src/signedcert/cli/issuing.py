"""Signing a statement and writing its files: token, QR code as PNG and as SVG."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import segno

from signedcert import qr
from signedcert.cli.failures import CommandError, os_error
from signedcert.codec.text import verify_url
from signedcert.crypto.signer import Signer
from signedcert.errors import EncodeError
from signedcert.model.certificate import Certificate
from signedcert.model.code import code_from_id
from signedcert.qr.size_report import Sizes, measure
from signedcert.workspace.atomic_files import write_new
from signedcert.workspace.issuing import issue_recorded
from signedcert.workspace.ledger import DuplicateIdError, Ledger

#: Writes several files: all or none.
Write = Callable[[Mapping[Path, bytes]], None]


@dataclass(frozen=True, slots=True)
class Issued:
    """What was made of a statement.

    :ivar code: the QR code, or None where none is large enough.
    :ivar qr_files: PNG and SVG, where there is a code.
    """

    statement: Certificate
    token: bytes
    url: str
    code: segno.QRCode | None
    sizes: Sizes
    token_file: Path
    qr_files: tuple[Path, ...]


def issue_into(  # noqa: PLR0917 - what is issued, by whom, where
    folder: Path,
    statement: Certificate,
    signer: Signer,
    page: str,
    ledger: Ledger,
    now: datetime,
    *,
    status: bool = True,
    by_code: bool = False,
    then: Callable[[], object] = lambda: None,
) -> Issued:
    """Signs, keeps the token in the ledger, and writes ``CODE.cose``, ``.png`` and ``.svg``.

    :param folder: an existing folder.
    :param page: the verify page that link and QR code open.
    :param status: whether it can be withdrawn later.
    :param by_code: whether its learner agreed that it may be opened by its code.
    :param then: called once the token is in the ledger, before its files are written.
    :raises CommandError: when its id was issued before, or one of the files exists.
    :raises EncodeError: when the statement is too large for a token.
    :raises SignerError: when the signature does not verify.
    :raises LedgerError: when the ledger cannot be written.
    """
    place = folder / statement.code
    if (token_file := Path(f"{place}.cose")).exists():
        raise CommandError(f"{token_file} exists; nothing was signed")
    try:
        signed, token = issue_recorded(ledger, statement, signer, now, withdrawable=status)
    except DuplicateIdError as error:
        raise CommandError(
            f"{code_from_id(error.id)} was issued already; nothing was signed"
        ) from error
    then()
    if by_code:
        ledger.allow_by_code([signed.id], now)
    return write_issued(place, signed, token, page, write_new)


def write_issued(
    place: Path, statement: Certificate, token: bytes, page: str, write: Write
) -> Issued:
    """Writes the files of a signed statement.

    :param place: an existing folder, and the name of the files without its ending.
    :raises CommandError: when they cannot be written. The token stays in the ledger.
    """
    files = {Path(f"{place}.cose"): token}
    code = None
    try:
        code = qr.encode(page, token)
    except EncodeError:
        pass
    else:
        files |= {Path(f"{place}.png"): qr.png(code), Path(f"{place}.svg"): qr.svg(code)}
    sizes = measure(page, token)
    try:
        write(files)
    except OSError as error:
        raise CommandError(
            f"{os_error(error)}. {statement.code} is signed and in the ledger; write its files "
            f"elsewhere with: signedcert reissue {statement.code} --out DIR"
        ) from error
    token_file, *qr_files = files
    return Issued(
        statement, token, verify_url(page, token), code, sizes, token_file, tuple(qr_files)
    )
