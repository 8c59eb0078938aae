"""A ledger that was restored from a backup, or copied, hands out no index again."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signedcert.workspace.ledger import Ledger, LedgerError, StatusIndex
from signedcert.workspace.ledger.identity import read_mark, write_mark

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
RANDOM_MIN = 2**24
SIZE = 1000


def create(folder):
    folder.mkdir()
    return Ledger.create(folder / "ledger.sqlite", list_size=SIZE)


def rename_in_what_differs(source, target):
    """What ``rsync -a`` does: it leaves files of the same size and time alone."""
    for each in source.iterdir():
        there = target / each.name
        now, then = each.stat(), there.stat()
        if (now.st_size, now.st_mtime_ns) != (then.st_size, then.st_mtime_ns):
            temporary = target / f".{each.name}.Xq1"
            shutil.copy2(each, temporary)
            temporary.replace(there)


def shell(command):
    def restore(backup, folder):
        environment = {**os.environ, "BACKUP": str(backup), "FOLDER": str(folder)}
        subprocess.run(["/bin/sh", "-ec", command], env=environment, check=True)

    return restore


#: From the folder's backup to the folder, which has gone on since.
BACK = {
    "the ledger alone, copied": shell('cp "$BACKUP/ledger.sqlite" "$FOLDER/ledger.sqlite"'),
    "the ledger alone, renamed": shell(
        'cp -a "$BACKUP/ledger.sqlite" "$FOLDER/x" && mv "$FOLDER/x" "$FOLDER/ledger.sqlite"'
    ),
    "the folder over itself": shell('cp "$BACKUP"/* "$FOLDER"'),
    "the folder over itself, with times": shell('cp -a "$BACKUP/." "$FOLDER"'),
    "the folder, put in its place": shell('rm -rf "$FOLDER" && cp -a "$BACKUP" "$FOLDER"'),
    "the backup, moved in its place": shell('rm -rf "$FOLDER" && mv "$BACKUP" "$FOLDER"'),
    "an archive": shell(
        'tar -C "$BACKUP" -cf "$BACKUP.tar" . && tar -C "$FOLDER" -xf "$BACKUP.tar"'
    ),
    "shutil": lambda backup, folder: shutil.copytree(backup, folder, dirs_exist_ok=True),
    "what differs alone": rename_in_what_differs,
    "without the mark": shell(
        'cp -a "$BACKUP/ledger.sqlite" "$FOLDER" && rm "$FOLDER/ledger.mark"'
    ),
}


def restored(path, taken, at=None):
    """Opens what must count as restored; the lists' numbers are new, and stay so."""
    with Ledger.open(path, at=at) as ledger:
        assert ledger.restored_at_open
        after = ledger.allocate(5)
    assert not {*taken} & {*after}
    assert {each.list for each in taken}.isdisjoint(each.list for each in after)
    assert {each.list for each in after} == {after[0].list}
    assert RANDOM_MIN <= after[0].list < 2**32
    with Ledger.open(path) as ledger:
        assert not ledger.restored_at_open
        more = ledger.allocate(5)
        assert {each.list for each in more} == {after[0].list}
        assert not {*after} & {*more}
    return [*after, *more]


@pytest.mark.parametrize("restore", BACK.values(), ids=BACK)
def test_a_backup_put_back(tmp_path, restore):
    folder, backup = tmp_path / "workspace", tmp_path / "backup"
    with create(folder) as ledger:
        taken = ledger.allocate(5)
    shutil.copytree(folder, backup)
    with Ledger.open(folder / "ledger.sqlite") as ledger:
        assert not ledger.restored_at_open
        taken += ledger.allocate(50)
    restore(backup, folder)
    restored(folder / "ledger.sqlite", taken, AT)
    with Ledger.open(folder / "ledger.sqlite") as ledger:
        assert [each.at for each in ledger.restores()] == [AT]
        closed = ledger.lists()[0]
        assert (closed.number, closed.closed) == (1, True)
        assert ledger.lists()[1].closed is False


ELSEWHERE = {
    "cp -r": shell('cp -r "$BACKUP" "$FOLDER"'),
    "cp -a": shell('cp -a "$BACKUP" "$FOLDER"'),
    "tar": shell('mkdir "$FOLDER" && tar -C "$BACKUP" -c . | tar -C "$FOLDER" -x'),
    "shutil": shutil.copytree,
}


@pytest.mark.parametrize("copy", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_copy_and_its_original_go_on_apart(tmp_path, copy):
    original, double = tmp_path / "original", tmp_path / "double"
    with create(original) as ledger:
        taken = ledger.allocate(5)
    copy(original, double)
    theirs = restored(double / "ledger.sqlite", taken)
    with Ledger.open(original / "ledger.sqlite") as ledger:
        assert not ledger.restored_at_open
        ours = ledger.allocate(5)
    assert {each.list for each in ours} == {1}
    # Another copy of the same backup goes its own way.
    copy(original, tmp_path / "triple")
    restored(tmp_path / "triple" / "ledger.sqlite", [*taken, *ours, *theirs])


def test_a_copy_that_never_issued_anything(tmp_path):
    create(tmp_path / "original").close()
    shutil.copytree(tmp_path / "original", tmp_path / "double")
    restored(tmp_path / "double" / "ledger.sqlite", [])


def test_restored_twice(tmp_path):
    folder, backup = tmp_path / "workspace", tmp_path / "backup"
    with create(folder) as ledger:
        taken = ledger.allocate(5)
    shutil.copytree(folder, backup)
    for _ in range(2):
        shutil.copytree(backup, folder, dirs_exist_ok=True)
        taken += restored(folder / "ledger.sqlite", taken)


def test_lists_after_a_restore_are_counted_up(tmp_path):
    with create(tmp_path / "a") as ledger:
        taken = ledger.allocate(5)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    path = tmp_path / "b" / "ledger.sqlite"
    first = restored(path, taken)[0].list
    with Ledger.open(path) as ledger:
        assert {each.list for each in ledger.allocate(SIZE)} == {first, first + 1}


def test_a_number_that_a_known_list_has_is_passed_over(tmp_path):
    with create(tmp_path / "a") as ledger:
        number = ledger.open_new_list()
        ledger.adopt_list(number + 1)
        numbers = {each.list for each in ledger.allocate(SIZE + 1)}
        assert len(numbers) == 2
        assert number + 1 not in numbers
        assert len(ledger.lists()) == 3


def test_a_lost_revocation_is_noticed(tmp_path):
    path = tmp_path / "workspace" / "ledger.sqlite"
    with create(path.parent) as ledger:
        (reference,) = ledger.allocate()
    shutil.copy(path, tmp_path / "backup")
    with Ledger.open(path) as ledger:
        ledger.revoke(reference, None, "reason", AT)
    shutil.copy(tmp_path / "backup", path)
    with Ledger.open(path) as ledger:
        assert ledger.restored_at_open
        assert "older than ledger.mark" in ledger.restores()[0].evidence
        # The token proves its place, so that it is revoked once more.
        ledger.revoke(reference, None, "reason", AT)
        assert len(ledger.restores()) == 1


NOTHING = {
    "nothing": lambda path: path,
    "the folder renamed": lambda path: path.parent.rename(path.parent.with_name("b")) / path.name,
    "the folder moved": lambda path: (
        Path(shutil.move(path.parent, path.parent.parent / "new")) / path.name
    ),
    "read and backed up": lambda path: (shutil.copytree(path.parent, f"{path.parent}2"), path)[1],
    "permissions of the folder": lambda path: (path.parent.chmod(0o755), path)[1],
    "permissions of the ledger": lambda path: (path.chmod(0o640), path)[1],
}


@pytest.mark.parametrize("happened", NOTHING.values(), ids=NOTHING)
def test_what_is_no_restore(tmp_path, happened):
    with create(tmp_path / "a") as ledger:
        ledger.allocate(5)
    with Ledger.open(happened(tmp_path / "a" / "ledger.sqlite")) as ledger:
        assert not ledger.restored_at_open
        assert {each.list for each in ledger.allocate(5)} == {1}


def test_a_ledger_opened_through_a_link_is_the_same(tmp_path):
    with create(tmp_path / "a") as ledger:
        taken = ledger.allocate(5)
    (tmp_path / "link").symlink_to(tmp_path / "a" / "ledger.sqlite")
    with Ledger.open(tmp_path / "link") as ledger:
        assert not ledger.restored_at_open
        assert len({*taken, *ledger.allocate(5)}) == 10
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a", "link"]


def test_a_mark_that_lags_shows_nothing(tmp_path):
    path = tmp_path / "a" / "ledger.sqlite"
    with create(path.parent) as ledger:
        ledger.allocate(5)
        lagging = path.with_suffix(".mark").read_bytes()
        ledger.allocate(5)
    path.with_suffix(".mark").write_bytes(lagging)
    with Ledger.open(path) as ledger:
        assert not ledger.restored_at_open
        ledger.allocate(1)
    assert path.with_suffix(".mark").read_bytes().endswith(b" 11\n")


def test_a_mark_is_never_set_back(tmp_path):
    path, identifier = tmp_path / "ledger.sqlite", bytes(16)
    for generation, expected in ((7, 7), (5, 7), (8, 8)):
        write_mark(path, identifier, generation)
        assert read_mark(path, identifier) == expected
    # Another ledger's mark says nothing.
    assert read_mark(path, bytes(15) + b"x") is None
    write_mark(path, bytes(15) + b"x", 1)
    assert read_mark(path, bytes(15) + b"x") == 1


@pytest.mark.parametrize("content", [b"", b"\0" * 40, b"0" * 32 + b" 1\n", b"9" * 5000])
def test_a_damaged_mark_counts_as_a_restore(tmp_path, content):
    path = tmp_path / "a" / "ledger.sqlite"
    with create(path.parent) as ledger:
        taken = ledger.allocate(5)
    path.with_suffix(".mark").write_bytes(content)
    restored(path, taken)


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(bytes(16))])
def test_a_missing_or_foreign_id_file_counts_as_a_restore(tmp_path, change):
    path = tmp_path / "a" / "ledger.sqlite"
    with create(path.parent) as ledger:
        taken = ledger.allocate(5)
    change(path.with_suffix(".id"))
    restored(path, taken)


def test_a_ledger_made_where_one_was_lost_starts_with_other_lists(tmp_path):
    path = tmp_path / "a" / "ledger.sqlite"
    with create(path.parent) as ledger:
        taken = ledger.allocate(5)
    path.unlink()
    with Ledger.create(path, list_size=SIZE) as ledger:
        assert ledger.restored_at_open
        (after,) = ledger.allocate()
    assert after.list >= RANDOM_MIN
    assert after not in taken
    with Ledger.open(path) as ledger:
        assert not ledger.restored_at_open


def test_permissions_are_mended_with_a_restore(tmp_path):
    create(tmp_path / "a").close()
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    for each in (tmp_path / "b").iterdir():
        each.chmod(0o644)
    Ledger.open(tmp_path / "b" / "ledger.sqlite").close()
    assert {each.stat().st_mode & 0o777 for each in (tmp_path / "b").iterdir()} == {0o600}


def test_a_new_list_for_what_cannot_be_noticed(tmp_path):
    with create(tmp_path / "a") as ledger:
        taken = ledger.allocate(5)
        number = ledger.open_new_list(AT)
        assert number >= RANDOM_MIN
        assert {each.list for each in ledger.allocate(5)} == {number}
        assert ledger.lists()[0].closed
        assert ledger.restores() == [(AT, "a new list was asked for")]
        # What the closed list handed out can still be revoked.
        ledger.revoke(taken[0], None, "reason", AT)
        ledger.revoke(StatusIndex(1, taken[1].index), None, "reason", AT)
        assert len(ledger.changed(1)) == 2
        assert len(ledger.restores()) == 1


def test_a_file_replaced_while_it_is_open(tmp_path):
    path = tmp_path / "a" / "ledger.sqlite"
    with create(path.parent) as ledger:
        taken = ledger.allocate(5)
        shutil.copy(path, tmp_path / "backup")
        (tmp_path / "backup").replace(path)
        with pytest.raises(LedgerError, match="replaced while it was open"):
            ledger.allocate()
    assert len(taken) == 5
