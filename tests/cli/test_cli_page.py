"""The verify page in a site and alone: published, left out, replaced, retired, in the way."""

import json

import pytest
from own_issuer import contents

from signedcert.web import page_files, retired_worker
from signedcert.workspace.site.folder import publish_folder
from signedcert.workspace.site.paths import MANIFEST_FILE

FOLDERS = ("c", "r")


def page_in(site):
    """The files of the page by name, which must be the same in both folders."""
    both = [
        {
            path.relative_to(site / folder).as_posix(): path.read_bytes()
            for path in (site / folder).rglob("*")
            if path.is_file() and "sealed" not in path.parts
        }
        for folder in FOLDERS
    ]
    assert both[0] == both[1]
    return both[0]


def test_a_site_has_the_page_twice(own):
    own.issue()
    done = own.publish()
    assert (done["page"], done["worker_retired"], done["by_code"]) == (True, False, 0)
    assert page_in(own.site) == page_files()
    assert {f"{each}/{name}" for each in FOLDERS for name in page_files()} <= {*done["files"]}


def test_a_rule_of_headers_for_each_file_and_each_folder(own):
    own.publish()
    rules = (own.site / "_headers").read_text().split("\n\n")
    found = {rule.split("\n")[0]: rule for rule in rules}
    for folder in FOLDERS:
        for name in ("", *page_files()):
            rule = found[f"/{folder}/{name}"]
            assert "  Cache-Control: no-cache" in rule
            assert ("wasm-unsafe-eval" in rule) == (name == "decoder.js")
    # More of them Cloudflare does not read; each status list needs another.
    assert len([rule for rule in found if rule.startswith("/")]) < 60


def test_published_again_nothing_changes(own):
    own.publish()
    before = contents(own.site)
    own.publish()
    after = contents(own.site)
    assert {path for path in after if after[path] != before[path]} == {
        own.site / "status" / "1.cwt"
    }


def test_a_site_without_the_page(own):
    done = own.publish("--no-page")
    assert done["page"] is False
    assert not any(path.startswith(("c/", "r/")) for path in done["files"])
    assert not (own.site / "c").exists()
    assert not (own.site / "r").exists()
    assert "Content-Security-Policy: " not in (own.site / "_headers").read_text()
    own.publish()
    (own.site / "c" / "mine.txt").write_text("mine")
    own.publish("--no-page")
    assert {path.name for path in (own.site / "c").iterdir()} == {"mine.txt"}
    assert not (own.site / "r").exists()


def test_a_site_of_an_earlier_version_gets_the_page(own):
    own.publish("--no-page")
    mine = {"index.html": b"mine", "c2/index.html": b"mine", "r/sealed/mine.txt": b"mine"}
    for path, data in mine.items():
        (own.site / path).parent.mkdir(parents=True, exist_ok=True)
        (own.site / path).write_bytes(data)
    own.publish()
    assert page_in(own.site) == page_files()
    assert all((own.site / path).read_bytes() == data for path, data in mine.items())


def test_an_older_page_is_replaced_and_what_it_had_more_removed(own):
    own.publish()
    old = {path.relative_to(own.site).as_posix(): data for path, data in contents(own.site).items()}
    old.pop(MANIFEST_FILE)
    publish_folder(own.site, old | {"c/index.html": b"old", "c/old.js": b"old"})
    own.publish()
    assert page_in(own.site) == page_files()


@pytest.mark.parametrize("path", ["c/index.html", "r/sw.js", "c/languages"])
def test_a_users_file_in_the_way_is_not_replaced(own, path):
    own.publish("--no-page")
    (own.site / path).parent.mkdir(parents=True, exist_ok=True)
    (own.site / path).write_text("mine")
    before = contents(own.site)
    refused = own.refused("publish", "--out", own.site)
    assert str(own.site / path) in refused
    assert refused.endswith("move it away, or publish without the page: --no-page")
    assert contents(own.site) == before
    own.publish("--no-page")
    assert (own.site / path).read_text() == "mine"


def test_a_users_file_in_the_way_of_another_one_is_no_reason_to_leave_the_page_out(own):
    (own.site / "status").mkdir(parents=True)
    (own.site / "status" / "lists.json").write_text("mine")
    assert "--no-page" not in own.refused("publish", "--out", own.site)


@pytest.mark.parametrize("options", [(), ("--no-page",)])
def test_a_broken_worker_is_retired(own, options):
    own.publish()
    told = own.told("publish", "--out", own.site, "--retire-worker", *options)
    assert "service worker   retired: browsers that come by remove it\n" in told
    expected = {} if options else dict(page_files())
    assert page_in(own.site) == expected | {"sw.js": retired_worker()}
    assert own.publish("--retire-worker", *options)["worker_retired"] is True
    # As any page's worker, it is asked for anew each time.
    rule = (own.site / "_headers").read_text().partition("\n/c/sw.js\n")[2].split("\n\n")[0]
    assert "Content-Type: text/javascript" in rule
    assert "Cache-Control: no-cache" in rule
    own.publish()
    assert page_in(own.site) == page_files()


def test_the_page_alone_is_for_who_checks(run, tmp_path):
    out = tmp_path / "page"
    result = run("page", "--out", out)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        f"wrote  {out / 'c'}, the verify page",
        f"wrote  {out / 'r'}, the verify page",
        f"look   signedcert serve {out}",
    ]
    assert page_in(out) == page_files()
    assert {path.name for path in out.iterdir()} == {"c", "r", "_headers", ".well-known"}
    assert "\n/c/\n" in (out / "_headers").read_text()
    assert "\n/r/decoder.js\n" in (out / "_headers").read_text()
    before = contents(out)
    printed = json.loads(run("page", "--out", out, "--json").stdout)
    assert contents(out) == before
    assert printed["site"] == str(out)
    assert printed["worker_retired"] is False
    assert {*printed["files"]} == {
        path.relative_to(out).as_posix() for path in before if path != out / MANIFEST_FILE
    }
    retired = run("page", "--out", out, "--retire-worker").stdout
    assert page_in(out)["sw.js"] == retired_worker()
    assert retired.splitlines()[-2:] == [
        "service worker   retired: browsers that come by remove it",
        f"look   signedcert serve {out}",
    ]
    assert "retired" not in result.stdout


def test_the_page_alone_does_not_take_the_place_of_an_issuers_site(run, own):
    own.publish()
    before = contents(own.site)
    result = run("page", "--out", own.site)
    assert result.exit_code == 2
    assert "is the site of an issuer" in result.stderr
    assert contents(own.site) == before
    # The other way round it becomes one.
    page = own.folder / "page"
    assert run("page", "--out", page).exit_code == 0
    own.do("publish", "--out", page)
    assert page_in(page) == page_files()


def test_without_a_built_page_the_rest_can_be_published(run, own, monkeypatch):
    def missing():
        raise ImportError("signedcert's verify page is missing or damaged; install it again")

    monkeypatch.setattr("signedcert.workspace.site.page.page_files", missing)
    refused = own.refused("publish", "--out", own.site)
    assert refused.endswith("install it again; or publish without it: --no-page")
    assert not own.site.exists()
    monkeypatch.setattr("signedcert.workspace.site.headers.page_files", missing)
    own.publish("--no-page")
    assert run("doctor", own.site).exit_code == 0
