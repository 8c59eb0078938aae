"""Where a site may lie, and what looks like a private key in it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from issuing import SIGNER
from signedcert.workspace.creation import Plan, Secrets, create_workspace
from signedcert.workspace.publication import publish
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.site import private_files as private_files_module
from signedcert.workspace.site.place import check_place
from signedcert.workspace.site.private_files import private_files
from signedcert.workspace.workspace import Workspace

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
PEM = SIGNER.to_pem(None)


def put(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.fixture
def owner(tmp_path: Path) -> Workspace:
    plan = Plan("learn.example.edu", "https://learn.example.edu/c/", NOW)
    return create_workspace(tmp_path / "a" / "ws", plan, lambda: Secrets(None, None))


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


class TestPlace:
    @pytest.mark.parametrize("place", ["", "keys", "public", "roots", "site", "keys/../new/deeper"])
    def test_in_the_workspace_nothing_is_published(self, owner, place):
        before = everything(owner.folder.parent)
        with pytest.raises(WorkspaceError, match="is in the workspace"):
            publish(owner, owner.folder / place, lambda _: b"", NOW + timedelta(days=1))
        assert everything(owner.folder.parent) == before

    @pytest.mark.parametrize("up", ["..", "../.."])
    def test_nor_where_the_workspace_would_be_on_the_web(self, owner, up):
        before = everything(owner.folder.parent)
        with pytest.raises(WorkspaceError, match="contains the workspace"):
            publish(owner, owner.folder / up, lambda _: b"", NOW + timedelta(days=1))
        assert everything(owner.folder.parent) == before

    def test_from_inside_under_relative_names(self, owner, monkeypatch):
        monkeypatch.chdir(owner.folder)
        for out in (".", "keys", "../ws", "x"):
            with pytest.raises(WorkspaceError, match="is in the workspace"):
                check_place(Path(out), Path())
        check_place(Path("../site"), Path())

    def test_links_lead_where_they_lead(self, owner, tmp_path):
        (tmp_path / "to-keys").symlink_to(owner.keys_folder)
        (tmp_path / "to-ws").symlink_to(owner.folder)
        with pytest.raises(WorkspaceError, match="is in the workspace"):
            check_place(tmp_path / "to-keys", owner.folder)
        with pytest.raises(WorkspaceError, match="is in the workspace"):
            check_place(owner.folder / "new", tmp_path / "to-ws")

    def test_names_that_only_begin_alike_are_others(self, owner):
        check_place(owner.folder.with_name("ws-site"), owner.folder)
        check_place(owner.folder.with_name("w"), owner.folder)

    def test_a_folder_with_a_private_key_in_it_is_refused_and_stays_as_it_was(
        self, owner, tmp_path
    ):
        out = tmp_path / "site"
        publish(owner, out, lambda _: b"", NOW + timedelta(days=1))
        put(out / "deep" / "er" / "spare.pem", PEM)
        before = everything(out)
        with pytest.raises(WorkspaceError) as caught:
            publish(owner, out, lambda _: b"", NOW + timedelta(days=2))
        assert f"{out}/deep/er/spare.pem;" in str(caught.value)
        assert "compromise" in str(caught.value)
        assert everything(out) == before

    def test_of_many_three_are_named(self, tmp_path):
        for number in range(5):
            put(tmp_path / "site" / f"{number}.pem", PEM)
        with pytest.raises(WorkspaceError, match=r"2\.pem and 2 more;"):
            check_place(tmp_path / "site", tmp_path / "ws")


class TestPrivateFiles:
    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("workspace.json", b"{}"),
            ("a/b/c/ledger.sqlite", b""),
            ("ledger.sqlite-wal", b""),
            ("keys/1.pem", b""),
            ("x/roots/1.pem", b""),
            ("holders/1.pem", b""),
            ("spare.pem", PEM),
            ("spare.PEM", PEM),
            ("a/b/c/d/e/f/spare.pem", SIGNER.to_pem(b"secret")),
            ("bag.pem", b"Bag Attributes\n    friendlyName: x\n" + PEM),
            ("tls.key", b"-----BEGIN EC PRIVATE KEY-----\n"),
            (".well-known/no-end", PEM),
            ("id_ed25519", b"-----BEGIN OPENSSH PRIVATE KEY-----\n"),
        ],
    )
    def test_it_is_found_at_any_depth(self, tmp_path, name, data):
        put(tmp_path / "index.html")
        put(tmp_path / name, data)
        assert private_files(tmp_path) == [name]

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("chain.pem", b"-----BEGIN CERTIFICATE-----\n"),
            ("key.pem", b"-----BEGIN PUBLIC KEY-----\n"),
            ("how-to.html", b"<p>It begins with -----BEGIN PRIVATE KEY-----"),
            ("keys/index.html", b"x"),
            ("other.json", b"{}"),
        ],
    )
    def test_what_may_be_published_is_not(self, tmp_path, name, data):
        put(tmp_path / name, data)
        assert private_files(tmp_path) == []

    def test_a_missing_folder_has_none(self, tmp_path):
        assert private_files(tmp_path / "missing") == []

    def test_links_are_followed_and_loops_end(self, tmp_path):
        put(tmp_path / "elsewhere" / "1.pem", PEM)
        site = tmp_path / "site"
        site.mkdir()
        (site / "loop").symlink_to(site)
        (site / "keys").symlink_to(tmp_path / "elsewhere")
        (site / "file").symlink_to(tmp_path / "elsewhere" / "1.pem")
        (site / "gone").symlink_to(tmp_path / "gone")
        assert private_files(site) == ["file", "keys/1.pem"]

    def test_what_would_wait_for_ever_is_not_opened(self, tmp_path):
        os.mkfifo(tmp_path / "x.pem")
        assert private_files(tmp_path) == []

    def test_the_top_is_looked_at_first(self, tmp_path, monkeypatch):
        monkeypatch.setattr(private_files_module, "_ENTRIES_MAX", 3)
        for name in ("a/1", "a/2", "a/3/4", "b/spare.pem"):
            put(tmp_path / name, PEM if name.endswith("pem") else b"x")
        put(tmp_path / "spare.pem", PEM)
        assert private_files(tmp_path) == ["spare.pem"]
