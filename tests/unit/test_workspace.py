"""The issuer's own folder: files whole or not at all, keys for their owner alone."""

import errno
import json
import os
import stat
from datetime import UTC, datetime, timedelta

import pytest

import signedcert as sc
from issuing import minimal
from signedcert import TrustError
from signedcert.model.issuer_document import KeyEnd, KeyRevocation, KeyUse
from signedcert.workspace import atomic_files
from signedcert.workspace.atomic_files import replace, write_new
from signedcert.workspace.creation import Plan, Secrets, check_spare, create_workspace
from signedcert.workspace.key_changes import NewKey, end_key, rotate
from signedcert.workspace.key_file import checked_passphrase, read_key_file
from signedcert.workspace.key_set import jwk, jwk_set
from signedcert.workspace.ledger import LedgerError
from signedcert.workspace.settings import Settings, WorkspaceError
from signedcert.workspace.workspace import Workspace, keys_in_order, public_key_of

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)


def plan(**options):
    fields = {"issuer": "learn.example.edu", "page": "https://learn.example.edu/c/", "now": NOW}
    return Plan(**fields | options)


def create(folder, **options):
    return create_workspace(folder, plan(**options), lambda: Secrets(None, None))


def key_of(owner, use=KeyUse.STATEMENTS):
    """The newest public key of a use."""
    return public_key_of(keys_in_order(owner.document(), use)[-1])


def never(_):
    raise AssertionError("a key in the clear needs no passphrase")


def test_new_ids_differ_and_have_ten_bytes():
    ids = {sc.new_id() for _ in range(100)}
    assert len(ids) == 100
    assert {len(each) for each in ids} == {10}


def test_folders_that_are_made_on_demand_are_for_their_owner_alone(tmp_path):
    owner = create(tmp_path / "w")
    before = {path.name for path in owner.folder.iterdir()}
    makers = {"holders": owner.make_holders_folder, "sealed": owner.make_sealed_folder}
    for name, make in makers.items():
        made = make()
        assert made == owner.folder / name
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
        (made / "x").touch()
        assert make() == made
    assert (owner.holders_folder, owner.sealed_folder) == (
        owner.folder / "holders", owner.folder / "sealed",
    )  # fmt: skip
    assert {path.name for path in owner.folder.iterdir()} - before == {"holders", "sealed"}


class TestSpareRoots:
    def test_in_the_workspace_under_any_name(self, tmp_path):
        owner = create(tmp_path / "w")
        (tmp_path / "link").symlink_to(owner.folder)
        for spare in ("w/spare.pem", "w/roots/spare.pem", "link/spare.pem", "x/../w/spare.pem"):
            with pytest.raises(WorkspaceError, match="is in the workspace"):
                check_spare(tmp_path / spare, owner.folder)

    def test_where_it_can_be_nothing_is_said(self, tmp_path):
        owner = create(tmp_path / "w")
        check_spare(tmp_path / "spare.pem", owner.folder)
        assert {path.name for path in tmp_path.iterdir()} == {"w"}

    def test_where_something_is_or_no_folder(self, tmp_path):
        (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
        (tmp_path / "file").touch()
        for spare in ("dangling", "file", ".", ".."):
            with pytest.raises(WorkspaceError, match="exists already"):
                check_spare(tmp_path / spare, tmp_path / "w")
        for spare in ("missing/spare.pem", "file/spare.pem"):
            with pytest.raises(WorkspaceError, match="is no folder"):
                check_spare(tmp_path / spare, tmp_path / "w")

    def test_the_hardware_comes_last(self, tmp_path):
        """What it makes stays there, so everything else is refused before."""

        def never_made():
            raise AssertionError("a key was made")

        (tmp_path / "file").touch()
        for folder, options in (
            ("w", {"spare_root": tmp_path / "missing" / "spare.pem"}),
            ("w", {"spare_root": tmp_path / "w" / "workspace.json"}),
            ("w", {"home_page": "example.edu"}),
            ("w", {"now": datetime(9999, 12, 1, tzinfo=UTC)}),
            ("file/w", {}),
        ):
            with pytest.raises((WorkspaceError, ValueError, OverflowError)):
                create_workspace(
                    tmp_path / folder, plan(**options), lambda: Secrets(None, None), never_made
                )
        assert {path.name for path in tmp_path.iterdir()} == {"file"}


class TestAtomicFiles:
    def test_new_files_have_their_content_and_mode(self, tmp_path):
        write_new({tmp_path / "a": b"1", tmp_path / "b": b"2"}, mode=0o600)
        assert (tmp_path / "a").read_bytes() == b"1"
        assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600
        assert len(list(tmp_path.iterdir())) == 2

    def test_nothing_is_overwritten_and_then_nothing_written(self, tmp_path):
        (tmp_path / "b").write_bytes(b"old")
        with pytest.raises(FileExistsError) as caught:
            write_new({tmp_path / "a": b"1", tmp_path / "b": b"2"})
        assert caught.value.filename == str(tmp_path / "b")
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"b": b"old"}

    def test_a_link_in_the_way_is_not_followed(self, tmp_path):
        (tmp_path / "a").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(FileExistsError):
            write_new({tmp_path / "a": b"1"})
        assert not (tmp_path / "elsewhere").exists()

    @pytest.mark.parametrize("taken", [False, True])
    def test_file_systems_without_hard_links(self, tmp_path, monkeypatch, taken):
        def link(*_):
            raise OSError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(atomic_files.os, "link", link)
        if taken:
            (tmp_path / "a").write_bytes(b"old")
            with pytest.raises(FileExistsError):
                write_new({tmp_path / "a": b"1"})
        else:
            write_new({tmp_path / "a": b"1"})
        assert (tmp_path / "a").read_bytes() == (b"old" if taken else b"1")
        assert len(list(tmp_path.iterdir())) == 1

    @pytest.mark.parametrize("interrupt", [OSError(5, "Input/output error"), KeyboardInterrupt()])
    def test_replacing_leaves_the_old_file_when_it_fails(self, tmp_path, monkeypatch, interrupt):
        path = tmp_path / "a"
        replace(path, b"old")

        def fsync(_):
            raise interrupt

        monkeypatch.setattr(atomic_files.os, "fsync", fsync)
        with pytest.raises(type(interrupt)):
            replace(path, b"new")
        assert path.read_bytes() == b"old"
        assert len(list(tmp_path.iterdir())) == 1

    def test_data_is_on_the_disk_before_it_has_its_name(self, tmp_path, monkeypatch):
        order = []
        real_fsync, real_link = os.fsync, os.link
        monkeypatch.setattr(
            atomic_files.os, "fsync", lambda fd: (order.append("fsync"), real_fsync(fd))
        )
        monkeypatch.setattr(
            atomic_files.os, "link", lambda *paths: (order.append("link"), real_link(*paths))
        )
        write_new({tmp_path / "a": b"1", tmp_path / "b": b"2"})
        assert order == ["fsync", "fsync", "link", "link", "fsync"]

    def test_a_failure_names_the_file_that_was_wanted(self, tmp_path, monkeypatch):
        def full(_):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(atomic_files.os, "fsync", full)
        for write in (lambda p: replace(p, b""), lambda p: write_new({p: b""})):
            with pytest.raises(OSError, match="No space left") as caught:
                write(tmp_path / "a")
            assert caught.value.filename == str(tmp_path / "a")

    @pytest.mark.parametrize("write", [replace, lambda p, data: write_new({p: data})])
    def test_a_read_only_file_system_does_not_hide_the_name(self, tmp_path, monkeypatch, write):
        def read_only(path, *_, **__):
            raise OSError(errno.EROFS, "Read-only file system", str(path))

        monkeypatch.setattr(atomic_files.os, "open", read_only)
        monkeypatch.setattr(atomic_files.Path, "unlink", read_only)
        with pytest.raises(OSError, match="Read-only") as caught:
            write(tmp_path / "a", b"1")
        assert caught.value.filename == str(tmp_path / "a")

    def test_without_hard_links_a_failure_leaves_no_file(self, tmp_path, monkeypatch):
        def link(*_):
            raise OSError(errno.EPERM, "Operation not permitted")

        def unplugged(*_):
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(atomic_files.os, "link", link)
        monkeypatch.setattr(atomic_files.Path, "replace", unplugged)
        with pytest.raises(OSError, match="Input/output"):
            write_new({tmp_path / "a": b"1"})
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_is_missing(self, tmp_path):
        for write in (lambda p: replace(p, b""), lambda p: write_new({p: b""})):
            with pytest.raises(FileNotFoundError):
                write(tmp_path / "missing" / "a")


class TestKeyFiles:
    @pytest.mark.skipif(os.name == "nt", reason="permissions")
    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
    def test_others_must_not_reach_it(self, tmp_path, mode):
        path = tmp_path / "it's a key.pem"
        path.write_bytes(sc.SoftwareSigner.generate().to_pem(None))
        path.chmod(mode)
        with pytest.raises(sc.KeyFileError) as caught:
            read_key_file(path, never)
        remedy = str(caught.value).partition("mend it with: ")[2]
        assert os.system(remedy) == 0
        assert read_key_file(path, never)

    def test_the_passphrase_is_asked_for_only_where_it_is_needed(self, tmp_path):
        signer = sc.SoftwareSigner.generate()
        path = tmp_path / "key.pem"
        path.write_bytes(signer.to_pem(b"secret"))
        path.chmod(0o600)
        asked = []
        read = read_key_file(path, lambda p: asked.append(p) or b"secret")
        assert read.public_key == signer.public_key
        assert asked == [path]

    @pytest.mark.parametrize("passphrase", [b"", b"x" * 1024])
    def test_passphrases_that_cannot_be_used(self, passphrase):
        with pytest.raises(sc.KeyFileError):
            checked_passphrase(passphrase)


class TestKeySet:
    def test_it_is_what_trust_reads(self):
        key = sc.SoftwareSigner.generate().public_key
        data = jwk_set("learn.example.edu", [jwk(key, NOW, timedelta(days=7))], NOW)
        trust = sc.Trust.from_jwks("learn.example.edu", data)
        (entry,) = trust.keys
        assert entry.public_key == key
        assert (entry.not_before, entry.not_after) == (NOW, NOW + timedelta(days=7))
        assert trust.published == {"learn.example.edu": NOW}


class TestWorkspace:
    def test_opened_it_is_what_was_made(self, tmp_path):
        made = create(tmp_path / "w")
        assert Workspace.open(tmp_path / "w") == made
        for use in KeyUse:
            assert made.signer(use, NOW, never).public_key == key_of(made, use)
        root = made.root_signer(never)
        assert made.document().roots == (root.public_key.raw,)
        assert made.settings.first_root == root.public_key.thumbprint

    def test_its_ledger_was_made_with_it(self, tmp_path):
        made = create(tmp_path / "w", list_size=7)
        with made.open_ledger(NOW) as ledger:
            assert not ledger.restored_at_open
            assert {each.list for each in ledger.allocate(8)} == {1, 2}

    def test_what_it_signs_verifies_with_what_it_publishes(self, tmp_path):
        made = create(tmp_path / "w")
        token = sc.issue(minimal(issued_at=NOW), made.signer(KeyUse.STATEMENTS, NOW, never))
        assert sc.verify(token, made.trust(), now=NOW).status is sc.Status.VALID
        keys = sc.Trust.from_jwks(made.issuer, made.jwks_file.read_bytes())
        assert sc.verify(token, keys, now=NOW).status is sc.Status.VALID

    def test_a_key_for_status_lists_signs_no_statement(self, tmp_path):
        made = create(tmp_path / "w")
        token = sc.issue(minimal(issued_at=NOW), made.signer(KeyUse.STATUS, NOW, never))
        assert sc.verify(token, made.trust(), now=NOW).status is not sc.Status.VALID

    @pytest.mark.parametrize("seconds", [-1, 7 * 86_400])
    @pytest.mark.parametrize("use", list(KeyUse))
    def test_no_key_signs_outside_of_its_period(self, tmp_path, seconds, use):
        made = create(tmp_path / "w", key_period=timedelta(days=7))
        assert made.signer(use, NOW + timedelta(days=7, seconds=-1), never)
        with pytest.raises(WorkspaceError, match="no signing key"):
            made.signer(use, NOW + timedelta(seconds=seconds), never)

    @pytest.mark.parametrize("end", list(KeyEnd))
    def test_the_newest_of_several_keys_signs_and_an_ended_one_does_not(self, tmp_path, end):
        made = create(tmp_path / "w")
        first, later = key_of(made), NOW + timedelta(days=1)
        new = NewKey(KeyUse.STATEMENTS, later)
        newer = rotate(made, new, lambda: made.root_signer(never), NOW)
        at = NOW + timedelta(days=2)
        assert made.signer(KeyUse.STATEMENTS, at, never).public_key == newer
        assert made.signer(KeyUse.STATEMENTS, NOW, never).public_key == first
        ended = KeyRevocation(end=end, since=at)
        end_key(made, newer.kid, lambda _: ended, lambda: made.root_signer(never), at)
        assert made.signer(KeyUse.STATEMENTS, at, never).public_key == first

    def test_a_missing_key_file_lets_the_one_before_sign(self, tmp_path):
        made = create(tmp_path / "w")
        first = key_of(made)
        newer = rotate(made, NewKey(KeyUse.STATEMENTS, NOW), lambda: made.root_signer(never), NOW)
        file = made.keys_folder / f"{newer.kid.hex()}.pem"
        file.unlink()
        assert made.signer(KeyUse.STATEMENTS, NOW, never).public_key == first
        (made.keys_folder / f"{first.kid.hex()}.pem").unlink()
        with pytest.raises(WorkspaceError, match=f"{file.name} is missing"):
            made.signer(KeyUse.STATEMENTS, NOW, never)

    def test_of_keys_that_begin_in_one_second_the_last_made_signs(self, tmp_path):
        made = create(tmp_path / "w")
        for _ in range(4):
            new = NewKey(KeyUse.STATEMENTS, NOW)
            key = rotate(made, new, lambda: made.root_signer(never), NOW)
            assert made.signer(KeyUse.STATEMENTS, NOW, never).public_key == key

    def test_a_damaged_document_is_named(self, tmp_path):
        made = create(tmp_path / "w")
        made.document_file.write_bytes(b"\xd2")
        with pytest.raises(WorkspaceError) as caught:
            made.trust()
        assert str(made.document_file) in str(caught.value)

    def test_a_document_of_another_root_is_refused(self, tmp_path):
        made, other = create(tmp_path / "w"), create(tmp_path / "other")
        made.document_file.write_bytes(other.document_file.read_bytes())
        with pytest.raises(WorkspaceError, match="root"):
            made.document()

    def test_a_root_key_of_somebody_else_is_refused(self, tmp_path):
        made, other = create(tmp_path / "w"), create(tmp_path / "other")
        (file,) = other.root_folder.iterdir()
        with pytest.raises(WorkspaceError, match="no root of the present epoch"):
            made.root_signer(never, file)

    def test_an_issuer_that_is_no_host(self, tmp_path):
        with pytest.raises(TrustError, match=r"the issuer: .*host"):
            create(tmp_path / "w", issuer="X.org")

    def test_an_interrupt_leaves_nothing(self, tmp_path, monkeypatch):
        def interrupted(*_, **__):
            raise KeyboardInterrupt

        monkeypatch.setattr("signedcert.workspace.creation.write_new", interrupted)
        with pytest.raises(KeyboardInterrupt):
            create(tmp_path / "a" / "b" / "w")
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_was_there_stays(self, tmp_path, monkeypatch):
        def full(*_, **__):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("signedcert.workspace.creation.write_new", full)
        with pytest.raises(OSError, match="No space"):
            create(tmp_path)
        assert tmp_path.exists()
        assert list(tmp_path.iterdir()) == []

    def test_no_passphrase_is_asked_for_a_folder_that_cannot_be_used(self, tmp_path):
        (tmp_path / "x").write_text("x")
        with pytest.raises(WorkspaceError):
            create_workspace(tmp_path, plan(), lambda: never(None))

    def test_no_hardware_is_asked_for_a_folder_that_cannot_be_used(self, tmp_path):
        (tmp_path / "x").write_text("x")
        with pytest.raises(WorkspaceError):
            create_workspace(
                tmp_path, plan(), lambda: Secrets(None, None), hardware=lambda: never(None)
            )

    def test_secrets_do_not_show(self):
        assert "horse" not in repr(Secrets(b"correct horse", b"horse"))
        new = NewKey(KeyUse.STATEMENTS, NOW, passphrase=b"correct horse")
        assert "horse" not in repr(new)

    @pytest.mark.parametrize(
        "changed",
        [{"page": page} for page in (None, 5, "ftp://x/", "https://a.example/#b")]
        + [{"first_root": root} for root in (None, 5, "", "00", "g" * 64, "A" * 64)]
        + [{"issuer": issuer} for issuer in (None, 5, "", "X.org")],
    )
    def test_damaged_settings(self, tmp_path, changed):
        settings = {
            "format": 2,
            "issuer": "a.example",
            "page": "https://a.example/c/",
            "first_root": "00" * 32,
        }
        file = tmp_path / "workspace.json"
        file.write_text(json.dumps(settings))
        expected = Settings("a.example", "https://a.example/c/", bytes(32))
        assert Workspace.open(tmp_path).settings == expected
        file.write_text(json.dumps(settings | changed))
        with pytest.raises(WorkspaceError, match="damaged"):
            Workspace.open(tmp_path)

    def test_the_ledger_is_never_made_by_opening_it(self, tmp_path):
        made = create(tmp_path / "w")
        for path in made.folder.glob("ledger.*"):
            path.unlink()
        with pytest.raises(LedgerError, match="there is no ledger"):
            made.open_ledger(NOW)
        assert list(made.folder.glob("ledger.*")) == []
