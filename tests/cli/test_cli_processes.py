"""Several processes on one workspace, and the disk that runs full under them."""

import errno
import json
import os
import re
import subprocess
import sys

import pytest
from own_issuer import OwnIssuer, contents
from sample_certificate import CERTIFICATE

VALID = ("VALID", "")
TEXT = json.dumps(CERTIFICATE)

#: Runs commands of the command line in one process, a line of JSON each; prints their outcomes.
WORKER = """
import json, sys
from typer.testing import CliRunner
from signedcert.cli import issue
from signedcert.cli.app import app
issue.savings = lambda *_: ()  # else, most of the time would not be spent on the ledger
for line in sys.stdin:
    arguments, stdin = json.loads(line)
    result = CliRunner().invoke(app, arguments, input=stdin)
    print(json.dumps([int(result.exit_code), result.stdout, result.stderr]), flush=True)
"""


def workers(count, commands):
    """What so many processes answer that run the same commands at the same time."""
    children = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(count)
    ]
    lines = "".join(json.dumps([[*map(str, c)], TEXT]) + "\n" for c in commands)
    for child in children:
        assert child.stdin is not None
        child.stdin.write(lines)
        child.stdin.close()
    answers = []
    for child in children:
        with child:
            assert child.stdout is not None
            answers += [json.loads(line) for line in child.stdout]
        assert child.returncode == 0
    assert len(answers) == count * len(commands)
    return answers


def test_two_processes_that_issue_at_once_share_no_place(run, tmp_path):
    own = OwnIssuer(run, tmp_path, "--status-list-size", 8)
    issue = ("issue", "-", "--workspace", own.workspace, "--out", own.out, "--json")
    answers = workers(2, [issue] * 15)
    assert {code for code, *_ in answers} == {0}
    notes = [errors for *_, errors in answers if errors]
    # Each list after the first is said to be new, once.
    assert sorted(re.findall(r"begins status list ([0-9]+)", "".join(notes))) == ["2", "3", "4"]
    assert len(notes) == 3
    printed = [json.loads(output) for _, output, _ in answers]
    places = [own.place(each) for each in printed]
    assert len({*places}) == 30
    assert len({each["code"] for each in printed}) == 30
    # Eight in each list: none was lost.
    assert max(number for number, _ in places) == 4
    own.publish()
    own.fetch()
    assert {own.verdict(each["url"]) for each in printed} == {VALID}


def test_two_processes_that_rotate_and_publish_at_once_lose_nothing(own):
    printed = own.issue()
    common = ("--workspace", own.workspace, "--json")
    answers = workers(2, [
        ("rotate", "--no-passphrase", *common),
        ("publish", "--out", own.site, *common),
    ] * 8)  # fmt: skip
    assert {code for code, *_ in answers} <= {0, 2}
    busy = [errors for code, _, errors in answers if code]
    assert all("nothing was changed, try again" in errors for errors in busy)
    rotated = [code for code, *_ in answers[::2] if code == 0]
    assert own.keys()["version"] == 1 + len(rotated) > 1
    assert len(own.keys()["keys"]) == own.keys()["version"]
    assert all(each["private_key_file"] for each in own.keys()["keys"])
    assert own.published_verdict(printed["url"]) == VALID


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of processes")
class TestFullDisk:
    """A file that cannot grow: at its start, and in its middle."""

    @pytest.fixture
    def limited(self, forked):
        def run_limited(size, *arguments):
            return forked(*arguments, input=TEXT.encode(), file_size=size)

        return run_limited

    @staticmethod
    def said(result):
        assert result.returncode == 2, result.stderr
        assert result.stdout == b""
        assert b"Traceback" not in result.stderr
        lines = result.stderr.decode().splitlines()
        assert lines[-1].startswith("signedcert: ")
        # Temporary names mean nothing to whoever reads this.
        assert not re.search(r"\.[0-9a-f]{12}", lines[-1])
        return lines[-1]

    @pytest.mark.parametrize("size", [0, 100, 700])
    def test_while_publishing(self, own, limited, size):
        printed = own.issue()
        own.publish()
        own.do("revoke", printed["code"])
        before = contents(own.site)
        said = self.said(limited(size, "publish", "--workspace", own.workspace, "--out", own.site))
        assert str(own.folder) in said
        assert contents(own.site) == before
        assert not list(own.folder.glob(".site.*.new"))
        own.fetch()
        assert own.verdict(printed["url"]) == VALID
        assert own.published_verdict(printed["url"]) == ("INVALID", "revoked")

    @pytest.mark.parametrize("failing", [1, 3, 7])
    def test_while_the_site_is_written(self, own, run, monkeypatch, failing):
        # The limit above reaches the ledger first.
        printed = own.issue()
        own.publish()
        own.do("revoke", printed["code"])
        before, real, calls = contents(own.site), os.fsync, []

        def full(descriptor):
            calls.append(descriptor)
            if len(calls) == failing:
                raise OSError(errno.ENOSPC, "No space left on device")
            real(descriptor)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            result = run("publish", "--workspace", own.workspace, "--out", own.site)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"signedcert: {own.site}")
        assert result.stderr.endswith(": No space left on device\n")
        assert contents(own.site) == before
        assert not list(own.folder.glob(".site.*.new"))
        assert own.published_verdict(printed["url"]) == ("INVALID", "revoked")

    @pytest.mark.parametrize("size", [0, 100, 300])
    @pytest.mark.parametrize("more", [(), ("--root",), ("--status",)])
    def test_while_rotating(self, own, limited, size, more):
        before = contents(own.workspace)
        command = ("rotate", "--no-passphrase", *more, "--workspace", own.workspace)
        said = self.said(limited(size, *command))
        assert str(own.workspace) in said
        after = contents(own.workspace)
        # The new key is on the disk before the document lists it; one that nobody lists may stay.
        assert {path: after[path] for path in before} == before
        assert {path.parent.name for path in after.keys() - before.keys()} <= {"keys", "roots"}
        own.do("rotate", "--no-passphrase", *more)

    @pytest.mark.parametrize("size", [0, 100])
    def test_while_issuing(self, own, limited, size):
        first = own.issue()
        command = ("issue", "-", "--workspace", own.workspace, "--out", own.folder / "new")
        said = self.said(limited(size, *command))
        assert str(own.folder) in said
        assert "the disk" in said or "File too large" in said
        assert not [*own.folder.glob("new/*")]
        second = own.issue()
        assert own.notes == ""
        assert own.place(first) != own.place(second)
        assert own.published_verdict(second["url"]) == VALID

    @pytest.mark.parametrize("size", [0, 100])
    def test_while_a_workspace_is_made(self, tmp_path, limited, size):
        command = ("init", "--workspace", tmp_path / "w", "--issuer", "a.example")
        self.said(limited(size, *command, "--no-passphrase"))
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("size", [0, 300])
    def test_while_closing(self, own, limited, size):
        printed = own.issue()
        command = ("close", "--yes", "--workspace", own.workspace)
        self.said(limited(size, *command))
        assert own.keys()["final"] is False
        assert own.published_verdict(printed["url"]) == VALID
        own.do("close", "--yes")
        assert own.published_verdict(printed["url"]) == VALID


def test_every_command_prints_json_and_nothing_else(own, run):
    printed = own.issue()
    text = TEXT
    code = printed["code"]
    kid = own.key
    for command in (
        ("keys",),
        ("publish", "--out", own.site),
        ("suspend", code),
        ("reinstate", code),
        ("revoke", code),
        ("reissue", code),
        ("supersede", code, "-"),
        ("rotate", "--no-passphrase"),
        ("rotate", "--no-passphrase", "--root"),
        ("rotate", "--no-passphrase", "--status"),
        ("retire", kid),
        ("compromise", kid, "--vouch-ledger"),
        ("reissue", "--key", kid),
        ("publish", "--out", own.site, "--renew"),
        ("close", "--yes"),
        ("publish", "--out", own.site),
    ):
        assert isinstance(own.do(*command, stdin=text), dict | list), command
        assert own.notes == "", command
    for command in (
        ("verify", printed["url"], "--trust", own.folder / "s.bundle"),
        ("inspect", printed["url"]),
        ("qr", printed["url"], "--page", "https://a.example/", "--out", own.folder / "x.png"),
    ):
        if command[0] == "verify":
            add = ("trust", "add", "learn.example.edu", "--site", own.site, "--json")
            assert json.loads(run(*add, "--trust", own.folder / "s.bundle").stdout)
        assert json.loads(run(*command, "--json").stdout), command
