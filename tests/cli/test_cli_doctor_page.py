"""doctor on the verify page: in a folder, and as a server answers for it."""

import contextlib
import json
import shutil
import threading
from pathlib import Path

import pytest
from own_issuer import OwnIssuer

import signedcert
from signedcert.fetch.doctor.page_version import digest_of, listed_digests, stated_version
from signedcert.web import page_files
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
    """The findings that are about the page; it has all faults that there are."""

    def examine_site(place, *options):
        result = run("doctor", place, "--json", *options)
        report = json.loads(result.stdout)
        about_page = [each for each in report["findings"] if each["check"].startswith("page")]
        assert report["faults"] == sum(each["level"] == "fault" for each in about_page)
        assert result.exit_code == (1 if report["faults"] else 0)
        return about_page

    return examine_site


@pytest.fixture(params=["folder", "web"])
def judge(request, examine):
    """As :func:`examine`, of a folder and of the same as a server sends it."""

    def judge_site(site):
        if request.param == "folder":
            return examine(site)
        with served(site) as url:
            return examine(url, "--allow-loopback")

    return judge_site


def as_version(site, version, *folders):
    """Makes another version's page of this one's: it says so, and its worker expects that."""
    for folder in folders:
        page, worker = site / folder / "index.html", site / folder / "sw.js"
        before = page.read_bytes()
        after = before.replace(signedcert.__version__.encode(), version.encode())
        assert after != before
        page.write_bytes(after)
        text = worker.read_text()
        assert digest_of(before) in text
        worker.write_text(text.replace(digest_of(before), digest_of(after)))


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


def test_the_page_says_which_version_it_is_and_what_belongs_to_it():
    files = page_files()
    assert stated_version(files["index.html"]) == signedcert.__version__
    assert stated_version(b"<script>`signedcert verify page 1.2.3rc1`</script>") == "1.2.3rc1"
    assert stated_version(b"signedcert verify page ${a}") is None
    assert stated_version(b"an older page") is None
    listed = listed_digests(files["sw.js"])
    assert {"index.html", "reader.js", "decoder.js", "languages/en.json"} <= listed.keys()
    assert all(digest_of(files[name]) == digest for name, digest in listed.items())


def test_without_the_page(site, judge):
    for folder in ("c", "r"):
        shutil.rmtree(site / folder)
    (found,) = judge(site)
    assert (found["level"], found["check"]) == ("note", "page")
    assert "There is no verify page of signedcert on the site" in found["says"]


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("c/index.html", b"</html>", b"</html><!-- x -->"),
        ("r/languages/en.json", b"Not valid", b"Valid!!!!"),
    ],
)
def test_a_page_of_this_version_that_was_changed(site, judge, path, before, after):
    whole = (site / path).read_bytes()
    assert before in whole
    (site / path).write_bytes(whole.replace(before, after))
    (found,) = judge(site)
    assert (found["level"], found["check"]) == ("fault", "page")
    assert (
        f"is that of signedcert {signedcert.__version__}, but this is another: {path}."
        in (found["says"])
    )
    assert "Find out who changed it" in found["advice"]


@pytest.mark.parametrize("path", ["c/reader.js", "r/languages/hi.json", "c/index.html"])
def test_a_file_of_the_page_is_missing(site, judge, path):
    (site / path).unlink()
    (found,) = judge(site)
    assert (found["level"], found["check"]) == ("fault", "page")
    assert f"this is missing: {path}." in found["says"]


@pytest.mark.parametrize("folder", ["c", "r"])
def test_one_of_the_two_is_missing(site, judge, folder):
    shutil.rmtree(site / folder)
    (found,) = judge(site)
    assert found["level"] == "fault"
    assert f"this is missing: {folder}/." in found["says"]


def test_a_page_of_another_version(site, judge):
    as_version(site, "0.0.9", "c", "r")
    (found,) = judge(site)
    assert (found["level"], found["check"]) == ("note", "page")
    assert "in c/ and r/ is that of signedcert 0.0.9, not of this version." in found["says"]
    assert found["advice"].startswith("To update it: signedcert publish")


def test_only_one_of_the_two_was_updated(site, judge):
    as_version(site, "0.0.9", "r")
    (found,) = judge(site)
    assert found["level"] == "note"
    assert "The verify page in r/ is that of signedcert 0.0.9" in found["says"]


def test_a_page_of_another_version_that_is_not_whole(site, judge):
    as_version(site, "0.0.9", "c", "r")
    (site / "c" / "index.html").write_bytes((site / "c" / "index.html").read_bytes() + b"<!-- -->")
    (site / "c" / "reader.js").unlink()
    (site / "r" / "sw.js").unlink()
    missing, changed = judge(site)
    assert missing["level"] == changed["level"] == "fault"
    assert "this is missing: c/reader.js, r/sw.js." in missing["says"]
    assert "is that of signedcert 0.0.9, but this is another: c/index.html." in changed["says"]


def test_a_page_of_no_version(site, judge):
    (site / "c" / "index.html").write_bytes(b"<!doctype html>older")
    (found,) = judge(site)
    assert (found["level"], found["check"]) == ("fault", "page")
    assert "This is no page of any signedcert, or was changed: c/index.html." in found["says"]


def test_another_versions_page_has_a_policy_of_its_own_but_has_one(site, examine):
    as_version(site, "0.0.9", "c", "r")
    text = (site / "_headers").read_text()
    (site / "_headers").write_text(text.replace("script-src 'sha256-", "script-src 'sha256-x"))
    with served(site) as url:
        assert levels(examine(url, "--allow-loopback")) == [("note", "page")]
    (site / "_headers").write_text(text.replace("  Content-Security-Policy", "# "))
    with served(site) as url:
        found = levels(examine(url, "--allow-loopback"))
    assert found == [("note", "page"), ("warning", "page_policy")]


@pytest.mark.parametrize(
    ("page", "level", "says"),
    [
        ("https://learn.example.edu/c/", "warning", "but there is no page."),
        ("https://learn.example.edu/verify/", "warning", "but there is no page."),
        ("https://learn.example.edu/own/", "ok", "Links open https://learn.example.edu/own/."),
        ("https://learn.example.edu/own/index.html", "ok", "Links open "),
        ("https://learn.example.edu/script?x=", "ok", "Links open "),
        ("https://page.example.org/c/", "note", "is on another host"),
    ],
)
def test_whether_links_open_anything_on_this_site(run, tmp_path, page, level, says):
    own = OwnIssuer(run, tmp_path, "--page", page)
    own.publish("--no-page")
    (own.site / "own").mkdir()
    (own.site / "own" / "index.html").write_text("a page of their own")
    with served(own.site) as url:
        for command in ((own.site,), (url, "--allow-loopback")):
            result = run("doctor", *command, "--json")
            report = json.loads(result.stdout)
            assert result.exit_code == 0
            assert report["warnings"] == (level == "warning")
            (found,) = [each for each in report["findings"] if each["check"] == "verify_page"]
            assert found["level"] == level
            assert says in found["says"]
    assert ("Links open" in run("doctor", own.site).stdout) == (level == "ok")


def test_without_the_page_its_retired_worker_is_told_of(run, tmp_path, judge):
    own = OwnIssuer(run, tmp_path)
    own.publish("--no-page", "--retire-worker")
    findings = judge(own.site)
    assert levels(findings) == [("note", "page_worker"), ("note", "page")]
    assert findings[0]["says"].endswith("retired: browsers that come by remove it.")
    assert findings[0]["advice"].endswith("with --no-page alone")
    assert "There is no verify page" in findings[1]["says"]


def test_a_worker_without_a_page_is_half_a_page(site, judge):
    (site / "c" / "index.html").unlink()
    shutil.rmtree(site / "r")
    (found,) = judge(site)
    assert found["level"] == "fault"
    assert "this is missing: c/index.html, r/." in found["says"]


class TestPageAlone:
    @pytest.fixture
    def alone(self, run, tmp_path):
        assert run("page", "--out", tmp_path / "page").exit_code == 0
        return tmp_path / "page"

    def test_it_is_well_without_an_issuer(self, run, alone, examine):
        result = run("doctor", alone)
        assert result.exit_code == 0
        assert result.stdout.startswith("· This is a verify page without an issuer")
        assert "✓ The verify page is that of this version of signedcert.\n" in result.stdout
        assert result.stdout.endswith("All is well.\n")
        run("page", "--out", alone, "--retire-worker")
        assert levels(examine(alone)) == [("note", "page_worker"), ("ok", "page")]
        (alone / "_headers").unlink()
        report = json.loads(run("doctor", alone, "--json").stdout)
        assert (report["issuer"], report["faults"], report["warnings"]) == (None, 0, 1)

    def test_its_files_are_checked(self, alone, examine):
        (alone / "c" / "reader.js").unlink()
        with (alone / "r" / "index.html").open("ab") as file:
            file.write(b"<!-- x -->")
        missing, changed = examine(alone)
        assert missing["level"] == changed["level"] == "fault"
        assert missing["advice"].startswith("signedcert page --out")

    def test_a_private_key_in_it_is_found(self, run, alone, published):
        shutil.copy(next((published.parent / "workspace" / "keys").iterdir()), alone / "key")
        result = run("doctor", alone)
        assert result.exit_code == 1
        assert "private" in result.stdout

    def test_it_is_not_the_site_of_an_issuer_who_is_named(self, run, alone):
        result = run("doctor", alone, "--issuer", "learn.example.edu")
        assert result.exit_code == 1
        assert "There is no issuer document" in result.stdout

    @pytest.mark.parametrize("left", ["status", "_headers"])
    def test_a_site_that_lost_its_document_is_none(self, run, site, left):
        shutil.rmtree(site / ".well-known")
        if left == "status":
            (site / "_headers").unlink()
        else:
            shutil.rmtree(site / "status")
        result = run("doctor", site)
        assert result.exit_code == 1
        assert "There is no issuer document" in result.stdout


def test_a_retired_worker_is_no_difference(run, tmp_path, examine):
    own = OwnIssuer(run, tmp_path)
    own.publish("--retire-worker")
    findings = examine(own.site)
    assert levels(findings) == [("note", "page_worker"), ("ok", "page")]
    assert "without --retire-worker" in findings[0]["advice"]


@pytest.mark.parametrize("path", ["c/sw.js", "c/index.html"])
def test_what_cannot_be_read(run, site, examine, path):
    (site / path).unlink()
    (site / path).mkdir()
    (found,) = examine(site)
    assert (found["level"], found["check"]) == ("warning", "page")
    assert f"this cannot be read: {path}." in found["says"]
    told = run("doctor", site).stdout
    assert ('/c/", but it cannot be read: ' in told) == (path == "c/index.html")


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
    assert "c/decoder.js, c/reader.js, c/sheet.js and 5 more." in findings[1]["says"]
