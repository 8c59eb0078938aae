"""doctor on the verify page: in a folder, and as a server answers for it."""

import contextlib
import json
import shutil
import threading
from pathlib import Path

import pytest
from own_issuer import OwnIssuer

from signedcert.workspace.site.preview import Preview


@pytest.fixture(scope="module")
def published(run, tmp_path_factory):
    own = OwnIssuer(run, tmp_path_factory.mktemp("doctor"))
    own.issue("--by-code")
    own.publish()
    return own.site


@pytest.fixture
def site(published, tmp_path):
    """A copy to be changed."""
    return Path(shutil.copytree(published, tmp_path / "site"))


@pytest.fixture
def examine(run):
    """The findings that are about the page; there must be no fault."""

    def examine_site(place, *options):
        report = json.loads(run("doctor", place, "--json", *options).stdout)
        assert report["faults"] == 0
        return [each for each in report["findings"] if each["check"].startswith("page")]

    return examine_site


@contextlib.contextmanager
def served(site):
    with Preview(site, 0, issuer="learn.example.edu", tell=lambda *_: None) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join()


def levels(findings):
    return [(each["level"], each["check"]) for each in findings]


def test_a_fresh_page_is_well(site, examine):
    assert levels(examine(site)) == [("ok", "page")]


def test_what_serve_shows_is_well_in_every_way(run, site, examine):
    with served(site) as url:
        report = json.loads(run("doctor", url, "--allow-loopback", "--json").stdout)
        assert (report["faults"], report["warnings"]) == (0, 0)
        assert levels(examine(url, "--allow-loopback")) == [("ok", "page")]


def test_without_the_page(site, examine):
    for folder in ("c", "r"):
        shutil.rmtree(site / folder)
    (found,) = examine(site)
    assert (found["level"], found["check"]) == ("note", "page")
    assert "There is no verify page on the site" in found["says"]
    with served(site) as url:
        assert examine(url, "--allow-loopback") == [found]


@pytest.mark.parametrize("on_the_web", [False, True])
def test_a_page_of_another_version(site, examine, on_the_web):
    (site / "c" / "index.html").write_bytes(b"<!doctype html>older")
    (site / "r" / "sw.js").unlink()
    (site / "r" / "languages" / "en.json").write_bytes(b"{}\n")
    with served(site) if on_the_web else contextlib.nullcontext(site) as place:
        options = ("--allow-loopback",) if on_the_web else ()
        (found,) = examine(place, *options)
    assert (found["level"], found["check"]) == ("note", "page")
    for path in ("c/index.html", "r/languages/en.json", "r/sw.js"):
        assert path in found["says"]
    assert "find out who changed it" in found["advice"]


def test_one_of_the_two_is_missing(site, examine):
    shutil.rmtree(site / "r")
    (found,) = examine(site)
    assert found["level"] == "note"
    assert " more." in found["says"]
    assert "c/" not in found["says"]


def test_a_retired_worker_is_no_difference(run, tmp_path, examine):
    own = OwnIssuer(run, tmp_path)
    own.publish("--retire-worker")
    findings = examine(own.site)
    assert levels(findings) == [("note", "page_worker"), ("ok", "page")]
    assert "without --retire-worker" in findings[0]["advice"]


def test_what_cannot_be_read(site, examine):
    (site / "c" / "sw.js").unlink()
    (site / "c" / "sw.js").mkdir()
    (found,) = examine(site)
    assert (found["level"], found["check"]) == ("warning", "page")
    assert "this cannot be read: c/sw.js." in found["says"]


def test_a_server_that_says_nothing_of_what_the_page_may_do(site, examine):
    text = (site / "_headers").read_text()
    (site / "_headers").write_text(text.replace("  Content-Security-Policy", "# "))
    with served(site) as url:
        findings = examine(url, "--allow-loopback")
    assert levels(findings) == [("ok", "page"), ("warning", "page_policy")]
    for path in ("c/index.html", "c/decoder.js", "r/index.html"):
        assert path in findings[1]["says"]


def test_a_server_that_sends_scripts_as_something_else(site, examine):
    text = (site / "_headers").read_text()
    (site / "_headers").write_text(text.replace("text/javascript", "application/octet-stream"))
    with served(site) as url:
        findings = examine(url, "--allow-loopback")
    assert levels(findings) == [("ok", "page"), ("warning", "page_type")]
    assert "c/decoder.js, c/sw.js, r/decoder.js and 1 more." in findings[1]["says"]
