"""Publishing into a folder: what comes into it, what stays in it, what is refused."""

import contextlib
import errno
import fcntl
import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.site import folder_copy, folder_exchange
from signedcert.workspace.site.folder import publish_folder
from signedcert.workspace.site.folder_exchange import exchange
from signedcert.workspace.site.paths import MANIFEST_FILE

SITE = {".well-known/jwks.json": b"keys", "status/0.cwt": b"zero", "_headers": b"headers"}


def content(folder: Path) -> dict[str, bytes]:
    """Every file but the manifest, and a slash after the names of empty folders."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = b"-> " + os.fsencode(path.readlink())
        elif path.is_file():
            found[name] = path.read_bytes()
        elif not any(path.iterdir()):
            found[name + "/"] = b""
    found.pop(MANIFEST_FILE, None)
    return found


def beside(out: Path) -> set[str]:
    """What else is in the parent folder."""
    return {path.name for path in out.parent.iterdir()} - {out.name}


@pytest.fixture(params=["exchange", "two renames"])
def out(request, tmp_path, monkeypatch) -> Path:
    if request.param == "two renames":
        monkeypatch.setattr(folder_exchange, "exchange", lambda *_: False)
    return tmp_path / "public"


class TestFolder:
    def test_it_holds_the_files_and_nothing_is_left_beside_it(self, out):
        publish_folder(out, SITE)
        assert content(out) == SITE
        assert beside(out) == {".public.lock"}

    def test_files_that_are_no_longer_published_disappear_with_their_folders(self, out):
        publish_folder(out, SITE | {"status/1.cwt": b"one", "a/b/c": b"deep"})
        publish_folder(out, {"_headers": b"new"})
        assert content(out) == {"_headers": b"new"}
        publish_folder(out, SITE)
        assert content(out) == SITE

    def test_the_manifest_lists_our_files_and_itself(self, out):
        publish_folder(out, SITE)
        lines = (out / MANIFEST_FILE).read_text().splitlines()
        assert [line for line in lines if not line.startswith("#")] == sorted(
            [*SITE, MANIFEST_FILE]
        )

    def test_what_is_not_ours_is_carried_over(self, out):
        publish_folder(out, SITE)
        theirs = {
            "index.html": b"<p>", "status/mine.txt": b"mine", ".well-known/security.txt": b"s",
            "deep/er/page": b"p",
        }  # fmt: skip
        for path, data in theirs.items():
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            (out / path).write_bytes(data)
        (out / "empty").mkdir()
        kept = theirs | {"empty/": b""}
        inode = (out / "index.html").stat().st_ino
        for site in (SITE | {"_headers": b"2"}, {"_headers": b"3"}, SITE):
            publish_folder(out, site)
            assert content(out) == site | kept
        assert (out / "index.html").stat().st_ino == inode
        assert (out / "index.html").stat().st_nlink == 1

    def test_symbolic_links_stay_links_and_are_not_followed(self, out):
        elsewhere = out.parent / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "secret").write_text("s")
        publish_folder(out, SITE)
        for name, target in {"to-folder": elsewhere, "to-nothing": "gone", "up": "../x"}.items():
            (out / name).symlink_to(target)
        (out / "latest").symlink_to("status/0.cwt")
        before = content(out)
        for _ in range(2):
            publish_folder(out, SITE)
            assert content(out) == before
        assert (out / "latest").read_bytes() == b"zero"
        assert content(elsewhere) == {"secret": b"s"}
        # Not removed with the old tree either, when it is in the way of the new one.
        (out / "a").symlink_to(elsewhere)
        with pytest.raises(WorkspaceError, match=r"a is no folder.*move it away"):
            publish_folder(out, SITE | {"a/file": b""})
        assert content(elsewhere) == {"secret": b"s"}

    def test_without_hard_links_files_are_copied(self, out, monkeypatch):
        publish_folder(out, SITE)
        page = out / "index.html"
        page.write_bytes(b"page")
        page.chmod(0o640)
        os.utime(page, (10**9, 10**9))
        (out / "link").symlink_to("index.html")

        def link(*_, **__):
            raise OSError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(folder_copy.os, "link", link)
        inode = page.stat().st_ino
        publish_folder(out, SITE)
        assert content(out) == SITE | {"index.html": b"page", "link": b"-> index.html"}
        status = page.stat()
        assert status.st_ino != inode
        assert (stat.S_IMODE(status.st_mode), status.st_mtime) == (0o640, 10**9)

    def test_what_is_no_file_is_carried_over_or_named(self, out, monkeypatch):
        publish_folder(out, SITE)
        os.mkfifo(out / "pipe")
        publish_folder(out, SITE)
        assert (out / "pipe").is_fifo()
        monkeypatch.setattr(folder_copy, "_NO_LINKS", {errno.EMLINK})
        monkeypatch.setattr(folder_copy.os, "link", raising(errno.EMLINK))
        with pytest.raises(WorkspaceError, match="pipe is no file"):
            publish_folder(out, SITE)

    def test_what_comes_in_while_the_site_is_written_is_kept(self, out, monkeypatch):
        publish_folder(out, SITE)
        place = folder_exchange.put_in_place

        def late(*folders):
            (out / "late").mkdir(mode=0o751)
            (out / "late" / "page").write_bytes(b"p")
            return place(*folders)

        monkeypatch.setattr("signedcert.workspace.site.folder.put_in_place", late)
        publish_folder(out, {"_headers": b"2"})
        assert content(out) == {"_headers": b"2", "late/page": b"p"}
        assert stat.S_IMODE((out / "late").stat().st_mode) == 0o751

    def test_a_symbolic_link_to_the_folder_stays_one(self, out, tmp_path):
        real = tmp_path / "srv" / "site"
        real.parent.mkdir()
        out.symlink_to(real)
        for _ in range(2):
            publish_folder(out, SITE)
            assert out.is_symlink()
            assert content(real) == SITE
        assert beside(real) == {".site.lock"}
        assert beside(out) == {"srv"}

    def test_the_current_folder(self, out, monkeypatch):
        out.mkdir()
        monkeypatch.chdir(out)
        publish_folder(Path(), SITE)
        assert content(out) == SITE

    @pytest.mark.parametrize("umask", [0o000, 0o077])
    def test_modes(self, out, umask):
        before = os.umask(umask)
        try:
            publish_folder(out, SITE)
        finally:
            os.umask(before)
        for path in out.rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644)
        assert stat.S_IMODE(out.stat().st_mode) == 0o755

    def test_folders_and_files_of_the_user_keep_their_modes(self, out):
        out.mkdir(mode=0o750)
        (out / "status").mkdir(mode=0o711)
        (out / "private").mkdir(mode=0o555)
        (out / "shared").mkdir()
        (out / "shared").chmod(0o2775)
        (out / "page").write_bytes(b"")
        (out / "page").chmod(0o600)
        modes = {path.name: path.stat().st_mode for path in (out, *out.iterdir())}
        for _ in range(2):
            publish_folder(out, SITE)
            for path in (out, *out.iterdir()):
                if path.name in modes:
                    assert path.stat().st_mode == modes[path.name], path
        assert beside(out) == {".public.lock"}


def raising(number: int):
    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    return fail


class TestRefusals:
    def refused(self, out: Path, match: str, files=SITE) -> None:
        before, around = content(out), beside(out)
        with pytest.raises(WorkspaceError, match=match):
            publish_folder(out, files)
        assert content(out) == before
        assert beside(out) | {".public.lock"} == around | {".public.lock"}

    def test_a_file_of_the_users_is_never_replaced(self, out):
        publish_folder(out, {"_headers": b"1"})
        (out / "status").mkdir()
        (out / "status/0.cwt").write_bytes(b"theirs")
        self.refused(out, r"0\.cwt was not published by signedcert")
        (out / "status/0.cwt").write_bytes(SITE["status/0.cwt"])
        publish_folder(out, SITE)  # the same content loses nothing
        assert content(out) == SITE

    @pytest.mark.parametrize("kind", ["link", "folder"])
    def test_nor_what_is_no_file(self, out, kind):
        publish_folder(out, SITE)
        (out / "_headers").unlink()
        if kind == "link":
            (out / "_headers").symlink_to("status/0.cwt")
            # A link in place of a file of ours is ours no less.
            publish_folder(out, SITE)
            assert content(out) == SITE
            return
        (out / "_headers").mkdir()
        (out / "_headers" / "x").write_bytes(b"")
        self.refused(out, "_headers was not published by signedcert")

    def test_a_file_where_a_folder_belongs(self, out):
        out.mkdir()
        (out / "status").write_bytes(b"")
        self.refused(out, r"status is no folder")

    def test_a_damaged_manifest_gives_nothing_away(self, out):
        publish_folder(out, SITE)
        (out / "page").write_bytes(b"p")
        (out.parent / "outside").write_bytes(b"o")
        lines = ["../outside", "/etc/hostname", "./page", "page/", "page\0", "status", "", "\xff"]
        (out / MANIFEST_FILE).write_bytes(
            b"\xff\n" + "\n".join([*lines, *SITE, MANIFEST_FILE]).encode()
        )
        publish_folder(out, {"_headers": b"2"})
        assert content(out) == {"_headers": b"2", "page": b"p"}
        assert (out.parent / "outside").exists()

    def test_a_file(self, out):
        out.write_text("file")
        with pytest.raises(WorkspaceError, match="is a file"):
            publish_folder(out, SITE)
        assert out.read_text() == "file"

    def test_a_folder_without_parent(self, out):
        with pytest.raises(WorkspaceError, match="make it first"):
            publish_folder(out / "a" / "b", SITE)

    def test_a_mount_point(self):
        mounts = [Path("/"), Path("/proc"), Path("/dev")]
        for mount in filter(os.path.ismount, mounts):
            with pytest.raises(WorkspaceError, match="mounted"):
                publish_folder(mount, SITE)

    @pytest.mark.parametrize("number", [errno.EBUSY, errno.EXDEV])
    def test_a_mount_point_that_shows_only_when_it_is_renamed(self, out, monkeypatch, number):
        publish_folder(out, SITE)
        monkeypatch.setattr(folder_exchange, "exchange", raising(number))
        self.refused(out, "cannot be exchanged", {"_headers": b"2"})

    def test_a_mount_inside(self, out, monkeypatch):
        publish_folder(out, SITE)
        (out / "page").write_bytes(b"p")
        monkeypatch.setattr(folder_copy.os, "link", raising(errno.EXDEV))
        self.refused(out, "another file system")

    def test_another_publication_at_the_same_moment(self, out):
        publish_folder(out, SITE)
        with (out.parent / ".public.lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.refused(out, "another process is changing")
        publish_folder(out, SITE)

    def test_a_parent_that_is_not_writable(self, out, monkeypatch):
        monkeypatch.setattr("signedcert.workspace.folder_lock.os.open", raising(errno.EACCES))
        with pytest.raises(WorkspaceError, match="must be writable too"):
            publish_folder(out, SITE)

    def test_a_parent_that_is_no_longer_writable(self, out, monkeypatch):
        publish_folder(out, SITE)
        monkeypatch.setattr("signedcert.workspace.site.folder.os.mkdir", raising(errno.EACCES))
        self.refused(out, "is not writable")

    @pytest.mark.parametrize(
        "path",
        ["", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a\\b", "a\nb", "é", MANIFEST_FILE],
    )
    def test_paths_that_are_not_plain(self, out, path):
        with pytest.raises(ValueError, match="relative path of plain names"):
            publish_folder(out, {path: b""})
        assert not out.exists()

    def test_a_path_that_is_a_folder_too(self, out):
        with pytest.raises(ValueError, match="another file's name"):
            publish_folder(out, {"a": b"", "a/b": b""})


LIMITED = """
import resource, sys
from pathlib import Path
from signedcert.workspace.site.folder import publish_folder
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    publish_folder(Path(sys.argv[1]), {"a/small": b"new", "b/large": bytes(100_000)})
except OSError as error:
    print(error.errno, error.filename)
"""


class TestFailures:
    @pytest.mark.skipif(resource.getrlimit(resource.RLIMIT_FSIZE)[1] == 0, reason="no files at all")
    def test_a_file_that_cannot_be_written_whole(self, tmp_path):
        out = tmp_path / "public"
        for before in ({}, {"a/small": b"old", "page": b"p"}):
            if before:
                publish_folder(out, before)
            done = subprocess.run(
                [sys.executable, "-c", LIMITED, out], capture_output=True, text=True, check=True
            )
            assert done.stdout == f"{errno.EFBIG} {out}/b/large\n"
            assert content(out) == before
            assert beside(out) | {out.name} == {".public.lock", "public"}

    @pytest.mark.parametrize("call", ["fsync", "mkdir", "link", "open", "rename"])
    def test_a_full_disk_at_every_step(self, out, monkeypatch, call):
        publish_folder(out, SITE)
        (out / "page").write_bytes(b"p")
        (out / "folder").mkdir()
        before = content(out)
        real, after = getattr(os, call), 0
        while True:
            calls = []

            def counted(*arguments, calls=calls, limit=after, **options):
                calls.append(arguments)
                if len(calls) == limit + 1:
                    raise OSError(errno.ENOSPC, "No space left on device")
                return real(*arguments, **options)

            with monkeypatch.context() as patch:
                patch.setattr(os, call, counted)
                with contextlib.suppress(OSError):
                    publish_folder(out, SITE | {"_headers": b"2", "new/file": b"n"})
            assert beside(out) == {".public.lock"}
            # Flushing folders is done as far as the system can.
            if content(out) != before:
                break
            after += 1
            assert after < 100
        assert content(out) == before | {"_headers": b"2", "new/file": b"n"}

    def test_an_interrupt_leaves_the_old_site(self, out, monkeypatch):
        publish_folder(out, SITE)

        def interrupted(*_):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr("signedcert.workspace.site.folder.put_in_place", interrupted)
            with pytest.raises(KeyboardInterrupt):
                publish_folder(out, {"_headers": b"2"})
        assert content(out) == SITE
        assert beside(out) == {".public.lock"}

    def test_the_second_of_two_renames(self, tmp_path):
        new, place = tmp_path / "missing", tmp_path / "public"
        place.mkdir()
        with pytest.raises(OSError, match="missing"):
            folder_exchange._rename_both(new, place, tmp_path / "aside")
        assert place.is_dir()

    @pytest.mark.skipif(sys.platform != "linux", reason="renameat2")
    def test_names_are_exchanged(self, tmp_path):
        one, other = tmp_path / "one", tmp_path / "other"
        for folder in (one, other):
            folder.mkdir()
            (folder / folder.name).touch()
        assert exchange(one, other)
        assert [path.name for path in one.iterdir()] == ["other"]
        with pytest.raises(FileNotFoundError) as caught:
            exchange(one, tmp_path / "missing")
        assert caught.value.filename == str(tmp_path / "missing")

    def test_leftovers_that_only_look_like_ours_stay(self, out):
        out.parent.joinpath(".public.0123456789ab.new").symlink_to("public")
        (out.parent / ".public.0123456789ab.old").write_bytes(b"")
        (out.parent / ".public.0123456789.new").mkdir()
        (out.parent / ".publix.0123456789ab.new").mkdir()
        (out.parent / ".public.ba9876543210.new" / "x").mkdir(parents=True)
        publish_folder(out, SITE)
        assert beside(out) == {
            ".public.lock", ".public.0123456789ab.new", ".public.0123456789ab.old",
            ".public.0123456789.new", ".publix.0123456789ab.new",
        }  # fmt: skip

    def test_the_signal_for_large_files_is_ignored_by_python(self):
        assert signal.getsignal(signal.SIGXFSZ) is signal.SIG_IGN
