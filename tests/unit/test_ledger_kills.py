"""A ledger whose processes are killed at random moments: no index twice, no token lost."""

import collections
import contextlib
import os
import random
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from signedcert.workspace.ledger import SLOTS, Ledger, RecordedShare, StatusValue

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
KILLS, CREATION_KILLS = 220, 30
#: Bytes of reports. A slow machine kills more often until there is something to lose.
REPORTED = 16_000
#: Seconds a process lives at most: some are killed while they open the ledger.
LIFE = 0.06
#: Small, so that lists fill up under the kills.
SIZE = 64
KID, TYPE = b"kid-one.", "application/vnd.signedcert.certificate"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills what it forked")


def use(path: Path, report: int) -> None:
    """Uses the ledger as fast as it can, and says in one write each what it was given."""
    chance = random.Random(os.getpid())

    def say(what: str, *values: object) -> None:
        os.write(report, (" ".join(map(str, (what, *values))) + "\n").encode())

    with Ledger.open(path) as ledger:
        if ledger.restored_at_open:
            say("restored")
        issued = []
        while True:
            for each in ledger.allocate(chance.randint(1, 5)):
                say("index", each.list, each.index)
            ids = [secrets.token_bytes(10) for _ in range(2)]
            for identifier, each in zip(ids, ledger.reserve(ids, AT), strict=True):
                say("index", each.list, each.index)
                ledger.record(identifier, b"token of " + identifier, KID, TYPE, AT, each)
                say("token", identifier.hex(), each.list, each.index)
                issued.append((identifier, each))
            use_shares(ledger, chance, say)
            identifier, each = issued.pop(chance.randrange(len(issued)))
            ledger.revoke(each, identifier, "reason", AT)
            say("revoked", each.list, each.index)


def use_shares(ledger: Ledger, chance: random.Random, say: Callable[..., None]) -> None:
    """Makes three shares, one without a place; resets one, puts another in the place of one."""
    record = secrets.token_bytes(10)
    first = ledger.allocate_share_places()
    for index in range(first.index, first.index + SLOTS):
        say("index", first.list, index)
    made = []
    for each, where in ((record, first), (bytes(10), None), (record, first)):
        share = RecordedShare(secrets.token_bytes(10), each, None, None, "somebody", ("name",),
                              AT, AT + timedelta(days=1))  # fmt: skip
        share = ledger.reserve_share(share, where)
        made.append(share)
        if share.reference is not None:
            say("share", share.id.hex(), share.reference.list, share.reference.index)
    reset = ledger.reset_share(chance.choice(made).id, AT)
    say("reset", reset.id.hex())
    old = chance.choice([each for each in made if each.id != reset.id])
    where = None if old.reference is None else first
    anew = RecordedShare(secrets.token_bytes(10), old.record, None, None, "somebody", ("name",),
                         AT, AT + timedelta(days=1))  # fmt: skip
    ledger.reserve_share(anew, where, instead=old.id)
    say("instead", anew.id.hex(), old.id.hex())


def start(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - whatever it is, the test prints it
            traceback.print_exc()
        os._exit(1)
    return child


def kill(child: int) -> bool:
    """Whether it was alive until then, as it must be; what it did wrong it has printed."""
    os.kill(child, signal.SIGKILL)
    return os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def kill_users(path: Path, report: int) -> None:
    chance = random.Random(1)
    kills = 0
    while kills < KILLS or os.fstat(report).st_size < REPORTED:
        # Every other time, two at once, killed one after the other.
        children = [start(lambda: use(path, report)) for _ in range(1 + kills % 3 % 2)]
        for child in children:
            time.sleep(chance.uniform(0, LIFE))
            assert kill(child), "it came to an end by itself"
            kills += 1


def kill_creators(folder: Path) -> None:
    chance = random.Random(2)
    for number in range(CREATION_KILLS):
        path = folder / str(number) / "ledger.sqlite"
        path.parent.mkdir()

        def create(path: Path = path) -> None:
            with Ledger.create(path, list_size=SIZE) as ledger:
                ledger.allocate()
                time.sleep(60)

        child = start(create)
        time.sleep(chance.uniform(0, LIFE))
        assert kill(child)


def run_apart(temporary: Path, *arguments: object) -> None:
    """In a process with one thread and nothing open, so that forks are safe and cheap.

    :param temporary: for what those that are killed cannot remove.
    """
    done = subprocess.run(
        [sys.executable, __file__, *map(str, arguments)],
        check=False,
        env={**os.environ, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_killed_at_random_moments(tmp_path):
    path, report = tmp_path / "ledger.sqlite", tmp_path / "report"
    Ledger.create(path, list_size=SIZE).close()
    run_apart(tmp_path, "users", path, report)
    said = collections.defaultdict(list)
    for line in report.read_text().splitlines():
        what, *values = line.split()
        said[what].append(tuple(values))
    indices = said["index"]
    assert min(len(indices) / 10, len(said["token"]), len(said["revoked"])) > 10
    assert len(set(indices)) == len(indices), "an index was handed out twice"
    assert not said["restored"], "a kill was taken for a restored backup"
    with Ledger.open(path) as ledger:
        assert not ledger.restored_at_open
        assert ledger.restores() == []
        issued = {each.id.hex(): each for each in ledger.tokens()}
        for identifier, *place in said["token"]:
            found = issued[identifier]
            assert found.token == b"token of " + bytes.fromhex(identifier)
            assert [str(found.reference.list), str(found.reference.index)] == place
        revoked = {
            (str(each.number), str(index))
            for each in ledger.lists()
            for index, value in ledger.changed(each.number)
            if value is StatusValue.REVOKED
        }
        assert {*said["revoked"]} <= revoked
        shares = {each.id.hex(): each for each in ledger.shares()}
        places = [tuple(place) for _, *place in said["share"]]
        assert len(places) > 10
        assert len({*places}) == len(places), "a slot was given twice"
        for identifier, *place in said["share"]:
            reference = shares[identifier].reference
            assert [str(reference.list), str(reference.index)] == place
        for each in shares.values():
            # The mark and the event, both or neither.
            assert each.reset_at is not None or (each.id.hex(),) not in said["reset"]
            if each.reference is not None:
                found = (str(each.reference.list), str(each.reference.index))
                assert (each.reset_at is not None) == (found in revoked)
        # The one that was put in another's place and the end of that one, both or neither.
        replaced = {each.replaced_by.hex(): each for each in shares.values() if each.replaced_by}
        assert len(said["instead"]) > 3
        for new, old in said["instead"]:
            assert replaced[new].id.hex() == old
        assert replaced.keys() <= shares.keys()
        numbers = [each.number for each in ledger.lists()]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) > 2
        assert sum(each.allocated for each in ledger.lists()) >= len(indices)
        fresh = {(str(each.list), str(each.index)) for each in ledger.allocate(SIZE)}
        assert fresh.isdisjoint(indices)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_killed_while_ledgers_are_made(tmp_path):
    folders = tmp_path / "folders"
    folders.mkdir()
    run_apart(tmp_path, "creators", folders)
    made = 0
    for folder in folders.iterdir():
        path = folder / "ledger.sqlite"
        # There, whole, or not there; and where it is not, it can be made.
        made += path.exists()
        opened = Ledger.open(path) if path.exists() else Ledger.create(path, list_size=SIZE)
        with opened as ledger:
            assert len({*ledger.allocate(SIZE)}) == SIZE
    assert 0 < made < CREATION_KILLS


if __name__ == "__main__":
    if sys.argv[1] == "users":
        kill_users(Path(sys.argv[2]), os.open(sys.argv[3], os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    else:
        kill_creators(Path(sys.argv[2]))
