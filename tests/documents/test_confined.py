import ctypes
import json
import multiprocessing
import os
import platform
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from signedcert.documents.confined import Cause, Child, ChildFailed, Limits, Measure
from signedcert.documents.confined.frames import CONTENT_MAX, PipeEnded, receive

TASK = "hostile_tasks:answer"
LIMITS = Limits(seconds=5.0, memory=600_000_000)
LINUX = sys.platform == "linux"


def has_seccomp() -> bool:
    known = platform.machine() in ("x86_64", "aarch64")
    return LINUX and known and Path("/proc/sys/kernel/seccomp/actions_avail").exists()


def has_landlock() -> bool:
    return LINUX and ctypes.CDLL(None).syscall(444, None, 0, 1) > 0


needs_seccomp = pytest.mark.skipif(not has_seccomp(), reason="the kernel has no seccomp")
needs_landlock = pytest.mark.skipif(not has_landlock(), reason="the kernel has no Landlock")


def ask(child: Child, what: str, *arguments: object) -> object:
    return json.loads(child.ask(json.dumps([what, *arguments]).encode()))


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child(TASK, LIMITS) as running:
        yield running


def test_every_measure_that_this_machine_has_is_in_force(child):
    expected = {Measure.MEMORY, Measure.RESOURCES, Measure.ALARM} if LINUX else {Measure.ALARM}
    if LINUX:
        expected |= {Measure.DIES_WITH_PARENT, Measure.NO_NEW_PRIVILEGES}
    if has_seccomp():
        expected.add(Measure.SYSTEM_CALLS)
    if has_landlock():
        expected.add(Measure.FILES)
    assert child.confinement() >= expected


@needs_seccomp
@pytest.mark.parametrize("kind", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET"])
def test_no_socket_of_any_kind_can_be_made(child, kind):
    assert ask(child, "socket", kind) == "PermissionError"


@needs_seccomp
def test_no_pair_of_sockets_can_be_made(child):
    assert ask(child, "pair") == "PermissionError"


@needs_seccomp
@pytest.mark.parametrize("what", ["fork", "run", "exec"])
def test_no_other_program_can_be_started(child, what):
    assert ask(child, what) == "PermissionError"


@needs_seccomp
def test_no_signal_can_be_sent_to_others(child):
    assert ask(child, "kill", os.getpid()) == "PermissionError"


@needs_seccomp
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers are those of x86_64")
@pytest.mark.parametrize(
    ("number", "arguments", "refused"),
    [
        (101, (0,), "PermissionError"),  # ptrace
        (425, (1, 0), "PermissionError"),  # io_uring_setup
        (57, (), "PermissionError"),  # fork
        (56, (17, 0, 0, 0, 0), "PermissionError"),  # clone of a process
        (435, (0, 0), "OSError"),  # clone3, whose flags a filter cannot see
        (321, (0, 0, 0), "OSError"),  # bpf
        (298, (0, 0, 0, 0, 0), "OSError"),  # perf_event_open
        (272, (0x10000000,), "OSError"),  # unshare
        (319, (0, 0), "OSError"),  # memfd_create
        (0x40000000 | 41, (2, 1, 0), "OSError"),  # socket by x32
        (157, (4, 1), "PermissionError"),  # prctl(PR_SET_DUMPABLE)
        (72, (0, 8, 1), "PermissionError"),  # fcntl(F_SETOWN)
        (16, (0, 0x5412, 0), "PermissionError"),  # ioctl(TIOCSTI)
    ],
)
def test_no_other_door_of_the_kernel_is_open(child, number, arguments, refused):
    assert ask(child, "raw", number, *arguments) == refused


def test_a_listening_server_sees_no_connection(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{server.getsockname()[1]}")
        with Child(TASK, LIMITS) as child:
            assert str(server.getsockname()[1]) not in json.dumps(ask(child, "environment"))
            assert ask(child, "connect", server.getsockname()[1]) == "PermissionError"
        with pytest.raises(TimeoutError):
            server.accept()


@needs_landlock
@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/proc/self/environ", "/proc/1/cmdline", "/dev/urandom", __file__]
)
def test_files_of_the_system_and_of_others_cannot_be_read(child, path):
    assert ask(child, "read", path) == "PermissionError"


@needs_landlock
@pytest.mark.parametrize("path", ["/", "/proc", tempfile.gettempdir(), str(Path.home()), "/etc"])
def test_folders_of_the_system_cannot_be_listed(child, path):
    assert ask(child, "list", path) == "PermissionError"


@needs_landlock
def test_what_is_named_can_be_read_and_nothing_beside_it(tmp_path):
    for name in ("open", "closed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes(b"x")
    (tmp_path / "open" / "link").symlink_to(tmp_path / "closed" / "file")
    with Child(TASK, LIMITS, [tmp_path / "open"]) as child:
        assert ask(child, "read", str(tmp_path / "open" / "file")) == "done"
        assert ask(child, "read", str(tmp_path / "closed" / "file")) == "PermissionError"
        assert ask(child, "read", str(tmp_path / "open" / "link")) == "PermissionError"


@pytest.mark.skipif(not (has_seccomp() or has_landlock()), reason="neither is there")
@pytest.mark.parametrize("what", ["write", "append", "mkdir", "unlink", "chmod"])
def test_nothing_can_be_written_even_where_it_may_read(tmp_path, what):
    (tmp_path / "file").write_bytes(b"kept")
    target = tmp_path / ("new" if what == "mkdir" else "file")
    with Child(TASK, LIMITS, [tmp_path]) as child:
        assert ask(child, what, str(target)) == "PermissionError"
    assert (tmp_path / "file").read_bytes() == b"kept"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_nothing_of_the_parents_environment_or_open_files_is_there(monkeypatch, tmp_path):
    monkeypatch.setenv("SIGNEDCERT_SECRET", "secret")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with (tmp_path / "secret").open("wb") as file:
        os.set_inheritable(file.fileno(), True)  # noqa: FBT003  # takes no keyword
        with Child(TASK, LIMITS) as child:
            environment = ask(child, "environment")
            assert isinstance(environment, dict)
            assert "SIGNEDCERT_SECRET" not in environment
            assert not {"HOME", "PATH", "PYTHONPATH"} & set(environment)
            # Standard input, output and errors, and the two pipes.
            assert ask(child, "open_files") == [0, 1, 2, 3, 4]


def test_threads_can_be_started(child):
    assert ask(child, "thread") == [1]


def test_modules_can_be_loaded_after_the_rights_are_given_up(child):
    assert ask(child, "lazily") == "1"


def test_what_libraries_print_is_no_part_of_an_answer(child):
    assert ask(child, "say", "noise") == "noise"
    assert ask(child, "echo", "quiet") == "quiet"


def test_a_refusal_has_the_tasks_words_and_the_process_goes_on(child):
    before = ask(child, "pid")
    with pytest.raises(ChildFailed, match="not this one") as refusal:
        ask(child, "refuse", "not this one")
    assert refusal.value.cause is Cause.REFUSED
    assert ask(child, "pid") == before


@pytest.mark.parametrize(
    ("what", "cause"),
    [
        (["memory", 2_000_000_000], Cause.MEMORY),
        (["last_words"], Cause.MEMORY),
        (["abort"], Cause.CRASHED),
        (["exit"], Cause.CRASHED),
        (["fault"], Cause.CRASHED),
        (["forge"], Cause.CRASHED),
    ],
)
def test_after_a_failure_the_next_request_finds_another_process(child, what, cause):
    before = ask(child, "pid")
    with pytest.raises(ChildFailed) as failure:
        ask(child, *what)
    assert failure.value.cause is cause
    assert ask(child, "pid") != before


@pytest.mark.parametrize("what", [["spin"], ["sleep", 60]])
def test_a_request_ends_when_its_time_is_up(what):
    with Child(TASK, Limits(seconds=0.4)) as child:
        pid = ask(child, "pid")
        began = time.monotonic()
        with pytest.raises(ChildFailed) as failure:
            ask(child, *what)
        assert failure.value.cause is Cause.TIMEOUT
        assert 0.4 <= time.monotonic() - began < 2
        assert isinstance(pid, int)
        assert not is_running(pid)


def test_the_time_is_of_each_request_and_not_of_all():
    with Child(TASK, Limits(seconds=0.5)) as child:
        for _ in range(4):
            ask(child, "sleep", 0.2)


def test_requests_and_answers_may_be_large_and_not_too_large(child):
    assert len(str(ask(child, "large", 5_000_000))) == 5_000_000
    assert ask(child, "echo", "x" * 5_000_000) == "x" * 5_000_000
    with pytest.raises(ChildFailed, match="128 MiB") as failure:
        child.ask(bytes(CONTENT_MAX + 1))
    assert failure.value.cause is Cause.REFUSED


@pytest.mark.parametrize("header", [(2, CONTENT_MAX + 1), (2, 2**64 - 1), (77, 0), (2, 10)])
def test_a_message_that_lies_ends_the_conversation(header):
    reading, writing = os.pipe()
    os.write(writing, struct.pack(">BQ", *header) + b"short")
    os.close(writing)
    with pytest.raises(PipeEnded):
        receive(reading)
    os.close(reading)


def test_a_task_that_is_not_there_fails_at_once():
    with Child("hostile_tasks:missing", LIMITS) as child:
        with pytest.raises(ChildFailed) as failure:
            child.confinement()
        assert failure.value.cause is Cause.CRASHED


def test_many_threads_may_ask_and_each_gets_its_own_answer(child):
    answers: dict[int, object] = {}
    threads = [
        threading.Thread(target=lambda n=n: answers.update({n: ask(child, "echo", n)}))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {n: n for n in range(20)}


def test_it_outlives_the_thread_that_asked_first():
    with Child(TASK, LIMITS) as child:
        pids: list[object] = []
        thread = threading.Thread(target=lambda: pids.append(ask(child, "pid")))
        thread.start()
        thread.join()
        time.sleep(0.05)
        assert [ask(child, "pid")] == pids


def test_an_interrupted_request_leaves_no_answer_for_the_next():
    with Child(TASK, LIMITS) as child:
        ask(child, "pid")
        timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            ask(child, "sleep", 3)
        timer.join()
        assert ask(child, "echo", "mine") == "mine"


def test_it_ends_when_it_is_closed_or_forgotten():
    closed, forgotten = Child(TASK, LIMITS), Child(TASK, LIMITS)
    pids = [ask(each, "pid") for each in (closed, forgotten)]
    closed.close()
    del forgotten
    for pid in pids:
        assert isinstance(pid, int)
        wait_until_gone(pid)


_PARENT = """
import json, os, sys, threading
sys.path[:0] = {path!r}
from signedcert.documents.confined import Child, Limits
child = Child("hostile_tasks:answer", Limits(seconds=30.0))
ask = lambda *what: json.loads(child.ask(json.dumps(what).encode()))
{body}
"""
_TESTS = str(Path(__file__).parent)


def parent(body: str, **options: object) -> subprocess.Popen[bytes]:
    code = _PARENT.format(path=[_TESTS, *sys.path], body=body)
    return subprocess.Popen([sys.executable, "-c", code], **options)  # type: ignore[call-overload]


@pytest.mark.parametrize("doing", ["idle", "spin"])
def test_it_dies_with_its_parent(doing):
    body = f"""
print(ask("pid"), flush=True)
if {doing!r} == "spin":
    threading.Thread(target=ask, args=("spin",)).start()
print("ready", flush=True)
threading.Event().wait()
"""
    with parent(body, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.stdout.readline()
        time.sleep(0.1)
        assert is_running(pid)
        process.kill()
    wait_until_gone(pid)


def test_it_works_where_standard_input_and_output_are_closed(tmp_path):
    body = f"""
for each in (0, 1, 2):
    os.close(each)
said = ask("echo", "heard")
open({str(tmp_path / "answer")!r}, "w").write(said)
"""
    with parent(body) as process:
        assert process.wait(20) == 0
    assert (tmp_path / "answer").read_text() == "heard"


def test_a_fork_of_its_parent_gets_a_process_of_its_own():
    body = """
mine = ask("pid")
if os.fork() == 0:
    other = ask("pid")
    child.close()
    os._exit(0 if other != mine else 1)
assert os.wait()[1] == 0
assert ask("pid") == mine
"""
    with parent(body) as process:
        assert process.wait(20) == 0


def test_it_works_in_workers_of_a_pool():
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(_in_worker) == "from a worker"


def _in_worker() -> object:
    with Child(TASK, LIMITS) as child:
        return ask(child, "echo", "from a worker")


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until_gone(pid: int) -> None:
    until = time.monotonic() + 5
    while is_running(pid):
        assert time.monotonic() < until, "the process is still there"
        time.sleep(0.02)
