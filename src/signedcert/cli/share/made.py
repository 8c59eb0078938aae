"""What was shared, for programs and for people; its files."""

from pathlib import Path
from typing import NamedTuple

import segno
from rich.console import Console

from signedcert import qr
from signedcert.cli.failures import CommandError, os_error
from signedcert.cli.screen import visible
from signedcert.cli.verdict_output import rfc3339
from signedcert.codec.text import secret_from_text
from signedcert.errors import EncodeError
from signedcert.model.code import code_from_id
from signedcert.workspace.atomic_files import write_new
from signedcert.workspace.ledger.recorded_share import RecordedShare
from signedcert.workspace.sharing import MadeShare
from signedcert.workspace.site.sealed import sealed_file

_MODE = 0o600


class WrittenShare(NamedTuple):
    """A share with its files.

    :ivar made: the share.
    :ivar sealed_file: where its sealed file is, or None.
    :ivar qr_file: where its QR code is, or None.
    :ivar qr_version: that of its QR code; None where it fits none.
    :ivar to_publish: whether the sealed file is published with the issuer's site.
    """

    made: MadeShare
    sealed_file: Path | None
    qr_file: Path | None
    qr_version: int | None
    to_publish: bool

    def to_json(self) -> dict[str, object]:
        """In JSON's types."""
        made = self.made
        return share_json(made.kept) | {
            "url": made.url,
            "qr_version": self.qr_version,
            "qr_file": None if self.qr_file is None else str(self.qr_file),
            "sealed_file": None if self.sealed_file is None else str(self.sealed_file),
            "sizes": {
                "token": len(made.token),
                "link": len(made.url),
                "sealed_file": None if made.sealed is None else len(made.sealed.file),
            },
        }

    def print(self, console: Console) -> None:
        """For people."""
        kept = self.made.kept
        shown = ", ".join(kept.rows) or "nothing but the course"
        console.print(f"share  {code_from_id(kept.id)}")
        console.print(visible(f"for    {kept.audience}, until {rfc3339(kept.expires_at)}"))
        console.print(visible(f"shows  {shown}"))
        console.print(visible(f"url    {self.made.url}"))
        if self.qr_file is not None:
            console.print(visible(f"wrote  {self.qr_file}"))
        if self.sealed_file is not None:
            console.print(visible(f"wrote  {self.sealed_file}"))
            if not self.to_publish:
                console.print(
                    "       Serve it as sealed/NAME.cose below the page that the link opens."
                )
        if self.to_publish:
            console.print(
                "next   signedcert publish: the link opens once the sealed file is on the site"
            )


def write_share(
    made: MadeShare, sealed_folder: Path, out: Path | None, *, to_publish: bool
) -> WrittenShare:
    """Writes the sealed file of a share, and where a folder is given its QR code.

    :param sealed_folder: a folder for the sealed file; it is made where it is missing.
    :param out: a folder for the QR code, or None.
    :raises CommandError: when they cannot be written; the share is kept, and can be reset.
    """
    sealed_at, qr_at = None, None
    code = _qr(made)
    try:
        if made.sealed is not None:
            sealed_folder.mkdir(parents=True, exist_ok=True)
            sealed_at = sealed_file(sealed_folder, made.sealed.name)
            # A web server reads it; nobody else can.
            write_new({sealed_at: made.sealed.file})
        if out is not None and code is not None:
            out.mkdir(parents=True, exist_ok=True)
            qr_at = out / f"{code_from_id(made.kept.id)}.png"
            write_new({qr_at: qr.png(code)}, mode=_MODE)
    except OSError as error:
        raise CommandError(
            f"{os_error(error)}. The share {code_from_id(made.kept.id)} was made, and nobody has "
            "its link; make another"
        ) from error
    version = None if code is None else int(code.version)
    return WrittenShare(made, sealed_at, qr_at, version, to_publish and sealed_at is not None)


def _qr(made: MadeShare) -> segno.QRCode | None:
    page, _, _ = made.url.partition("#")
    try:
        if made.sealed is not None:
            return qr.encode_sealed(page, secret_from_text(made.url))
        return qr.encode(page, made.token)
    except EncodeError:
        return None


def share_json(share: RecordedShare) -> dict[str, object]:
    """What is kept of a share, in JSON's types."""
    return {
        "share": code_from_id(share.id),
        "record": code_from_id(share.record),
        "slot": share.slot,
        "audience": share.audience,
        "rows": list(share.rows),
        "issued_at": rfc3339(share.issued_at),
        "expires_at": rfc3339(share.expires_at),
        "sealed_name": share.sealed_name,
    }
