"""demo: the whole job, end to end, as the README promises it."""

import json
import shlex
import socket
import threading
import urllib.request
from pathlib import Path

import pytest

from signedcert.cli.network_off import NetworkIsOffError, network_off
from signedcert.web import page_files
from signedcert.workspace.site.preview import Preview

HOST = "learn.example.edu"


@pytest.fixture(scope="module")
def demo(process, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "new" / "demo"
    result = process("demo", "--out", folder)
    assert result.returncode == 0, result.stderr
    assert result.stderr == b""
    return folder, result.stdout.decode()


def test_it_writes_and_says_what_it_promises(demo):
    folder, output = demo
    names = {path.name for path in folder.iterdir()}
    for stem in ("operations-management", "financial-markets", "machine-learning"):
        assert {f"{stem}.cose", f"{stem}.png", f"{stem}.svg"} <= names
    assert {"links.txt", "tampered.txt", "trust.bundle", "other-trust.bundle"} <= names
    assert {"workspace", "other-workspace", "site"} <= names
    assert len((folder / "links.txt").read_text().splitlines()) == 3
    for text in ("University of Pennsylvania", "Financial Markets", "ليلى", "network off", "▀▀▀"):
        assert text in output
    assert (folder / "course-record.cose").stat().st_mode & 0o077 == 0
    for text in ("shared with Acme HR for 30 days", "(disclosure_mismatch)", "(revoked)"):
        assert text in output
    withheld = [line.split()[0] for line in output.splitlines() if line.endswith("  withheld")]
    assert withheld == ["learner", "identity", "assessments"]
    for verdict in ("VALID: ", "\nINVALID: ", "\nINDETERMINATE: "):
        assert verdict in output


def test_its_links_by_hand(run, demo):
    folder, _ = demo
    trust = folder / "trust.bundle"
    # The second one was withdrawn.
    for link, code in zip((folder / "links.txt").read_text().splitlines(), (0, 1, 0), strict=True):
        assert run("verify", link, "--trust", trust).exit_code == code
        assert run("verify", link, "--trust", folder / "other-trust.bundle").exit_code == 3
    tampered = (folder / "tampered.txt").read_text().strip()
    assert run("verify", tampered, "--trust", trust).exit_code == 1
    for path in folder.glob("*.png"):
        withdrawn = path.stem == "financial-markets"
        assert run("verify", path, "--trust", trust).exit_code == withdrawn


def test_its_site_is_what_a_verifier_would_fetch(run, demo, tmp_path):
    folder, _ = demo
    store = tmp_path / "store.bundle"
    issuer = ("learn.example.edu", "--site", folder / "site", "--trust", store)
    assert run("trust", "add", *issuer).exit_code == 0
    links = (folder / "links.txt").read_text().splitlines()
    assert [run("verify", link, "--trust", store).exit_code for link in links] == [0, 1, 0]


def test_the_tampered_link_says_something_else(run, demo):
    folder, _ = demo
    shown = json.loads(run("inspect", folder / "tampered.txt", "--json").stdout)
    assert shown["statement"]["learner"]["name"].startswith("Jakob")


def test_the_commands_that_it_ends_with_do_what_it_says(process, demo):
    _, output = demo
    lines = output.splitlines()
    typed = [line for line in lines if line.startswith("signedcert ")]
    # One of them goes on until it is stopped.
    commands = [shlex.split(line)[1:] for line in typed if not line.startswith("signedcert serve ")]
    assert len(typed) == len(commands) + 1
    codes = [process(*command).returncode for command in commands]
    assert codes == [0, 0, 0, 1, 1, 1, 3, 0, 0, 0]


def test_its_links_on_the_page_that_serve_shows(run, demo):
    folder, output = demo
    shown = [line for line in output.splitlines() if line.startswith("http://127.0.0.1:8000/")]
    trust = folder / "trust.bundle"
    assert [run("verify", link, "--trust", trust).exit_code for link in shown[:3]] == [0, 1, 1]
    shares = [("share", "open", link, "--audience", "Acme HR") for link in shown[3:5]]
    assert [run(*each, "--trust", trust).exit_code for each in shares] == [0, 1]
    assert len(shown) == 6
    with Preview(folder / "site", 0, issuer=HOST, tell=lambda *_: None) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            for link in shown:
                url = link.replace("http://127.0.0.1:8000/", server.url)
                with urllib.request.urlopen(url, timeout=10) as answer:
                    body = answer.read()
                    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            # The last one leads to the first.
            assert shown[0].partition("#")[2].encode() in body
        finally:
            server.shutdown()
            thread.join()
    assert (folder / "site" / "c" / "index.html").read_bytes() == page_files()["index.html"]


def test_again_into_the_same_folder(run, demo):
    folder, _ = demo
    (folder / "mine.txt").write_text("mine")
    key = next((folder / "workspace" / "keys").iterdir()).read_bytes()
    old = (folder / "links.txt").read_text()
    result = run("demo", "--out", folder, "--json")
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    assert [v["status"] for v in printed["verdicts"].values()] == [
        "VALID", "VALID", "VALID", "VALID", "INVALID", "INVALID", "INDETERMINATE",
        # Of the course record: shared, tampered with, reset, shared anew.
        "VALID", "INVALID", "INVALID", "VALID",
    ]  # fmt: skip
    assert (folder / "mine.txt").read_text() == "mine"
    assert next((folder / "workspace" / "keys").iterdir()).read_bytes() == key
    assert (folder / "links.txt").read_text() != old
    assert [each["url"] for each in printed["issued"]] == (folder / "links.txt").read_text().split()
    assert printed["site"] == str(folder / "site")
    assert printed["preview"]["a certificate"] == printed["issued"][0]["url"].replace(
        f"https://{HOST}/", "http://127.0.0.1:8000/"
    )


def test_a_foreign_workspace_is_not_signed_with(run, tmp_path):
    arguments = ("--workspace", tmp_path / "workspace", "--issuer", "a.example", "--no-passphrase")
    assert run("init", *arguments).exit_code == 0
    result = run("demo", "--out", tmp_path)
    assert result.exit_code == 2
    assert "a.example" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["workspace"]


def test_the_network_is_really_off():
    with network_off():
        for attempt in (
            socket.socket,
            lambda: socket.create_connection(("127.0.0.1", 9)),
            lambda: socket.getaddrinfo("localhost", 80),
        ):
            with pytest.raises(NetworkIsOffError):
                attempt()
    socket.socket().close()


def test_the_demo_fails_loudly_when_a_verdict_is_not_as_it_must_be(run, tmp_path, monkeypatch):
    from signedcert.cli import demo as module

    monkeypatch.setattr(module, "_tampered", lambda issued: issued.url)
    result = run("demo", "--out", Path(tmp_path))
    assert result.exit_code == 70
    assert "did not come out" in result.stderr


def test_an_encoding_without_half_blocks_does_not_stop_it(process, tmp_path):
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    result = process("demo", "--out", tmp_path / "demo", env=env)
    assert result.returncode == 0, result.stderr
    assert b"no half blocks" in result.stdout
