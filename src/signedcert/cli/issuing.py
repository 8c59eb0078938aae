"""Signing a statement and writing its files: token, QR code as PNG and as SVG."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import segno

from signedcert import qr
from signedcert.codec.text import verify_url
from signedcert.crypto.signer import Signer
from signedcert.errors import EncodeError
from signedcert.issue import issue
from signedcert.model.certificate import Certificate
from signedcert.model.course_record import CourseRecord
from signedcert.qr.size_report import Sizes, measure

#: Writes several files: all or none.
Write = Callable[[Mapping[Path, bytes]], None]


@dataclass(frozen=True, slots=True)
class Issued:
    """What was made of a statement.

    :ivar code: the QR code, or None where none is large enough.
    :ivar qr_files: PNG and SVG, where there is a code.
    """

    statement: Certificate | CourseRecord
    token: bytes
    url: str
    code: segno.QRCode | None
    sizes: Sizes
    token_file: Path
    qr_files: tuple[Path, ...]


def issue_into(
    place: Path,
    statement: Certificate | CourseRecord,
    signer: Signer,
    page: str,
    write: Write,
) -> Issued:
    """Signs, and writes ``PLACE.cose``, ``PLACE.png`` and ``PLACE.svg``.

    :param place: an existing folder, and the name of the files without its ending.
    :param page: the verify page that link and QR code open.
    :raises EncodeError: when the statement is too large for a token.
    :raises SignerError: when the signature does not verify.
    :raises OSError: from ``write``.
    """
    token = issue(statement, signer)
    files = {Path(f"{place}.cose"): token}
    code = None
    try:
        code = qr.encode(page, token)
    except EncodeError:
        pass
    else:
        files |= {Path(f"{place}.png"): qr.png(code), Path(f"{place}.svg"): qr.svg(code)}
    sizes = measure(page, token)
    write(files)
    token_file, *qr_files = files
    return Issued(
        statement, token, verify_url(page, token), code, sizes, token_file, tuple(qr_files)
    )
