"""``signedcert share open``: checks a share, and shows the record with what is withheld."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from signedcert.cli.document_check import Examined, examined
from signedcert.cli.document_output import examined_json, print_examined
from signedcert.cli.exit_codes import OF_STATUS, ExitCode, worst
from signedcert.cli.failures import CommandError
from signedcert.cli.options import (
    InputArgument,
    JsonOption,
    NowOption,
    StalenessOption,
    given_path,
    moment,
    policy_of,
)
from signedcert.cli.presented import Presented, present
from signedcert.cli.screen import print_json, screen
from signedcert.cli.share.sealed_files import is_sealed_link, sealed_file_of
from signedcert.cli.trust.store import own_store
from signedcert.cli.trust_files import OperatorOption, trust_from
from signedcert.cli.verdict_output import finding_json, verdict_json
from signedcert.model.certificate import Certificate
from signedcert.share.shared_record import SharedRecord
from signedcert.verify.record_link import record_link
from signedcert.verify.verdict import Finding, Outcome, Verdict

WhoOption = Annotated[
    str | None,
    typer.Option("--audience", metavar="NAME", help="Who you are, as the share should name you."),
]
_OF_OUTCOME = {Outcome.PASSED: ExitCode.DONE, Outcome.FAILED: ExitCode.INVALID}


def open_share(
    *,
    given: InputArgument,
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            "--trust",
            metavar="FILE",
            help="Whom to trust: a bundle, or an issuer's JWK Set. Repeatable. Else your trust "
            "store.",
        ),
    ] = None,
    operator: OperatorOption = None,
    audience: WhoOption = None,
    sealed: Annotated[
        Path | None,
        typer.Option(
            "--sealed",
            metavar="PATH",
            parser=given_path,
            help="The sealed file, or a folder that has it; else it is fetched from where the link "
            "leads.",
        ),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Fetch nothing.")] = False,
    allow_loopback: Annotated[
        bool, typer.Option("--allow-loopback", help="Fetch from this machine too: for tests.")
    ] = False,
    certificate: Annotated[
        str | None,
        typer.Option(
            "--certificate",
            metavar="INPUT",
            help="A certificate: say whether it names this course record.",
        ),
    ] = None,
    now: NowOption = None,
    max_staleness: StalenessOption = "0s",
    as_json: JsonOption = False,
) -> None:
    """Check a share against the issuer's published keys, and show what the learner chose to show.

    Exit codes: 0 valid, 1 invalid, 2 wrong usage, 3 undecided, 4 nothing could be read. Nothing is
    fetched but the file of a sealed share.
    """
    at = moment(now)
    policy = policy_of(max_staleness, audience)
    known = trust_from(trust or [own_store()], None, operator)
    presented = present(given)
    file = None
    if is_sealed_link(presented.content):
        assert isinstance(presented.content, str)
        file = sealed_file_of(
            presented.content, sealed, offline=offline, allow_loopback=allow_loopback
        )
    verdict = presented.verdict(known, at, policy, file)
    if certificate is not None and isinstance(verdict.statement, Certificate):
        raise CommandError(f"{presented.name}: this is a certificate; name it with --certificate")
    found = examined(verdict, presented.document, None)
    codes = [OF_STATUS[found.status]]
    more: tuple[Finding, ...] = ()
    if certificate is not None:
        other = present(certificate)
        beside = other.verdict(known, at, policy)
        if isinstance(beside.statement, SharedRecord):
            raise CommandError(f"--certificate: {other.name} is a course record, no certificate")
        more = (record_link(beside, verdict),)
        codes += [
            OF_STATUS[beside.status],
            _OF_OUTCOME.get(more[0].outcome, ExitCode.INDETERMINATE),
        ]
        _report(presented, found, at, more, (other, beside), as_json=as_json)
    else:
        _report(presented, found, at, more, None, as_json=as_json)
    raise typer.Exit(worst(codes))


def _report(
    presented: Presented,
    found: Examined,
    now: datetime,
    more: tuple[Finding, ...],
    certificate: tuple[Presented, Verdict] | None,
    *,
    as_json: bool,
) -> None:
    if as_json:
        content: dict[str, Any] = examined_json(found)
        if certificate is not None:
            content["certificate"] = verdict_json(certificate[1])
            content["record_link"] = finding_json(more[0])
        print_json(content)
    else:
        print_examined(screen(), found, now, more)
        if certificate is not None:
            screen().print()
            screen().print(f"The certificate by itself is {certificate[1].status.value}.")
    if OF_STATUS[found.status] is ExitCode.INVALID:
        presented.print_note()
