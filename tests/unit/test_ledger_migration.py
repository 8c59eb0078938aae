"""A ledger of an older version, as its signedcert made it, opened by this one: all of it stays."""

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta

import pytest

from signedcert.workspace.ledger import (
    SLOTS,
    Ledger,
    LedgerError,
    RecordedShare,
    Recording,
    StatusIndex,
    StatusValue,
)
from signedcert.workspace.ledger.identity import id_file, identity, mark, mark_file
from signedcert.workspace.ledger.permutation import Permutation
from signedcert.workspace.ledger.upgrades import UPGRADES

#: The tables of version 1 (application_id 0x73634C31), to the letter.
OLD_SCHEMA = """
BEGIN;
PRAGMA application_id = 1935887409;
PRAGMA user_version = 1;

-- One row. The identity is that of the files which the ledger was last seen in.
CREATE TABLE ledger (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id BLOB NOT NULL CHECK (length(id) = 16),
    list_size INTEGER NOT NULL,
    next_list INTEGER NOT NULL,
    generation_base INTEGER NOT NULL,
    identity TEXT
);

CREATE TABLE lists (
    number INTEGER PRIMARY KEY CHECK (number BETWEEN 1 AND 4294967295),
    size INTEGER NOT NULL,
    key BLOB NOT NULL CHECK (length(key) = 32),
    allocated INTEGER NOT NULL CHECK (allocated BETWEEN 0 AND size),
    closed INTEGER NOT NULL CHECK (closed IN (0, 1))
);

-- The token is last, so that reading the rest does not read it.
CREATE TABLE issued (
    sequence INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 10),
    list INTEGER REFERENCES lists (number),
    idx INTEGER,
    kid BLOB CHECK (length(kid) = 8),
    media_type TEXT,
    issued_at INTEGER,
    digest BLOB CHECK (length(digest) = 16),
    supersedes BLOB,
    superseded_by BLOB,
    reserved_at INTEGER,
    token BLOB,
    CHECK ((list IS NULL) = (idx IS NULL)),
    CHECK ((digest IS NULL) = (kid IS NULL)),
    CHECK (token IS NULL OR digest IS NOT NULL)
);
CREATE UNIQUE INDEX issued_reference ON issued (list, idx) WHERE list IS NOT NULL;

-- Tokens that were signed anew with another key; the present ones stand in issued.
CREATE TABLE earlier_tokens (
    sequence INTEGER PRIMARY KEY,
    id BLOB NOT NULL REFERENCES issued (id),
    kid BLOB NOT NULL CHECK (length(kid) = 8),
    digest BLOB NOT NULL CHECK (length(digest) = 16),
    token BLOB
);
CREATE INDEX earlier_tokens_kid ON earlier_tokens (kid);

CREATE TABLE events (
    sequence INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    list INTEGER NOT NULL REFERENCES lists (number),
    idx INTEGER NOT NULL,
    id BLOB,
    action TEXT NOT NULL CHECK (action IN ('revoke', 'suspend', 'reinstate')),
    reason TEXT NOT NULL
);
CREATE INDEX events_reference ON events (list, idx, sequence);
CREATE INDEX events_id ON events (id) WHERE id IS NOT NULL;
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN
    SELECT RAISE(ABORT, 'what happened to a status is never deleted');
END;
CREATE TRIGGER events_are_final BEFORE UPDATE ON events BEGIN
    SELECT RAISE(ABORT, 'what happened to a status is never changed');
END;

-- Settled once the withdrawals of the lost history were looked for in what was published.
CREATE TABLE restores (
    sequence INTEGER PRIMARY KEY,
    at INTEGER,
    evidence TEXT NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1))
);

-- What signs nothing more: a key that was declared compromised; no bytes: every key, it is closed.
CREATE TABLE ended (kid BLOB PRIMARY KEY CHECK (length(kid) IN (0, 8)));

-- The status lists that this ledger made and that were published; the last ones of each number.
CREATE TABLE publications (
    sequence INTEGER PRIMARY KEY,
    list INTEGER NOT NULL REFERENCES lists (number),
    issued_at INTEGER NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32)
);
CREATE INDEX publications_list ON publications (list, sequence);
COMMIT;
"""

#: What version 2 had more, to the letter.
SECOND_GRAIN = """,
    grain INTEGER NOT NULL DEFAULT 1 CHECK (grain IN (1, 16) AND size % grain = 0 AND allocated % \
grain = 0)
);

-- The token is last"""
SECOND_SHARES = """
CREATE TABLE shares (
    sequence INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 10),
    record BLOB NOT NULL CHECK (length(record) = 10),
    slot INTEGER CHECK (slot BETWEEN 0 AND 15),
    list INTEGER REFERENCES lists (number),
    idx INTEGER CHECK (idx % 16 = slot),
    audience TEXT NOT NULL,
    paths TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    sealed_name TEXT CHECK (length(sealed_name) = 32),
    reset_at INTEGER,
    replaced_by BLOB CHECK (length(replaced_by) = 10),
    CHECK ((list IS NULL) = (idx IS NULL)),
    CHECK ((list IS NULL) = (slot IS NULL)),
    CHECK (replaced_by IS NULL OR reset_at IS NOT NULL)
);
CREATE UNIQUE INDEX shares_place ON shares (list, idx) WHERE list IS NOT NULL;
CREATE INDEX shares_record ON shares (record, sequence);
CREATE TRIGGER shares_stay BEFORE DELETE ON shares BEGIN
    SELECT RAISE(ABORT, 'a share is reset, and never deleted');
END;
COMMIT;
"""
#: What version 3 had more, to the letter.
THIRD_BY_CODE = """
CREATE TABLE by_code (
    id BLOB PRIMARY KEY REFERENCES issued (id),
    allowed_at INTEGER NOT NULL
);
COMMIT;
"""
SECOND_SCHEMA = (
    OLD_SCHEMA.replace("user_version = 1", "user_version = 2")
    .replace("\n);\n\n-- The token is last", SECOND_GRAIN)
    .replace("COMMIT;\n", SECOND_SHARES)
)
SCHEMAS = {
    1: OLD_SCHEMA,
    2: SECOND_SCHEMA,
    3: SECOND_SCHEMA.replace("user_version = 2", "user_version = 3").replace(
        "COMMIT;\n", THIRD_BY_CODE
    ),
}
NOW_VERSION = 4

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
SECONDS = int(AT.timestamp())
END = AT + timedelta(days=30)
ID, OLD_ID, RESERVED_ID = b"id number1", b"id number2", b"id number3"
KID, TYPE = b"kid-one.", "application/vnd.signedcert.record"
KEYS = {1: b"1" * 32, 2: b"2" * 32}
SIZE, ALLOCATED = 20, 7
#: A full list, one that is used, one that lost history opened.
ROWS = {
    "lists": [
        (1, SIZE, KEYS[1], SIZE, 0), (2, SIZE, KEYS[2], ALLOCATED, 0), (9, SIZE, KID * 4, 0, 1),
    ],
    "issued": [
        (1, ID, 2, Permutation(KEYS[2], SIZE).index(3), KID, TYPE, SECONDS, b"d" * 16,
         OLD_ID, None, SECONDS, b"token one"),
        (2, OLD_ID, 1, 5, KID, TYPE, SECONDS, b"e" * 16, None, ID, SECONDS, b"token two"),
        (5, RESERVED_ID, 1, 6, None, None, None, None, None, None, SECONDS, None),
    ],
    "earlier_tokens": [(1, ID, b"kid-two.", b"f" * 16, b"an earlier token")],
    "events": [
        (1, SECONDS, 1, 5, OLD_ID, "revoke", "superseded"),
        (2, SECONDS, 9, 3, None, "suspend", "taken over"),
    ],
    "restores": [(1, SECONDS, "list 9 is in use", 1)],
    "ended": [(b"kid-two.",)],
    "publications": [(3, 1, SECONDS, b"p" * 32)],
}  # fmt: skip
GENERATION = SIZE + ALLOCATED + 2 + 1


def content(path):
    """Everything that a ledger of any version holds, in the columns of version 1."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        old = {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
            for table in ("ledger", *ROWS)
        }
    old["lists"] = [row[:5] for row in old["lists"]]
    old["ledger"] = [row[:6] for row in old["ledger"]]
    return old


def structure(path):
    """The definitions of all tables, indices and triggers; without comments, spaced alike."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        ).fetchall()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    plain = {(kind, name): re.sub(r"\s+", "", re.sub("--.*", "", sql)) for kind, name, sql in rows}
    return plain | {"version": version}


def make_old(path, version=1):
    """A ledger as an older version left it: its three files, which know each other."""
    path.parent.mkdir(exist_ok=True)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.executescript(SCHEMAS[version])
        connection.execute("BEGIN")
        connection.execute("INSERT INTO ledger VALUES (1, ?, ?, 3, 1, NULL)", (KID * 2, SIZE))
        for table, rows in ROWS.items():
            for row in rows:
                row = (*row, 1) if table == "lists" and version > 1 else row  # noqa: PLW2901
                marks = ", ".join("?" * len(row))
                connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)
        connection.execute("COMMIT")
        id_file(path).write_bytes(KID * 2)
        mark_file(path).write_bytes(mark(KID * 2, GENERATION))
        known = identity(path, KID * 2, path.stat().st_ino)
        connection.execute("UPDATE ledger SET identity = ?", (known,))
    return path


@pytest.fixture(params=[*SCHEMAS])
def path(request, tmp_path):
    return make_old(tmp_path / "ledger.sqlite", request.param)


def share(identifier, **fields):
    return RecordedShare(identifier, ID, None, None, "Example AG", ("name",), AT, END, **fields)


def test_everything_stays_and_nothing_is_taken_for_a_restore(path):
    before, marked = content(path), mark_file(path).read_bytes()
    with Ledger.open(path) as ledger:
        assert not ledger.restored_at_open
        assert len(ledger.restores()) == 1
        assert [tuple(each) for each in ledger.lists()] == [
            (1, SIZE, SIZE, False, 1), (2, SIZE, ALLOCATED, False, 1), (9, SIZE, 0, True, 1),
        ]  # fmt: skip
        assert ledger.shares() == []
        assert (ledger.find(ID).token, ledger.find(ID).supersedes) == (b"token one", OLD_ID)
        assert ledger.status(StatusIndex(1, 5)).value is StatusValue.REVOKED
        assert ledger.changed(9) == [(3, StatusValue.SUSPENDED)]
        assert ledger.digests(b"kid-two.") == b"f" * 16
        assert ledger.counts() == (2, 1, 2)
    assert content(path) == before
    assert mark_file(path).read_bytes() == marked
    with Ledger.open(path) as again:
        assert not again.restored_at_open
    assert content(path) == before


def test_it_becomes_what_is_made_today(path, tmp_path):
    Ledger.open(path).close()
    (tmp_path / "new").mkdir()
    new = tmp_path / "new" / "ledger.sqlite"
    Ledger.create(new, list_size=SIZE).close()
    assert structure(path) == structure(new)
    assert structure(new)["version"] == NOW_VERSION


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM events",
        "UPDATE events SET action = 'reinstate'",
        # What a version 1 that is still running would do: single indices from a list of shares.
        "UPDATE lists SET allocated = allocated + 1 WHERE grain = 16",
        "INSERT INTO lists (number, size, key, allocated, closed, grain) "
        "VALUES (77, 100, zeroblob(32), 0, 0, 16)",
    ],
)
def test_its_guards_stand(path, statement):
    with Ledger.open(path) as ledger:
        ledger.allocate_share_places()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
        with pytest.raises(sqlite3.OperationalError, match="6 columns but 5 values"):
            connection.execute("INSERT INTO lists VALUES (88, 20, zeroblob(32), 0, 0)")


def test_each_gets_a_key_of_its_own_for_ids_once(tmp_path):
    paths = [make_old(tmp_path / str(n) / "ledger.sqlite", 1 + n % 3) for n in range(6)]
    keys = []
    for path in paths:
        with Ledger.open(path) as ledger:
            keys.append(ledger.id_key())
            assert keys[-1].hex() not in repr(ledger)
        with Ledger.open(path) as again:
            assert again.id_key() == keys[-1]
    assert {len(key) for key in keys} == {32}
    assert len({*keys}) == 6


def test_certificates_of_before_may_be_opened_by_their_codes(path):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(
            "UPDATE issued SET media_type = 'application/vnd.signedcert.certificate' WHERE id = ?",
            (OLD_ID,),
        )
    with Ledger.open(path) as ledger:
        assert [*ledger.open_by_code()] == []
        ledger.allow_by_code([OLD_ID], AT)
        assert [each.id for each in ledger.open_by_code()] == [OLD_ID]


def test_shares_of_version_2_stay(tmp_path):
    path = make_old(tmp_path / "ledger.sqlite", 2)
    row = (1, b"share one.", ID, None, None, None, "Acme", "[]", SECONDS, SECONDS, None, None, None)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"INSERT INTO shares VALUES ({', '.join('?' * len(row))})", row)
    with Ledger.open(path) as ledger:
        assert [(each.id, each.audience) for each in ledger.shares()] == [(b"share one.", "Acme")]


def test_it_goes_on_where_it_was(path):
    permutation = Permutation(KEYS[2], SIZE)
    with Ledger.open(path) as ledger:
        first = ledger.allocate_share_places()
        taken = ledger.allocate(SIZE - ALLOCATED)
        assert taken == [
            StatusIndex(2, permutation.index(counter)) for counter in range(ALLOCATED, SIZE)
        ]
        assert [tuple(each) for each in ledger.lists()][1:3] == [
            (2, SIZE, SIZE, False, 1), (3, 32, SLOTS, False, SLOTS),
        ]  # fmt: skip
        assert first.list == 3
        made = ledger.reserve_share(share(b"share one."), first)
        ledger.reset_share(made.id, AT)
        assert ledger.status(made.reference).value is StatusValue.REVOKED
        (another,) = ledger.allocate()
        new = Recording(ID, b"token anew", KID, TYPE, AT, another)
        ledger.replace_record(new, AT, "reset")
        assert another.list == 4
    # The mark counts on from the old one: 13 and 16 and 1 taken, 2 events, 1 share.
    assert mark_file(path).read_bytes() == mark(KID * 2, GENERATION + 13 + 16 + 1 + 2 + 1)
    with Ledger.open(path) as ledger:
        assert not ledger.restored_at_open


class TestBackups:
    """Of an older version, put back after this one went on."""

    @pytest.mark.parametrize("version", SCHEMAS)
    def test_an_untouched_one_is_upgraded_and_noticed(self, tmp_path, version):
        path, backup = make_old(tmp_path / "w" / "ledger.sqlite", version), tmp_path / "backup"
        shutil.copytree(path.parent, backup)
        with Ledger.open(path) as ledger:
            taken = [*ledger.allocate(5), ledger.allocate_share_places()]
        shutil.copytree(backup, path.parent, dirs_exist_ok=True)
        with Ledger.open(path) as ledger:
            assert ledger.restored_at_open
            fresh = [*ledger.allocate(5), ledger.allocate_share_places()]
        assert {each.list for each in fresh}.isdisjoint(each.list for each in taken)

    def test_what_only_the_mark_shows(self, path):
        shutil.copy(path, path.with_name("backup"))
        with Ledger.open(path) as ledger:
            first = ledger.reserve_share(share(b"share one."), None)
        assert first.slot is None
        shutil.copy(path.with_name("backup"), path)
        with Ledger.open(path) as ledger:
            assert ledger.restored_at_open
            assert "older than ledger.mark" in ledger.restores()[-1].evidence
            assert ledger.shares() == []

    def test_a_copy_elsewhere(self, path, tmp_path):
        shutil.copytree(path.parent, tmp_path / "copy")
        with Ledger.open(tmp_path / "copy" / path.name) as ledger:
            assert ledger.restored_at_open
        with Ledger.open(path) as ledger:
            assert not ledger.restored_at_open


#: Everything that brings a ledger of version 1 here.
ALL_STEPS = tuple(step for version in sorted(UPGRADES) for step in UPGRADES[version])
STEPS = len(ALL_STEPS)


def run(script, *arguments):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills itself")
@pytest.mark.parametrize("step", range(STEPS + 1))
def test_killed_in_the_middle_it_is_as_it_was(tmp_path, step):
    path = make_old(tmp_path / "ledger.sqlite")
    script = """
        import os, signal, sqlite3, sys
        from pathlib import Path
        from signedcert.workspace.ledger import Ledger, upgrades
        connect = sqlite3.connect
        def connecting(*arguments, **options):
            connection = connect(*arguments, **options)
            connection.create_function("die", 0, lambda: os.kill(os.getpid(), signal.SIGKILL))
            return connection
        sqlite3.connect = connecting
        statements = [step for each in upgrades.UPGRADES.values() for step in each]
        statements.insert(int(sys.argv[2]), "SELECT die()")
        upgrades.UPGRADES = {1: tuple(statements), 2: (), 3: ()}
        Ledger.open(Path(sys.argv[1]))
    """
    before, defined = content(path), structure(path)
    assert run(script, path, step).returncode == -signal.SIGKILL
    assert (content(path), structure(path)) == (before, defined)
    assert defined["version"] == 1
    with Ledger.open(path) as ledger:
        assert not ledger.restored_at_open
        assert ledger.allocate_share_places().list == 3
    assert structure(path)["version"] == NOW_VERSION


@pytest.mark.parametrize("step", range(STEPS + 1))
def test_failed_in_the_middle_it_is_as_it_was(tmp_path, step, monkeypatch):
    path = make_old(tmp_path / "ledger.sqlite")
    statements = [*ALL_STEPS]
    statements.insert(step, "INSERT INTO nowhere VALUES (1)")
    before, defined = content(path), structure(path)
    with monkeypatch.context() as patch:
        upgrades = {1: tuple(statements), 2: (), 3: ()}
        patch.setattr("signedcert.workspace.ledger.upgrades.UPGRADES", upgrades)
        with pytest.raises(LedgerError, match="nowhere"):
            Ledger.open(path)
    assert (content(path), structure(path)) == (before, defined)
    with Ledger.open(path) as ledger:
        assert not ledger.restored_at_open


def test_opened_by_several_processes_at_once(tmp_path):
    script = """
        import sys
        from pathlib import Path
        from signedcert.workspace.ledger import Ledger
        print("ready", flush=True)
        for path in sys.stdin:
            with Ledger.open(Path(path.strip())) as ledger:
                assert not ledger.restored_at_open
                first = ledger.allocate_share_places()
                for each in (first, *ledger.allocate(2)):
                    print(path.strip(), each.list, each.index)
    """
    paths = [
        make_old(tmp_path / str(number) / "ledger.sqlite", 1 + number % 3) for number in range(12)
    ]
    before = content(paths[0])
    command = [sys.executable, "-c", textwrap.dedent(script)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(3)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.writelines(f"{path}\n" for path in paths)
        process.stdin.flush()
    lines = [line for each in processes for line in each.communicate()[0].splitlines()]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len(lines) == len({*lines}) == 12 * 3 * 3
    for path in paths:
        assert structure(path)["version"] == NOW_VERSION
        after = content(path)
        assert [table for table in after if after[table] != before[table]] == ["ledger", "lists"]
        with Ledger.open(path) as ledger:
            assert not ledger.restored_at_open
            used = {each.number: (each.allocated, each.grain) for each in ledger.lists()}
            # Two groups fill the first list of shares.
            assert used == {
                1: (SIZE, 1), 2: (ALLOCATED + 6, 1), 3: (32, SLOTS), 4: (SLOTS, SLOTS), 9: (0, 1),
            }  # fmt: skip
