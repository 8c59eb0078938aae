"""What was shared, for programs and for people; its files."""

from pathlib import Path
from typing import NamedTuple

import segno
from rich.console import Console

from signedcert import qr
from signedcert.cli.failures import CommandError, os_error
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.share.sealed_files import sealed_url_of
from signedcert.cli.verdict_output import rfc3339
from signedcert.codec.text import secret_from_text
from signedcert.errors import EncodeError
from signedcert.model.code import code_from_id
from signedcert.workspace.atomic_files import write_new
from signedcert.workspace.ledger.recorded_share import RecordedShare
from signedcert.workspace.sharing import MadeShare
from signedcert.workspace.site.paths import sealed_path
from signedcert.workspace.site.sealed import sealed_file

_MODE = 0o600


class WrittenShare(NamedTuple):
    """A share with its files.

    :ivar made: the share.
    :ivar sealed_file: where its sealed file is, or None.
    :ivar qr_file: where its QR code is, or None.
    :ivar qr_version: that of its QR code; None where it fits none.
    :ivar serve_as: under which URL the sealed file has to be served; None where the issuer's site
        does that, or there is none.
    :ivar problem: why there is no picture of the QR code, or None.
    """

    made: MadeShare
    sealed_file: Path | None
    qr_file: Path | None
    qr_version: int | None
    serve_as: str | None
    problem: str | None = None

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
            if self.serve_as is None:
                console.print(
                    "next   signedcert publish: the link opens once the sealed file is on the site"
                )
            else:
                console.print(visible(f"next   serve it as {self.serve_as}"))


def write_share(
    made: MadeShare, sealed_folder: Path, out: Path | None, *, site: str | None
) -> WrittenShare:
    """Writes the sealed file of a share, and where a folder is given its QR code.

    Where there is no room for the picture, the link is good all the same.

    :param sealed_folder: a folder for the sealed file; it is made where it is missing.
    :param out: a folder for the QR code, or None.
    :param site: below which URL sealed files in that folder are published, or None.
    :raises CommandError: when the sealed file cannot be written, without which the link is none.
    """
    sealed_at, qr_at, problem, serve_as = None, None, None, None
    if made.sealed is not None:
        sealed_at = sealed_file(sealed_folder, made.sealed.name)
        serve_as = sealed_url_of(made.url)
        if site is not None and serve_as == f"{site}{sealed_path(made.sealed.name)}":
            serve_as = None
        try:
            sealed_folder.mkdir(parents=True, exist_ok=True)
            # Encrypted, and for everybody's web server.
            write_new({sealed_at: made.sealed.file})
        except OSError as error:
            raise CommandError(
                f"{os_error(error)}. The share {code_from_id(made.kept.id)} is kept, but without "
                "its file its link opens nothing; make another"
            ) from error
    code = _qr(made)
    if out is not None and code is not None:
        qr_at = out / f"{code_from_id(made.kept.id)}.png"
        try:
            out.mkdir(parents=True, exist_ok=True)
            write_new({qr_at: qr.png(code)}, mode=_MODE)
        except OSError as error:
            qr_at, problem = None, f"{os_error(error)}. The share was made, but not its picture"
    version = None if code is None else int(code.version)
    return WrittenShare(made, sealed_at, qr_at, version, serve_as, problem)


def report(done: WrittenShare, *, as_json: bool) -> None:
    """Says what was shared.

    :raises CommandError: when something is missing, once the rest was said.
    """
    if as_json:
        print_json(done.to_json())
    else:
        done.print(screen())
    if done.problem is not None:
        raise CommandError(done.problem)


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
