"""The issuer's own folder: files whole or not at all, keys for their owner alone."""

import errno
import json
import os
import stat
from datetime import UTC, datetime, timedelta

import pytest

import signedcert as sc
from signedcert import TrustError
from signedcert.workspace import atomic_files
from signedcert.workspace.atomic_files import replace, write_new
from signedcert.workspace.key_file import checked_passphrase, read_key_file
from signedcert.workspace.key_set import jwk, jwk_set
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.workspace import Workspace, create_workspace

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)


def create(folder, **options):
    page = "https://learn.example.edu/c/"
    return create_workspace(folder, "learn.example.edu", page, lambda: None, now=NOW, **options)


def never(_):
    raise AssertionError("a key in the clear needs no passphrase")


def test_new_ids_differ_and_have_ten_bytes():
    ids = {sc.new_id() for _ in range(100)}
    assert len(ids) == 100
    assert {len(each) for each in ids} == {10}


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
        signer = made.signer(NOW, never)
        (entry,) = made.listed_keys()
        assert signer.public_key == entry.public_key
        assert made.published_at == "https://learn.example.edu/.well-known/jwks.json"

    def test_what_it_signs_verifies_with_what_it_publishes(self, tmp_path):
        made = create(tmp_path / "w")
        certificate = sc.Certificate(
            id=sc.new_id(), issuer=made.issuer, issued_at=NOW, learner=sc.Person(name="A"),
            course=sc.Course(title="T", institution="I"), completed_on=NOW.date(),
        )  # fmt: skip
        token = sc.issue(certificate, made.signer(NOW, never))
        assert sc.verify(token, made.trust(), now=NOW).status is sc.Status.VALID

    @pytest.mark.parametrize("seconds", [-1, 7 * 86_400])
    def test_no_key_signs_outside_of_its_period(self, tmp_path, seconds):
        made = create(tmp_path / "w", key_period=timedelta(days=7))
        assert made.signer(NOW + timedelta(days=7, seconds=-1), never)
        with pytest.raises(WorkspaceError, match="no signing key"):
            made.signer(NOW + timedelta(seconds=seconds), never)

    def test_the_newest_of_several_keys_signs_and_a_revoked_one_does_not(self, tmp_path):
        made = create(tmp_path / "w")
        document = json.loads(made.jwks_file.read_text())
        newer = sc.SoftwareSigner.generate()
        replace(made.key_file(newer.public_key), newer.to_pem(None), mode=0o600)
        later = NOW + timedelta(days=1)
        document["keys"].insert(0, jwk(newer.public_key, later, timedelta(days=365)))
        made.jwks_file.write_text(json.dumps(document))
        at = NOW + timedelta(days=2)
        assert made.signer(at, never).public_key == newer.public_key
        assert made.signer(NOW, never).public_key != newer.public_key
        revoked = {"revoked_at": int(at.timestamp()), "reason": "superseded"}
        document["keys"][0]["revoked"] = revoked
        made.jwks_file.write_text(json.dumps(document))
        assert made.signer(at, never).public_key != newer.public_key

    def test_a_damaged_key_set_is_named(self, tmp_path):
        made = create(tmp_path / "w")
        made.jwks_file.write_text("{}")
        with pytest.raises(sc.TrustError) as caught:
            made.trust()
        assert str(made.jwks_file) in str(caught.value)

    def test_an_issuer_that_is_no_host(self, tmp_path):
        with pytest.raises(TrustError, match=r"the issuer: .*host"):
            create_workspace(tmp_path / "w", "X.org", "https://x.org/c/", lambda: None, now=NOW)

    def test_an_interrupt_leaves_nothing(self, tmp_path, monkeypatch):
        def interrupted(*_, **__):
            raise KeyboardInterrupt

        monkeypatch.setattr("signedcert.workspace.workspace.write_new", interrupted)
        with pytest.raises(KeyboardInterrupt):
            create(tmp_path / "a" / "b" / "w")
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_was_there_stays(self, tmp_path, monkeypatch):
        def full(*_, **__):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("signedcert.workspace.workspace.write_new", full)
        with pytest.raises(OSError, match="No space"):
            create(tmp_path)
        assert tmp_path.exists()
        assert list(tmp_path.iterdir()) == []

    def test_no_passphrase_is_asked_for_a_folder_that_cannot_be_used(self, tmp_path):
        (tmp_path / "x").write_text("x")
        with pytest.raises(WorkspaceError):
            create_workspace(tmp_path, "a.example", "https://a.example/c/", never, now=NOW)

    @pytest.mark.parametrize("page", [None, 5, "ftp://x/", "https://a.example/#b"])
    def test_damaged_settings(self, tmp_path, page):
        settings = {"format": 1, "issuer": "a.example", "page": page}
        (tmp_path / "workspace.json").write_text(json.dumps(settings))
        with pytest.raises(WorkspaceError, match="damaged"):
            Workspace.open(tmp_path)
