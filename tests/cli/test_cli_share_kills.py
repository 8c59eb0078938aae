"""share create and share reset killed at each of their writes: no place twice, nothing by halves.

The kills happen in a process of its own (this file, run as a script), which forks: that is only
safe where no other threads are.
"""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from record_issuer import AUDIENCE, RECORD, RecordIssuer, reasons
from typer.main import get_command

from signedcert.cli.app import app
from signedcert.workspace.own_shares import read_own_shares
from signedcert.workspace.workspace import Workspace

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills what it forked")

#: Made once: to make them anew for each command takes longer than most of them run.
_COMMANDS = get_command(app)
#: More than any of the commands writes.
WRITES_MAX = 60
_WRITING = os.O_WRONLY | os.O_RDWR
_CHANGES = ("os.link", "os.rename", "os.remove", "os.mkdir")
SHARE = ("--audience", AUDIENCE, "--preset", "everything", "--sealed")


def run(*arguments: object) -> Any:
    """What a command prints with ``--json``; it must succeed."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        code = _COMMANDS([str(each) for each in (*arguments, "--json")], standalone_mode=False)
    assert not code, arguments
    return json.loads(printed.getvalue())


def killed_before(write: int, *command: object) -> bool:
    """Runs a command in a fork that is killed before its so-manieth write; whether it was."""
    if (pid := os.fork()) == 0:
        left = write

        def count(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal left
            opened = event == "open" and isinstance(arguments[0], str) and arguments[2] & _WRITING
            if event in _CHANGES or opened:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        code = 99
        try:
            sys.addaudithook(count)
            run(*command)
            code = 0
        finally:  # the copy must not do its parent's work
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0, command
    return False


class Killing:
    """Does each command on a record of its own, as often as it has writes to be killed before."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "out"
        self.where = ("--workspace", folder / "workspace")
        self.input = folder / "record.json"
        self.input.write_text(json.dumps(RECORD))

    def go(self) -> dict[str, list[Any]]:
        create = ("share", "create")
        run("share", "key", "--out", self.folder / "mine.pem", "--no-passphrase")
        return {
            "create": self.each(
                lambda code, _: (*create, code, *SHARE, "--out", self.out, *self.where)
            ),
            "reset": self.each(
                lambda _, share: ("share", "reset", share["share"], *self.where), shared=True
            ),
            "all": self.each(
                lambda code, _: ("share", "reset", "--all", code, "--out", self.out, *self.where),
                shared=True,
            ),
            "alone": self.each(
                lambda code, _: (*create, self.out / f"{code}.cose", *SHARE, "--out",
                                 self.folder / "alone", "--key", self.folder / "mine.pem"),
                "--holder-key", self.folder / "mine.pem.pub",
            ),
        }  # fmt: skip

    def each(
        self,
        command: Callable[[str, Any], tuple[object, ...]],
        *options: object,
        shared: bool = False,
    ) -> list[Any]:
        done = []
        for write in range(1, WRITES_MAX):
            issue = ("issue", self.input, "--record", "--out", self.out, *options, *self.where)
            code = run(*issue)["code"]
            before = run("share", "create", code, *SHARE, *self.where) if shared else None
            killed = killed_before(write, *command(code, before))
            done.append({"record": code, "before": before})
            if not killed:
                return done
        raise AssertionError("it writes without end")


@pytest.fixture(scope="module")
def killed(run: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[RecordIssuer, Any]:
    """The issuer after the kills, and what was begun."""
    folder = tmp_path_factory.mktemp("kills")
    school = RecordIssuer(run, folder)
    done = subprocess.run(
        [sys.executable, __file__, str(folder)], check=False, capture_output=True, text=True
    )
    said = [line for line in done.stderr.splitlines() if "begins status list" not in line]
    assert (done.returncode, said) == (0, [])
    school.publish_and_fetch()
    return school, json.loads(done.stdout)


def test_each_command_was_killed_at_several_writes(killed):
    _, begun = killed
    for name, at_least in {"create": 5, "reset": 5, "all": 6, "alone": 5}.items():
        assert len(begun[name]) > at_least, name


def test_no_place_has_two_shares_and_no_kill_looks_like_a_backup(killed):
    school, _ = killed
    with Workspace.open(school.workspace).open_ledger(datetime.now(UTC)) as ledger:
        assert not ledger.restored_at_open
        assert ledger.restores() == []
        places = [each.reference for each in ledger.shares()]
    assert None not in places
    assert len({*places}) == len(places) > 10


def test_nothing_is_half_written(killed):
    school, _ = killed
    pictures = [*school.out.glob("[!.]*.png"), *(school.folder / "alone").glob("[!.]*.png")]
    assert pictures
    for path in pictures:
        assert path.read_bytes().endswith(b"IEND\xaeB`\x82")
    sealed = [*school.sealed.glob("[!.]*"), *(school.folder / "alone").glob("[!.]*.cose")]
    # One size is another's half.
    assert len({len(path.read_bytes()) for path in sealed}) == 1
    # A link whose picture is out is known.
    known = {each["share"] for each in school.shares()}
    assert {path.stem for path in school.out.glob("[!.]*.png")} <= known


def test_what_was_begun_can_be_done_again(killed):
    school, begun = killed
    for each in (begun["create"][0], begun["create"][-1], *begun["create"][3:6]):
        slots = [share["slot"] for share in school.shares(each["record"])]
        made = school.share(each["record"], "--preset", "everything")
        assert made["slot"] not in slots
        assert school.opened(made["url"])["status"] == "VALID"


def test_a_share_is_reset_or_it_is_not(killed):
    school, begun = killed
    for each in begun["reset"]:
        old = each["before"]
        of_record = {share["share"]: share for share in school.shares(each["record"])}
        kept = of_record.pop(old["share"])
        # One transaction of the ledger comes before any file: it ends the old one and keeps the new
        # one. (Kills within it are those of test_ledger_kills.)
        assert kept["state"] == "reset"
        (new,) = of_record.values()
        assert kept["replaced_by"] == new["share"]
        # Nobody may have its link, and it may have no file: it can be reset in turn.
        if not (school.sealed / f"{new['sealed_name']}.cose").exists():
            new = school.do("share", "reset", new["share"])["new"]
        assert (school.sealed / f"{new['sealed_name']}.cose").exists()
    school.publish()
    left = {path.stem for path in (school.site / "r" / "sealed").iterdir()}
    assert not left & {each["before"]["sealed_name"] for each in begun["reset"]}


def test_a_record_is_issued_anew_or_it_is_not(killed):
    school, begun = killed
    states = []
    for each in begun["all"]:
        code, old = each["record"], each["before"]
        (state,) = {share["state"] for share in school.shares(code)}
        states.append(state)
        # Either way its share key is there.
        made = school.share(code, "--preset", "final-score")
        (again,) = school.do("reissue", code, "--out", school.folder / "again")
        school.share(again["token_file"], "--preset", "final-score")
        each["made"] = made
        assert old["share"] != made["share"]
    assert (states[0], states[-1]) == ("active", "reset")
    school.publish_and_fetch()
    for each in begun["all"]:
        assert school.opened(each["made"]["url"])["status"] == "VALID"


def test_the_learners_list_has_every_link_that_is_out(killed):
    school, begun = killed
    out = {path.stem for path in (school.folder / "alone").glob("[!.]*.cose")}
    listed = set()
    for each in begun["alone"]:
        file = school.out / f"{each['record']}.cose"
        kept = read_own_shares(file)
        listed |= {share.sealed_name for share in kept}
        made = school.share_alone(
            file, "--preset", "everything", "--key", school.folder / "mine.pem"
        )
        assert made["slot"] not in [share.slot for share in kept]
        assert school.opened(made["url"])["status"] == "VALID"
    assert out
    assert out <= listed


def test_no_record_was_lost(killed):
    school, begun = killed
    for each in (*begun["create"], *begun["alone"]):
        verdict = school.opened(school.out / f"{each['record']}.cose")
        assert reasons(verdict) == {"HOLDER": "not_presented"}


if __name__ == "__main__":
    # A killed process loses nothing that it wrote, flushed or not, and flushing takes long.
    os.fsync = lambda _: None
    sys.stdout.write(json.dumps(Killing(Path(sys.argv[1])).go()))
