"""``signedcert demo``: the whole job on three real courses, in one go."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from signedcert.cli.demo_by_hand import heading, print_by_hand
from signedcert.cli.demo_courses import demo_certificates
from signedcert.cli.demo_documents import DocumentStory, document_story, print_document_story
from signedcert.cli.demo_page import preview_links, print_page_story
from signedcert.cli.demo_record import (
    EXPECTED,
    RecordStory,
    print_record_story,
    record_story,
    record_verdicts,
)
from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError
from signedcert.cli.issue import issued_json
from signedcert.cli.issuing import Issued, write_issued
from signedcert.cli.network_off import network_off
from signedcert.cli.options import JsonOption, given_path
from signedcert.cli.qr_output import print_qr
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.verdict_output import print_verdict, verdict_json
from signedcert.codec.text import verify_url
from signedcert.model.issuer_document import KeyUse
from signedcert.qr.read import read
from signedcert.trust.trust import Trust
from signedcert.verify.verdict import Status, Verdict
from signedcert.verify.verify import verify_text
from signedcert.workspace.atomic_files import replace_each
from signedcert.workspace.creation import Plan, Secrets, create_workspace
from signedcert.workspace.issuing import issue_recorded
from signedcert.workspace.ledger import Ledger, StatusIndex
from signedcert.workspace.publication import own_trust, publish
from signedcert.workspace.workspace import Workspace

_ISSUER, _PAGE = "learn.example.edu", "https://learn.example.edu/c/"
#: An issuer that signed none of them.
_OTHER_ISSUER = "other.example.org"
_TRUST, _OTHER_TRUST = "trust.bundle", "other-trust.bundle"


def demo(
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", parser=given_path, help="Where to write the demo's files."
        ),
    ] = Path("build/demo"),
    as_json: JsonOption = False,
) -> None:
    """Issue three certificates, verify them offline, tamper with one, withdraw another.

    Then a course record: share its final score with an employer, tamper with it, reset the link.
    And the site of all that, with the page that checks links.

    Its issuer learn.example.edu is an example: the page does not exist, the signatures do.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    owner = _workspace(out / "workspace", _ISSUER, now)
    with owner.open_ledger(now) as ledger:
        issued = _issued(owner, ledger, out, now)
        withdrawn = issued[1].statement
        assert withdrawn.status is not None  # every statement of a workspace has a place in a list
        place = StatusIndex(withdrawn.status.list, withdrawn.status.index)
        before = own_trust(owner, _no_passphrase, now)
        ledger.revoke(place, withdrawn.id, "issued by mistake", now)
        ledger.allow_by_code([issued[0].statement.id], now)
        story = record_story(owner, ledger, out, _no_passphrase, now)
    publish(owner, out / "site", _no_passphrase, now)
    documents = document_story(issued, story, owner.page)
    after = own_trust(owner, _no_passphrase, now)
    tampered = _tampered(issued[0])
    files = {
        "links.txt": "".join(f"{each.url}\n" for each in issued).encode(),
        "tampered.txt": f"{tampered}\n".encode(),
        "shares.txt": f"{story.share.url}\n{story.anew.url}\n".encode(),
        _TRUST: after.to_bundle(),
        _OTHER_TRUST: _workspace(out / "other-workspace", _OTHER_ISSUER, now).trust().to_bundle(),
    }
    replace_each({out / name: data for name, data in files.items()})
    verdicts = _verdicts(issued, tampered, out, now, before)
    with network_off():
        of_record = record_verdicts(story, after, now)
    if as_json:
        content = _json(issued, tampered, out / _TRUST, verdicts | of_record)
        shares = {"share_url": story.share.url, "new_share_url": story.anew.url}
        links = {"site": str(out / "site"), "preview": preview_links(issued, tampered, story)}
        papers = {"pdf": str(documents.certificate), "edited_pdf": str(documents.edited)}
        print_json(content | {"record_file": str(story.token_file)} | papers | shares | links)
    else:
        _print(screen(), issued, tampered, out / _TRUST, verdicts, story, of_record, documents)
    came_out = [verdict.status for verdict in (verdicts | of_record).values()]
    if came_out != _EXPECTED + EXPECTED:
        raise CommandError("the demo did not come out as it must", ExitCode.INTERNAL)


_EXPECTED = [Status.VALID] * 4 + [Status.INVALID, Status.INVALID, Status.INDETERMINATE]


def _no_passphrase(_: Path) -> bytes:
    """In the demo's workspace private keys are in the clear: they sign for nobody but an example.

    It is never called.
    """
    return b""


def _workspace(folder: Path, issuer: str, now: datetime) -> Workspace:
    """The workspace of an earlier run, or a new one with fresh keys."""
    if (folder / "workspace.json").exists():
        owner = Workspace.open(folder)
        if owner.issuer != issuer:
            raise CommandError(f"{folder} is {owner.issuer}'s workspace, not the demo's")
        return owner
    plan = Plan(issuer=issuer, page=f"https://{issuer}/c/", now=now)
    return create_workspace(folder, plan, lambda: Secrets(None, None))


def _issued(owner: Workspace, ledger: Ledger, out: Path, now: datetime) -> list[Issued]:
    signer = owner.signer(KeyUse.STATEMENTS, now, _no_passphrase)
    issued = []
    for stem, certificate in demo_certificates(owner.issuer, now):
        signed, token = issue_recorded(ledger, certificate, signer, now)
        issued.append(write_issued(out / stem, signed, token, owner.page, replace_each))
    return issued


def _tampered(issued: Issued) -> str:
    """The link with one letter of the learner's name changed."""
    return verify_url(_PAGE, issued.token.replace(b"Jacob", b"Jakob"))


def _verdicts(
    issued: list[Issued], tampered: str, out: Path, now: datetime, before: Trust
) -> dict[str, Verdict]:
    """What verification says, by what was verified; the network is off meanwhile.

    :param before: the trust store as it was before one certificate was withdrawn.
    """
    trust = Trust.from_bundle((out / _TRUST).read_bytes())
    other = Trust.from_bundle((out / _OTHER_TRUST).read_bytes())
    with network_off():
        verdicts = {
            f"the link of {each.token_file.stem}": verify_text(each.url, before, now=now)
            for each in issued
        }
        (scanned,) = read(issued[0].qr_files[0].read_bytes())
        verdicts["the QR code, read back from its picture"] = verify_text(scanned, trust, now=now)
        verdicts["the first link with Jacob changed to Jakob"] = verify_text(
            tampered, trust, now=now
        )
        verdicts["the second link after its issuer withdrew it"] = verify_text(
            issued[1].url, trust, now=now
        )
        verdicts["the first link where its issuer is not trusted"] = verify_text(
            issued[0].url, other, now=now
        )
    return verdicts


def _print(  # noqa: PLR0917 - everything that is told
    console: Console,
    issued: list[Issued],
    tampered: str,
    trust_file: Path,
    verdicts: Mapping[str, Verdict],
    story: RecordStory,
    of_record: dict[str, Verdict],
    documents: DocumentStory,
) -> None:
    heading(console, "1. Issued, with a key of the example issuer learn.example.edu")
    for each in issued:
        learner = getattr(each.statement.learner, "name", "")
        console.print(visible(f"{each.statement.code}  {learner}: {each.statement.course.title}"))
        console.print(visible(f"  {each.url}"))
        for path in (each.token_file, *each.qr_files):
            console.print(visible(f"  {path}"))
    heading(console, "2. The first one as a QR code")
    first = issued[0]
    if first.code is not None:
        try:
            print_qr(console, first.code)
        except CommandError as error:  # the rest of the demo can be shown
            console.print(str(error))
    console.print(f"QR version {first.sizes.qr_version}, {first.sizes.packed} bytes")
    heading(console, "3. Verified with the network off: this process cannot open a socket")
    shown = list(verdicts.items())
    for name, verdict in shown[1:4]:
        console.print(Text.assemble((verdict.status.value, "bold"), f": {name}"))
    console.print()
    for name, verdict in (shown[0], *shown[4:]):
        console.print(Text(name, style="bold"))
        print_verdict(console, verdict)
        console.print()
    heading(console, "4. The course record: one row for an employer, the rest withheld")
    print_record_story(console, story, of_record)
    shown_links = preview_links(issued, tampered, story)
    print_page_story(console, trust_file.parent / "site", shown_links)
    print_document_story(console, documents)
    others = trust_file.parent / _OTHER_TRUST
    print_by_hand(console, issued, tampered, trust_file, others, story, documents)


def _json(
    issued: list[Issued], tampered: str, trust_file: Path, verdicts: Mapping[str, Verdict]
) -> dict[str, Any]:
    return {
        "trust_file": str(trust_file),
        "issued": [issued_json(each, _PAGE) for each in issued],
        "tampered_url": tampered,
        "verdicts": {name: verdict_json(verdict) for name, verdict in verdicts.items()},
    }
