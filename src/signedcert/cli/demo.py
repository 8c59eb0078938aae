"""``signedcert demo``: the whole job on three real courses, in one go."""

import shlex
import shutil
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from signedcert.cli.demo_courses import demo_certificates
from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError
from signedcert.cli.issue import issued_json
from signedcert.cli.issuing import Issued, issue_into
from signedcert.cli.network_off import network_off
from signedcert.cli.options import JsonOption
from signedcert.cli.qr_output import print_qr
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.verdict_output import print_verdict, verdict_json
from signedcert.codec.text import verify_url
from signedcert.qr.read import read
from signedcert.signers.software import SoftwareSigner
from signedcert.trust.trust import Trust
from signedcert.verify.verdict import Status, Verdict
from signedcert.verify.verify import verify_text
from signedcert.workspace.atomic_files import replace
from signedcert.workspace.key_set import KEY_PERIOD, jwk, jwk_set
from signedcert.workspace.workspace import Workspace, create_workspace

_ISSUER, _PAGE = "learn.example.edu", "https://learn.example.edu/c/"
#: An issuer that signed none of them.
_OTHER_ISSUER = "other.example.org"
_TRUST, _OTHER_TRUST = "trust.json", "other-trust.json"


def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where to write the demo's files.")
    ] = Path("build/demo"),
    as_json: JsonOption = False,
) -> None:
    """Issue three certificates, verify them offline, tamper with one.

    Its issuer learn.example.edu is an example: the page does not exist, the signatures do.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    owner = _workspace(out / "workspace", now)
    # In the workspace the private key is in the clear: it signs for nobody but an example.
    signer = owner.signer(now, lambda _: b"")
    issued = [
        issue_into(out / stem, certificate, signer, owner.page, _replace_each)
        for stem, certificate in demo_certificates(owner.issuer, now)
    ]
    trust_file = out / _TRUST
    replace(trust_file, owner.jwks_file.read_bytes())
    tampered = _tampered(issued[0])
    replace(out / "links.txt", "".join(f"{each.url}\n" for each in issued).encode())
    replace(out / "tampered.txt", f"{tampered}\n".encode())
    stranger = jwk(SoftwareSigner.generate().public_key, now, KEY_PERIOD)
    replace(out / _OTHER_TRUST, jwk_set(_OTHER_ISSUER, [stranger], now))
    verdicts = _verdicts(issued, tampered, out, now)
    if as_json:
        print_json(_json(issued, tampered, trust_file, verdicts))
    else:
        _print(screen(), issued, tampered, trust_file, verdicts)
    if [verdict.status for verdict in verdicts.values()] != _EXPECTED:
        raise CommandError("the demo did not come out as it must", ExitCode.INTERNAL)


_EXPECTED = [Status.VALID] * 4 + [Status.INVALID, Status.INDETERMINATE]


def _workspace(folder: Path, now: datetime) -> Workspace:
    """The workspace of an earlier run, or a new one with a fresh key."""
    if (folder / "workspace.json").exists():
        owner = Workspace.open(folder)
        if owner.issuer != _ISSUER:
            raise CommandError(f"{folder} is {owner.issuer}'s workspace, not the demo's")
        return owner
    return create_workspace(folder, _ISSUER, _PAGE, lambda: None, now=now)


def _replace_each(files: Mapping[Path, bytes]) -> None:
    for path, data in files.items():
        replace(path, data)


def _tampered(issued: Issued) -> str:
    """The link with one letter of the learner's name changed."""
    return verify_url(_PAGE, issued.token.replace(b"Jacob", b"Jakob"))


def _verdicts(issued: list[Issued], tampered: str, out: Path, now: datetime) -> dict[str, Verdict]:
    """What verification says, by what was verified; the network is off meanwhile."""
    trust = Trust.from_jwks(_ISSUER, (out / _TRUST).read_bytes())
    other = Trust.from_jwks(_OTHER_ISSUER, (out / _OTHER_TRUST).read_bytes())
    with network_off():
        verdicts = {
            f"the link of {each.token_file.stem}": verify_text(each.url, trust, now=now)
            for each in issued
        }
        (scanned,) = read(issued[0].qr_files[0].read_bytes())
        verdicts["the QR code, read back from its picture"] = verify_text(scanned, trust, now=now)
        verdicts["the first link with Jacob changed to Jakob"] = verify_text(
            tampered, trust, now=now
        )
        verdicts["the first link where its issuer is not trusted"] = verify_text(
            issued[0].url, other, now=now
        )
    return verdicts


def _print(
    console: Console,
    issued: list[Issued],
    tampered: str,
    trust_file: Path,
    verdicts: Mapping[str, Verdict],
) -> None:
    _heading(console, "1. Issued, with a key of the example issuer learn.example.edu")
    for each in issued:
        learner = getattr(each.statement.learner, "name", "")
        console.print(visible(f"{each.statement.code}  {learner}: {each.statement.course.title}"))
        console.print(visible(f"  {each.url}"))
        for path in (each.token_file, *each.qr_files):
            console.print(visible(f"  {path}"))
    _heading(console, "2. The first one as a QR code")
    first = issued[0]
    if first.code is not None:
        try:
            print_qr(console, first.code)
        except CommandError as error:  # the rest of the demo can be shown
            console.print(str(error))
    console.print(f"QR version {first.sizes.qr_version}, {first.sizes.packed} bytes")
    _heading(console, "3. Verified with the network off: this process cannot open a socket")
    shown = list(verdicts.items())
    for name, verdict in shown[1:4]:
        console.print(Text.assemble((verdict.status.value, "bold"), f": {name}"))
    console.print()
    for name, verdict in (shown[0], *shown[4:]):
        console.print(Text(name, style="bold"))
        print_verdict(console, verdict)
        console.print()
    _heading(console, "4. The same by hand")
    if shutil.which("signedcert") is None:
        folder = shlex.quote(str(Path(sys.executable).parent))
        console.print(visible(f"export PATH={folder}:$PATH"))
    trust, out = shlex.quote(str(trust_file)), trust_file.parent
    picture = shlex.quote(str(first.qr_files[0]))
    for comment, command in (
        ("valid, exit code 0", f"signedcert verify '{first.url}' --trust {trust}"),
        ("from the picture", f"signedcert verify {picture} --trust {trust}"),
        ("invalid, exit code 1", f"signedcert verify '{tampered}' --trust {trust}"),
        (
            "undecided, exit code 3",
            f"signedcert verify {picture} --trust {shlex.quote(str(out / _OTHER_TRUST))}",
        ),
        (
            "what is in it, unverified",
            f"signedcert inspect {shlex.quote(str(out / 'tampered.txt'))}",
        ),
    ):
        console.print(Text(f"# {comment}", style="dim"))
        console.print(visible(command))


def _heading(console: Console, words: str) -> None:
    console.print()
    console.print(Text(words, style="bold underline"))
    console.print()


def _json(
    issued: list[Issued], tampered: str, trust_file: Path, verdicts: Mapping[str, Verdict]
) -> dict[str, Any]:
    return {
        "trust_file": str(trust_file),
        "issued": [issued_json(each, _PAGE) for each in issued],
        "tampered_url": tampered,
        "verdicts": {name: verdict_json(verdict) for name, verdict in verdicts.items()},
    }
