"""A site is the old one or the new one: for a reader at any moment, after SIGKILL at any moment.

The crashes happen in a process of its own (this file, run as a script), which forks: that is only
safe where no other threads are.
"""

import contextlib
import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from signedcert.workspace.site import folder_exchange
from signedcert.workspace.site.folder import publish_folder
from signedcert.workspace.site.paths import MANIFEST_FILE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="renameat2, fork")

THEIRS = {"index.html": b"theirs", "deep/er/page": b"also"}


def site(version: int) -> dict[str, bytes]:
    """Every file has the version in it, at a length of its own; even versions have two more."""
    mark = b"version %d\n" % version
    files = {".well-known/jwks.json": mark, "_headers": mark * 50, "status/0.cwt": mark * 3000}
    more = {"status/1.cwt": mark, f"only/{version}/x": mark}
    return files | more if version % 2 == 0 else files


def start(out: Path) -> None:
    publish_folder(out, site(1))
    for path, data in THEIRS.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(data)


def version_of(files: dict[str, bytes]) -> int:
    """The version of a site, all of whose files are of that version.

    :raises AssertionError: when they are not, or one is missing, or one too many.
    """
    assert not any(path.endswith("/") for path in files)  # no empty folder stays behind
    version = int(files[".well-known/jwks.json"].split()[1])
    listed = files.pop(MANIFEST_FILE).decode().splitlines()
    ours = site(version)
    assert files == ours | THEIRS
    assert [line for line in listed if line[0] != "#"] == sorted([*ours, MANIFEST_FILE])
    return version


def read_by_path(out: Path) -> dict[str, bytes]:
    """Every file, and a slash after the names of empty folders."""
    found = {}
    for path in out.rglob("*"):
        name = path.relative_to(out).as_posix()
        if path.is_file():
            found[name] = path.read_bytes()
        elif not any(path.iterdir()):
            found[name + "/"] = b""
    return found


def read_pinned(top: int, folder: str = ".") -> dict[str, bytes]:
    """The files of one version: whatever is exchanged meanwhile, the open folder stays itself."""
    found = {}
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY, dir_fd=top)
    try:
        for entry in os.scandir(descriptor):
            path = f"{folder}/{entry.name}"
            if entry.is_dir():
                found |= read_pinned(top, path)
                continue
            file = os.open(path, os.O_RDONLY, dir_fd=top)
            with os.fdopen(file, "rb") as opened:
                found[path.removeprefix("./")] = opened.read()
    finally:
        os.close(descriptor)
    return found


def is_replaced(top: int, out: Path) -> bool:
    return os.fstat(top).st_ino != out.stat().st_ino


def forked(action: Callable[[], None]) -> int:
    """The process id of a copy of this process that does something, then ends."""
    if (child := os.fork()) == 0:
        try:
            action()
        except Exception:  # noqa: BLE001 - the copy must not go on with its parent's work
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    return child


def killed_at(step: int, top: Path, action: Callable[[], None]) -> bool:
    """Whether SIGKILL reached the action just before it did its n-th thing with files."""

    def action_until() -> None:
        left = itertools.count(step, -1)

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            touches = event.startswith(("os.", "shutil.", "open", "fcntl.", "ctypes.dlsym"))
            if touches and next(left) == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        action()

    _, status = os.waitpid(forked(action_until), 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return os.WIFSIGNALED(status)


def every_step(out: Path) -> None:
    """Kills a publication before each thing that it does, until one gets through."""
    start(out)
    old = 1
    for step in itertools.count():
        new = old + 1
        killed = killed_at(step, out.parent, lambda new=new: publish_folder(out, site(new)))
        if "two-renames" not in sys.argv or out.exists():
            old = version_of(read_by_path(out))
            assert old in (new - 1, new), (step, old, new)
        if not killed:
            break
        # Every third time the next publication meets what was left; else one that succeeds cleans.
        if step % 3:
            old = new + 1
            publish_folder(out, site(old))
            assert version_of(read_by_path(out)) == old
            assert {path.name for path in out.parent.iterdir()} == {"public", ".public.lock"}
        elif not out.exists():
            publish_folder(out, site(old))
    assert {path.name for path in out.parent.iterdir()} == {"public", ".public.lock"}
    print("steps", step)  # noqa: T201 - the test reads it


def random_moments(out: Path) -> None:
    """Kills 60 publications, each of which goes on until it is killed, at any moment."""
    start(out)
    least, chance, ended_in_between = 1, random.Random(7), 0

    def publish_on(version: int) -> None:
        for following in itertools.count(version):
            publish_folder(out, site(following))

    for _ in range(60):
        child = forked(lambda first=least + 1: publish_on(first))
        time.sleep(chance.uniform(0.001, 0.06))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        ended_in_between += len(list(out.parent.iterdir())) > 2
        found = version_of(read_by_path(out))
        assert found >= least
        least = found + 1
        publish_folder(out, site(least))
        assert version_of(read_by_path(out)) == least
        assert {path.name for path in out.parent.iterdir()} == {"public", ".public.lock"}
    print("between", ended_in_between)  # noqa: T201 - the test reads it


def readers(out: Path) -> None:
    """Reads while publications happen; every version that was read is whole."""
    start(out)

    def publish_many() -> None:
        for version in range(2, 100_000):
            publish_folder(out, site(version))

    child = forked(publish_many)
    whole, versions, replaced = 0, set(), 0
    deadline = time.monotonic() + 60
    try:
        while whole < 150 or len(versions) < 20:
            assert time.monotonic() < deadline, (whole, versions)
            # There is a site at every moment.
            top = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
            try:
                found = read_pinned(top)
            except FileNotFoundError:
                # Right only for a version that is being removed, which nobody finds any more.
                assert is_replaced(top, out)
                replaced += 1
                continue
            finally:
                replaced_now = is_replaced(top, out)
                os.close(top)
            if replaced_now and len(found) < len(site(1)):
                continue  # its files were removed before their folder was listed
            try:
                versions.add(version_of(found))
            except (AssertionError, KeyError):
                assert replaced_now
                continue
            whole += 1
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    print("whole", whole)  # noqa: T201 - the test reads it


def run(scenario: str, out: Path, *options: str) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, __file__, scenario, out, *options],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    name, count = done.stdout.split()
    return {name: int(count)}


@pytest.mark.parametrize("options", [[], ["two-renames"]])
def test_killed_before_every_step_the_site_is_whole(tmp_path, options):
    assert run("every_step", tmp_path / "public", *options)["steps"] > 60


def test_killed_at_random_moments_the_site_is_whole(tmp_path):
    assert run("random_moments", tmp_path / "public")["between"] > 10


def test_a_reader_sees_whole_versions_only(tmp_path):
    assert run("readers", tmp_path / "public")["whole"] >= 150


def test_of_two_publications_at_once_one_is_refused_or_follows(tmp_path):
    out = tmp_path / "public"
    start(out)
    script = (
        "import sys; from pathlib import Path\n"
        "from signedcert.workspace.settings import WorkspaceError\n"
        "from signedcert.workspace.site.folder import publish_folder\n"
        "from test_site_crashes import site\n"
        "for version in range(int(sys.argv[2]), 60, 2):\n"
        "    try: publish_folder(Path(sys.argv[1]), site(version))\n"
        "    except WorkspaceError as error: assert 'another process is changing' in str(error)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    with contextlib.ExitStack() as stack:
        both = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", script, out, str(first)],
                    env=environment, stderr=subprocess.PIPE,
                )
            )
            for first in (2, 3)
        ]  # fmt: skip
        errors = [process.communicate()[1] for process in both]
    assert errors == [b"", b""]
    assert version_of(read_by_path(out)) in (58, 59)
    assert {path.name for path in tmp_path.iterdir()} == {"public", ".public.lock"}


if __name__ == "__main__":
    # A killed process loses nothing that it wrote, flushed or not, and flushing takes most of the
    # time.
    os.fsync = lambda _: None
    if "two-renames" in sys.argv:
        folder_exchange.exchange = lambda *_: False
    globals()[sys.argv[1]](Path(sys.argv[2]))
