"""The issuer's ledger: places handed out once, ids and tokens, and files that are refused."""

import os
import pickle
import sqlite3
import stat
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta

import pytest

from signedcert.workspace.ledger import (
    DuplicateIdError,
    Ledger,
    LedgerError,
    Recording,
    StatusIndex,
)

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
KID, OTHER_KID = b"kid-one.", b"kid-two."
TYPE = "application/vnd.signedcert.certificate"


def identifier(number):
    return number.to_bytes(10, "big")


def token(number):
    return b"token %d" % number


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path):
    with Ledger.create(path, list_size=100) as created:
        yield created


def issue(ledger, *numbers, kid=KID):
    """Reserves and records; the references."""
    references = ledger.reserve([identifier(number) for number in numbers], AT)
    ledger.record_many(
        [
            Recording(identifier(number), token(number), kid, TYPE, AT, reference)
            for number, reference in zip(numbers, references, strict=True)
        ]
    )
    return references


class TestPlaces:
    def test_lists_are_filled_one_after_the_other(self, ledger):
        assert ledger.lists() == []
        taken = ledger.allocate(150) + ledger.allocate() + ledger.allocate(99)
        assert len(set(taken)) == 250
        assert {(each.list, each.index) for each in taken[:200]} == {
            (number, index) for number in (1, 2) for index in range(100)
        }
        assert [tuple(each) for each in ledger.lists()] == [
            (1, 100, 100, False, 1),
            (2, 100, 100, False, 1),
            (3, 100, 50, False, 1),
        ]

    def test_lists_have_keys_of_their_own(self, ledger):
        taken = ledger.allocate(200)
        first, second = ([each.index for each in taken if each.list == n] for n in (1, 2))
        assert first != second

    def test_blocks_are_pure_and_cover_several_lists(self, ledger):
        before = ledger.allocate(30)
        blocks = pickle.loads(pickle.dumps(ledger.allocate_block(250)))
        assert [(each.list, each.first_counter, each.count) for each in blocks] == [
            (1, 30, 70),
            (2, 0, 100),
            (3, 0, 80),
        ]
        inside = [each.index(position) for each in blocks for position in range(each.count)]
        assert inside == [index for each in blocks for index in each.indices()]
        assert len({*before, *inside, *ledger.allocate(20)}) == 300
        for position in (-1, 70):
            with pytest.raises(IndexError, match="70"):
                blocks[0].index(position)

    @pytest.mark.parametrize("count", [0, -1])
    def test_a_count_of_at_least_one(self, ledger, count):
        with pytest.raises(ValueError, match="at least 1"):
            ledger.allocate(count)

    @pytest.mark.parametrize("size", [-1, 0, 1, 2**32 + 1])
    def test_sizes_that_no_list_has(self, path, size):
        with pytest.raises(ValueError, match="size"):
            Ledger.create(path, list_size=size)
        assert not path.exists()

    def test_what_was_taken_stays_taken(self, path, ledger):
        taken = ledger.allocate(5)
        ledger.close()
        with Ledger.open(path) as again:
            assert not again.restored_at_open
            assert len({*taken, *again.allocate(5)}) == 10
            assert again.restores() == []


class TestStatements:
    def test_reserved_recorded_and_found(self, ledger):
        (reference,) = ledger.reserve([identifier(1)], AT)
        reserved = ledger.find(identifier(1))
        assert (reserved.reference, reserved.token, reserved.issued_at) == (reference, None, None)
        later = AT + timedelta(seconds=5, microseconds=7)
        ledger.record(identifier(1), token(1), KID, TYPE, later, reference)
        found = ledger.find(identifier(1))
        assert found == ledger.find_by_index(reference)
        assert (found.id, found.reference, found.token) == (identifier(1), reference, token(1))
        assert (found.kid, found.media_type) == (KID, TYPE)
        assert found.issued_at == AT + timedelta(seconds=5)
        assert ledger.find(identifier(2)) is None
        assert ledger.find_by_index(StatusIndex(9, 9)) is None
        assert ledger.counts() == (1, 0, 0)

    def test_statements_without_a_place_are_recorded_too(self, ledger):
        for number in (1, 2):
            ledger.record(identifier(number), token(number), KID, TYPE, AT, None)
        assert ledger.find(identifier(2)).reference is None
        assert ledger.lists() == []

    def test_an_issued_id_is_never_issued_again(self, ledger):
        issue(ledger, 1, 2)
        before = ledger.lists()
        for ids in ([3, 2, 4], [5, 5]):
            with pytest.raises(DuplicateIdError, match="nothing was changed") as caught:
                ledger.reserve([identifier(number) for number in ids], AT)
            assert caught.value.id == identifier(ids[1])
        assert ledger.lists() == before
        assert ledger.find(identifier(3)) is None
        with pytest.raises(DuplicateIdError, match="0000-0000-0000-0001"):
            ledger.record(identifier(1), b"another", KID, TYPE, AT, None)
        assert ledger.find(identifier(1)).token == token(1)

    def test_an_id_whose_token_never_came_is_reserved_again_with_a_fresh_place(self, ledger):
        (first,) = ledger.reserve([identifier(1)], AT)
        (second,) = ledger.reserve([identifier(1)], AT)
        assert first != second
        assert ledger.counts() == (0, 1, 0)
        # Whoever was first and slow has a token with the wrong place, which must not go out.
        with pytest.raises(DuplicateIdError, match="meanwhile"):
            ledger.record(identifier(1), token(1), KID, TYPE, AT, first)
        ledger.record(identifier(1), token(1), KID, TYPE, AT, second)
        assert first not in ledger.allocate(98)

    def test_recording_the_same_again_is_no_mistake(self, ledger):
        (reference,) = issue(ledger, 1)
        ledger.record(identifier(1), token(1), KID, TYPE, AT, reference)
        assert ledger.counts() == (1, 0, 0)

    def test_many_are_recorded_all_or_none(self, ledger):
        issue(ledger, 1)
        rows = [
            Recording(identifier(number), b"new %d" % number, KID, TYPE, AT, None)
            for number in (2, 1)
        ]
        with pytest.raises(DuplicateIdError) as caught:
            ledger.record_many(rows)
        assert caught.value.id == identifier(1)
        assert ledger.find(identifier(2)) is None

    def test_one_place_for_two_statements_is_refused(self, ledger):
        (reference,) = issue(ledger, 1)
        with pytest.raises(LedgerError, match="share"):
            ledger.record(identifier(2), token(2), KID, TYPE, AT, reference)
        with pytest.raises(LedgerError, match="unknown"):
            ledger.record(identifier(2), token(2), KID, TYPE, AT, StatusIndex(77, 1))

    def test_places_of_blocks_are_recorded(self, ledger):
        (block,) = ledger.allocate_block(3)
        rows = [
            Recording(identifier(number), token(number), KID, TYPE, AT, block.index(number))
            for number in range(3)
        ]
        ledger.record_many(rows, keep_tokens=False)
        assert ledger.find_by_index(block.index(2)).id == identifier(2)
        assert list(ledger.tokens()) == []
        assert len(ledger.digests(KID)) == 48

    def test_tokens_and_digests_by_key(self, ledger):
        issue(ledger, *range(1200))
        issue(ledger, 5000, kid=OTHER_KID)
        ledger.reserve([identifier(6000)], AT)
        assert [each.token for each in ledger.tokens()] == [
            *(token(number) for number in range(1200)),
            token(5000),
        ]
        assert [each.id for each in ledger.tokens(OTHER_KID)] == [identifier(5000)]
        joined = ledger.digests(KID)
        digests = [joined[start : start + 16] for start in range(0, len(joined), 16)]
        assert digests == sorted(each.digest for each in ledger.tokens(KID))
        assert ledger.digests(b"nobody's") == b""
        assert ledger.counts() == (1201, 1, 0)

    def test_writing_while_tokens_are_read(self, path, ledger):
        issue(ledger, *range(3))
        with Ledger.open(path) as other:
            for position, each in enumerate(ledger.tokens()):
                ledger.revoke(each.reference, each.id, "no reason", AT)
                issue(other, 100 + position)
                if position == 2:
                    break
        assert ledger.counts() == (6, 0, 3)

    @pytest.mark.parametrize("wrong", [b"", bytes(9), bytes(11), "0" * 10])
    def test_ids_and_kids_of_other_lengths(self, ledger, wrong):
        with pytest.raises(ValueError, match="10 bytes"):
            ledger.reserve([wrong], AT)
        with pytest.raises(ValueError, match="10 bytes"):
            ledger.record(wrong, b"token", KID, TYPE, AT, None)
        with pytest.raises(ValueError, match="8 bytes"):
            ledger.record(identifier(1), b"token", wrong, TYPE, AT, None)

    def test_moments_have_a_time_zone(self, ledger):
        with pytest.raises(ValueError, match="time zone"):
            ledger.reserve([identifier(1)], AT.replace(tzinfo=None))
        assert ledger.lists() == []


def test_its_files_are_for_their_owner_alone(path, ledger):
    issue(ledger, 1)
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert set(modes) == {
        "ledger.id",
        "ledger.mark",
        "ledger.sqlite",
        "ledger.sqlite-shm",
        "ledger.sqlite-wal",
    }
    assert set(modes.values()) == {0o600}


def test_how_it_is_kept(path, ledger):
    connection = ledger._database._connection
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "user_version")
    values = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
    assert values == ["wal", 2, 1, 30_000, 4]


def test_what_killed_processes_left_is_removed_later(path, ledger):
    old, fresh = (path.with_name(f".ledger.mark.{name}") for name in ("0123", "4567"))
    for each, age in ((old, 4000), (fresh, 60)):
        each.write_bytes(b"half a ma")
        then = path.with_suffix(".mark").stat().st_mtime - age
        os.utime(each, (then, then))
    Ledger.open(path).close()
    assert (old.exists(), fresh.exists()) == (False, True)


class TestRefusals:
    def test_no_ledger(self, path):
        with pytest.raises(LedgerError, match="no ledger"):
            Ledger.open(path)
        assert not path.exists()
        with pytest.raises(LedgerError, match="No such file"):
            Ledger.create(path / "missing" / "ledger.sqlite", list_size=8)

    def test_a_ledger_is_never_overwritten(self, path, ledger):
        taken = ledger.allocate(3)
        with pytest.raises(LedgerError, match="exists already"):
            Ledger.create(path, list_size=8)
        assert len({*taken, *ledger.allocate(3)}) == 6

    def test_what_is_no_database(self, path):
        path.write_bytes(b"Dear issuer, " * 100)
        with pytest.raises(LedgerError, match="not a ledger"):
            Ledger.open(path)

    def test_an_empty_file(self, path):
        path.touch()
        with pytest.raises(LedgerError, match="not a ledger"):
            Ledger.open(path)
        assert path.read_bytes() == b""

    def test_another_programs_database(self, path):
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE ledger (id)")
        connection.close()
        before = path.read_bytes()
        with pytest.raises(LedgerError, match="not a ledger"):
            Ledger.open(path)
        assert path.read_bytes() == before

    def test_a_newer_ledger(self, path, ledger):
        ledger.close()
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA user_version = 5")
        connection.close()
        before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
        with pytest.raises(LedgerError, match=r"newer signedcert.*upgrade.*nothing was changed"):
            Ledger.open(path)
        assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before

    def test_a_ledger_that_a_newer_version_took_over_while_it_was_open(self, path, ledger):
        ledger.allocate(3)
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA user_version = 5")
        connection.close()
        for use in (ledger.allocate, ledger.lists):
            with pytest.raises(LedgerError, match=r"newer signedcert.*upgrade"):
                use()

    def test_a_version_that_never_was(self, path, ledger):
        ledger.close()
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA user_version = 0")
        connection.close()
        with pytest.raises(LedgerError, match="damaged"):
            Ledger.open(path)

    @pytest.mark.parametrize("kept", [4096, 10_000, 16_384])
    def test_a_torn_file(self, path, ledger, kept):
        issue(ledger, *range(500))
        ledger.close()
        content = path.read_bytes()
        assert len(content) > kept
        path.write_bytes(content[:kept])
        with pytest.raises(LedgerError, match="damaged"):
            Ledger.open(path)

    def test_damage_inside(self, path, ledger):
        issue(ledger, *range(500))
        ledger.close()
        content = path.read_bytes()
        path.write_bytes(content[:12_288] + b"\xff" * (len(content) - 12_288))
        with pytest.raises(LedgerError, match="damaged"), Ledger.open(path) as opened:
            opened.counts()

    def test_a_ledger_without_its_row(self, path, ledger):
        ledger.close()
        connection = sqlite3.connect(path)
        with connection:
            connection.execute("DELETE FROM ledger")
        connection.close()
        with pytest.raises(LedgerError, match="damaged"):
            Ledger.open(path)

    def test_a_full_disk(self, ledger):
        issue(ledger, *range(10))
        connection = ledger._database._connection
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        before = ledger.lists()
        ids = [identifier(number) for number in range(10, 2000)]
        with pytest.raises(LedgerError, match="disk is full; nothing was changed"):
            ledger.reserve(ids, AT)
        assert ledger.lists() == before
        connection.execute("PRAGMA max_page_count = 1000000")
        references = ledger.reserve(ids, AT)
        assert len({*references, *(each.reference for each in ledger.tokens())}) == 2000
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    def test_indices_are_withheld_when_the_mark_cannot_be_written(self, path, ledger):
        taken = ledger.allocate(3)
        mark = path.with_suffix(".mark")
        mark.unlink()
        mark.mkdir()
        with pytest.raises(LedgerError, match=r"ledger\.mark"):
            ledger.allocate(3)
        mark.rmdir()
        assert len({*taken, *ledger.allocate(3)}) == 6
        assert ledger.lists()[0].allocated == 9

    def test_a_closed_ledger(self, ledger):
        ledger.close()
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            ledger.allocate()

    def test_another_process_writes_for_too_long(self, path, ledger):
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        ledger._database._connection.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(LedgerError, match=r"another process.*try again"):
            ledger.allocate()
        other.execute("ROLLBACK")
        other.close()
        assert len(ledger.allocate()) == 1


def run(script, *arguments):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        capture_output=True,
        check=True,
        text=True,
    ).stdout


@pytest.mark.parametrize("protect", ["folder", "file"])
def test_a_read_only_ledger(protect):
    # In the system's temporary folder, which other users reach. Root may write anywhere, and so
    # becomes one of them.
    script = """
        import os, sys, tempfile
        from pathlib import Path
        from signedcert.workspace.ledger import Ledger, LedgerError
        with tempfile.TemporaryDirectory() as name:
            path = Path(name, "ledger.sqlite")
            Ledger.create(path, list_size=8).close()
            protected = path.parent if sys.argv[1] == "folder" else path
            protected.chmod(0o555)
            if os.geteuid() == 0:
                for each in {path.parent, *path.parent.iterdir()} - {protected}:
                    os.chown(each, 65534, 65534)
                os.seteuid(65534)
            try:
                Ledger.open(path).allocate()
            except LedgerError as error:
                print(error)
            os.seteuid(os.getuid())
            path.parent.chmod(0o700)
    """
    assert "read-only" in run(script, protect)


def test_a_forked_process_opens_its_own(path):
    script = """
        import os, sys
        from pathlib import Path
        from signedcert.workspace.ledger import Ledger, LedgerError
        ledger = Ledger.create(Path(sys.argv[1]), list_size=8)
        if os.fork() == 0:
            try:
                ledger.allocate()
            except LedgerError as error:
                os.write(1, str(error).encode())
            os._exit(0)
        os.wait()
        ledger.allocate()
    """
    assert "opened by another process; open it in this one" in run(script, path)


def test_two_processes_at_once(path, ledger):
    script = """
        import sys
        from pathlib import Path
        from signedcert.workspace.ledger import Ledger
        with Ledger.open(Path(sys.argv[1])) as ledger:
            assert not ledger.restored_at_open
            print("ready", flush=True)
            sys.stdin.readline()
            for count in range(1, 30):
                for each in ledger.allocate(count % 7 + 1):
                    print(each.list, each.index)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate()[0].splitlines() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    lines = [line for output in outputs for line in output]
    expected = 2 * sum(count % 7 + 1 for count in range(1, 30))
    assert len(lines) == len(set(lines)) == expected
    assert sum(each.allocated for each in ledger.lists()) == expected
    ledger.close()
    with Ledger.open(path) as again:
        assert not again.restored_at_open


def test_the_first_list_can_be_there_before_it_is_needed(ledger):
    ledger.open_first_list()
    ledger.open_first_list()
    (listed,) = ledger.lists()
    assert (listed.number, listed.allocated, listed.closed) == (1, 0, False)
    assert ledger.allocate()[0].list == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of processes")
@pytest.mark.parametrize("size", [0, 100, 5000])
def test_files_that_cannot_grow_are_told_of_as_a_full_disk(path, ledger, size):
    script = """
        import resource, signal, sys
        from pathlib import Path
        from signedcert.workspace.ledger import Ledger, LedgerError
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        size = int(sys.argv[2])
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        try:
            Ledger.open(Path(sys.argv[1])).allocate()
        except LedgerError as error:
            print(error)
    """
    ledger.close()
    said = run(script, path, size)
    assert "the disk may be full" in said or "the disk is full" in said
