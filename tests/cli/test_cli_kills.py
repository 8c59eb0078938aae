"""Commands killed at random moments: no index twice, no listed key lost, no half-written file.

The kills happen in a process of its own (this file, run as a script), which forks: that is only
safe where no other threads are.
"""

import contextlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image
from typer.main import get_command

import signedcert as sc
from signedcert.cli.app import app
from signedcert.codec.frames import parse_frame
from signedcert.codec.lift import lift
from signedcert.model.issuer_document import KeyUse
from signedcert.model.kinds import MODELS
from signedcert.workspace.key_store import open_key, place_of
from signedcert.workspace.ledger import StatusIndex, StatusValue
from signedcert.workspace.publication import own_trust
from signedcert.workspace.site.manifest import read_manifest
from signedcert.workspace.site.paths import ISSUER_FILE
from signedcert.workspace.workspace import Workspace, keys_in_order, public_key_of

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills what it forked")

#: Made once: to make them anew for each command takes longer than most of them run.
_COMMANDS = get_command(app)
#: Few on a machine that is busy with other things.
KILLS, KILLS_MIN, SECONDS = 300, 120, 18
#: Little, so that much of the time it takes is spent on the ledger and on files.
CERTIFICATE = {
    "learner": {"name": "A"},
    "course": {"title": "T", "institution": "I"},
    "completed_on": "2026-11-02",
}
ISSUER = "learn.example.edu"
#: Small, so that lists fill up under the kills.
LIST_SIZE = 16
#: What two processes at once may tell each other; everything else is a fault.
_BUSY = "another p"
#: What whoever begins a list is told.
_NEW_LIST = "begins status list"


class Child(NamedTuple):
    """A forked process that runs one command."""

    pid: int
    command: tuple[str, ...]
    errors: Path


def never(_: Path) -> bytes:
    raise AssertionError("a key in the clear needs no passphrase")


def run(*arguments: object) -> int:
    """Runs a command in this process, and returns its exit code."""
    with contextlib.redirect_stdout(io.StringIO()):
        code = _COMMANDS([str(each) for each in arguments], standalone_mode=False)
    return int(code or 0)


class Killing:
    """Forks commands on one workspace and kills them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspace, self.site, self.out = folder / "w", folder / "site", folder / "out"
        self.input = folder / "certificate.json"
        self.input.write_text(json.dumps(CERTIFICATE))
        self.chance = random.Random(3)
        self.kills: dict[str, int] = {}
        self.done: dict[str, list[str]] = {}
        #: How long each takes, about, in seconds.
        self.times: dict[str, float] = {}
        self.root: bytes | None = None

    def command(self, name: str) -> tuple[str, ...]:
        more = {
            "issue": (str(self.input), "--out", str(self.out)),
            "revoke": (self.chance.choice(self.codes() or [""]), "--reason", "it was killed"),
            "rotate": ("--no-passphrase",),
            "publish": ("--out", str(self.site)),
        }[name]
        return (name, *more, "--workspace", str(self.workspace), "--json")

    def codes(self) -> list[str]:
        """The codes of what was issued and not revoked, as the files say."""
        revoked = {*self.done.get("revoke", ())}
        names = (path.stem for path in self.out.glob("[!.]*.cose"))
        return sorted({*names} - revoked)

    def start(self, name: str) -> Child:
        command = self.command(name)
        errors = self.folder / "errors"
        errors.mkdir(exist_ok=True)
        file = errors / f"{time.monotonic_ns()}"
        if (pid := os.fork()) == 0:
            code = 99
            try:
                descriptor = os.open(file, os.O_WRONLY | os.O_CREAT)
                os.dup2(descriptor, 2)
                code = run(*command)
            except BaseException as error:  # noqa: BLE001 - the copy must not do its parent's work
                os.write(2, repr(error).encode())
            os._exit(code)
        return Child(pid, command, file)

    def end(self, child: Child, *, kill: bool) -> None:
        """Kills it, unless it has come to its end; notes which."""
        if kill:
            os.kill(child.pid, signal.SIGKILL)
        _, status = os.waitpid(child.pid, 0)
        name = child.command[0]
        if os.WIFSIGNALED(status):
            self.kills[name] = self.kills.get(name, 0) + 1
            return
        code, errors = os.waitstatus_to_exitcode(status), child.errors.read_text()
        if code == 0 and (not errors or _NEW_LIST in errors):
            self.done.setdefault(name, []).append(child.command[1])
        # A revocation that was killed may have been done; then it is final.
        elif not (_BUSY in errors or "that is final" in errors):
            raise AssertionError(f"{child.command}: exit code {code}: {errors}")

    def check_site(self) -> None:
        """A verifier who comes by now finds a whole site."""
        document = (self.site / ISSUER_FILE).read_bytes()
        trust = sc.Trust.empty().with_issuer_document(document, self.root)
        files = read_manifest(self.site)
        assert {
            path.relative_to(self.site).as_posix()
            for path in self.site.rglob("*")
            if path.is_file()
        } == files
        for path in files:
            if path.endswith(".cwt"):
                trust = trust.with_status_list((self.site / path).read_bytes())
        assert trust.problems() == ()

    def go(self) -> dict[str, Any]:
        common = ("--workspace", self.workspace, "--json")
        options = ("--no-passphrase", "--status-list-size", LIST_SIZE)
        assert run("init", "--issuer", ISSUER, *options, *common) == 0
        self.root = Workspace.open(self.workspace).settings.first_root
        names = ("issue", "revoke", "rotate", "publish")
        assert run(*self.command("issue")) == 0
        for name in names:
            for _ in range(2):
                begin = time.monotonic()
                self.end(self.start(name), kill=False)
                taken = time.monotonic() - begin
                self.times[name] = min(taken, self.times.get(name, taken))
        begin = time.monotonic()
        while (kills := sum(self.kills.values())) < KILLS:
            if kills >= KILLS_MIN and time.monotonic() - begin > SECONDS:
                break
            weights = (4, 2 * bool(self.codes()), 1, 2)
            chosen = self.chance.choices(names, weights, k=self.chance.choice((1, 2, 2)))
            children = [self.start(name) for name in chosen]
            for child in children:
                time.sleep(self.chance.uniform(0, 1.2 * self.times[child.command[0]]))
                self.end(child, kill=True)
            self.check_site()
        return {"kills": self.kills, "done": self.done}


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder after the kills, and what was reported of them."""
    folder = tmp_path_factory.mktemp("kills")
    temporary = folder / "tmp"
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, __file__, str(folder)],
        check=False, capture_output=True, text=True,
        # What is killed cannot tidy up after itself.
        env=os.environ | {"TMPDIR": str(temporary)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return folder, json.loads(done.stdout)


def tokens_in(folder: Path) -> dict[bytes, StatusIndex]:
    """The tokens in an output folder, with their places."""
    return {path.read_bytes(): place(path.read_bytes()) for path in folder.glob("[!.]*.cose")}


def place(token: bytes) -> StatusIndex:
    frame = parse_frame(token)
    statement = lift(frame.payload, MODELS[frame.media_type])
    assert statement.status is not None
    return StatusIndex(statement.status.list, statement.status.index)


def test_every_command_was_killed_and_got_through(killed):
    _, report = killed
    for name in ("issue", "revoke", "rotate", "publish"):
        assert report["kills"][name] >= 5
        assert len(report["done"][name]) >= 2


def test_no_index_has_two_tokens_and_no_token_is_lost(killed):
    folder, _ = killed
    now = datetime.now(UTC)
    written = tokens_in(folder / "out")
    with Workspace.open(folder / "w").open_ledger(now) as ledger:
        assert not ledger.restored_at_open, "a kill was taken for a restored backup"
        assert ledger.restores() == []
        kept = {each.token: each.reference for each in ledger.tokens()}
        handed_out = sum(each.allocated for each in ledger.lists())
        assert len(ledger.lists()) > 2
    assert None not in kept
    for token, where in kept.items():
        assert place(token) == where
    assert len(written) > 10
    assert written.keys() <= kept.keys()
    assert len({*kept.values()}) == len(kept) <= handed_out


def test_what_was_revoked_is_revoked(killed):
    folder, report = killed
    codes = {*report["done"]["revoke"]}
    with Workspace.open(folder / "w").open_ledger(datetime.now(UTC)) as ledger:
        for each in ledger.tokens():
            (status,) = {ledger.status(each.reference).value}
            code = lift(parse_frame(each.token).payload, sc.Certificate).code
            if code in codes:
                assert status is StatusValue.REVOKED
                codes.remove(code)
    assert not codes


def test_every_listed_key_has_its_file(killed):
    folder, report = killed
    owner = Workspace.open(folder / "w")
    document = owner.document()
    assert document.version > len(report["done"]["rotate"])
    listed = [public_key_of(key) for use in KeyUse for key in keys_in_order(document, use)]
    assert len(listed) == document.version + 1
    for key in listed:
        path = place_of(owner.keys_folder, key)
        assert path is not None
        assert open_key(path, key, never).public_key == key
    # A rotation that was killed may leave a key that nobody lists: for its owner alone, too.
    assert {path.stat().st_mode & 0o077 for path in owner.keys_folder.iterdir()} == {0}


def test_nothing_is_half_written(killed):
    folder, _ = killed
    ends = {".cose": b"", ".png": b"IEND\xaeB`\x82", ".svg": b"</svg>"}
    for path in (folder / "out").glob("[!.]*"):
        content = path.read_bytes()
        assert content.rstrip().endswith(ends[path.suffix])
        if path.suffix == ".png":
            Image.open(path).verify()
        token = path.with_suffix(".cose")
        assert token.exists(), "the picture came before its token"


def test_the_next_publication_makes_everything_good(killed):
    folder, _ = killed
    now = datetime.now(UTC)
    assert run("publish", "--workspace", folder / "w", "--out", folder / "site") == 0
    assert not list(folder.glob(".site.*.new"))
    trust = own_trust(Workspace.open(folder / "w"), never, now)
    with Workspace.open(folder / "w").open_ledger(now) as ledger:
        for each in ledger.tokens():
            revoked = ledger.status(each.reference).value is StatusValue.REVOKED
            expected = sc.Status.INVALID if revoked else sc.Status.VALID
            assert sc.verify(each.token, trust, now=now).status is expected


if __name__ == "__main__":
    # A killed process loses nothing that it wrote, flushed or not, and flushing takes long.
    os.fsync = lambda _: None
    sys.stdout.write(json.dumps(Killing(Path(sys.argv[1])).go()))
