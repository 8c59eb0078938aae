"""No answer rests on less than what the page has just learned."""

import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Route
from school import Published, School, command
from serving import Server

from conftest import OWN, OpenPage

_SLOW = """(() => {
  const verify = SubtleCrypto.prototype.verify;
  SubtleCrypto.prototype.verify = async function (...given) {
    await new Promise((done) => setTimeout(done, 8));
    return verify.apply(this, given);
  };
})()"""


@pytest.mark.parametrize("first", [1, 2])
def test_a_withdrawn_record_whichever_list_comes_first(
    tab: OpenPage, tmp_path: Path, first: int
) -> None:
    """A record has two lists. What one of them says must not be lost to the other."""
    school = School(tmp_path / "school")
    school.set_up()
    record = school.record()
    share = school.share(record["code"], "--preset", "everything")
    school.run("revoke", record["code"])
    school.publish()
    with Server(school.site) as server:
        watched = tab()
        watched.page.add_init_script(_SLOW)
        waiting: list[Route] = []

        def together(route: Route) -> None:
            waiting.append(route)
            if len(waiting) == 2:
                waiting.sort(
                    key=lambda one: one.request.url.endswith(f"/{first}.cwt"), reverse=True
                )
                for each in waiting:
                    each.continue_()

        watched.page.route("**/status/*.cwt", together)
        watched.open(server.url(share["url"].split("/", 3)[3]))
        assert watched.verdict() == "Not valid: withdrawn by the issuer"


def test_a_tab_that_stays_open_asks_for_the_keys_again(tab: OpenPage, tmp_path: Path) -> None:
    school = School(tmp_path / "school")
    school.set_up()
    one, other = (school.issue()["url"].split("/", 3)[3] for _ in range(2))
    school.publish()
    with Server(school.site) as server:
        watched = tab().open(server.url(one))
        assert watched.verdict().startswith("Valid")
        school.run("compromise", school.run("keys")["keys"][0]["kid"])
        school.publish()
        watched.open(server.url(other))
        watched.page.get_by_role("heading", name="Not valid").wait_for()
        assert "The key was stolen or lost" in watched.text()


def test_a_folder_on_the_issuers_host_is_not_the_issuer(tab: OpenPage, tmp_path: Path) -> None:
    """Whoever has a folder there can publish keys of their own making beside a page."""
    forger = School(tmp_path / "forger")
    forger.set_up()
    url = forger.issue()["url"].split("/", 3)[3]
    forger.publish()
    host = tmp_path / "host"
    shutil.copytree(forger.site, host / "mallory")
    shutil.copytree(forger.site, host, dirs_exist_ok=True)
    handler = partial(SimpleHTTPRequestHandler, directory=str(host))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        watched = tab(quiet=False).open(f"http://127.0.0.1:{server.server_port}/mallory/{url}")
        assert watched.verdict().startswith("Valid only if you believe 127.0.0.1")
        assert "/mallory" in watched.verdict()
        server.shutdown()


def test_the_kind_is_what_was_signed(tab: OpenPage, tmp_path: Path) -> None:
    school = School(tmp_path / "school")
    school.set_up()
    kinds = {
        "statement_of_participation": "Statement of participation",
        "Diploma in Everything": "Diploma in Everything",
        None: "Jacob Ångström",
    }
    urls = {kind: school.issue(awarded_title=kind)["url"].split("/", 3)[3] for kind in kinds}
    school.publish()
    with Server(school.site) as server:
        watched = tab()
        for kind, shown in kinds.items():
            watched.open(server.url("c/"))
            watched.open(server.url(urls[kind]))
            watched.whole()
            summary = watched.page.locator(".summary").inner_text()
            assert summary.lower().startswith(shown.lower())
            assert "course certificate" not in summary.lower()


def test_a_sealed_link_opens_on_either_page(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["sealed"].replace("r/#", "c/#"))
    assert watched.verdict().startswith("Valid, going by the keys")


def test_back_leads_back_to_the_certificate(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["valid"])
    watched.whole()
    watched.page.get_by_role("button", name="Check another").click()
    watched.page.get_by_role("heading", name="Check a certificate").wait_for()
    watched.page.go_back()
    assert watched.verdict().startswith("Valid, going by the keys")


def test_the_report_says_what_it_rests_on(tab: OpenPage, server: Server, site: Published) -> None:
    """A file that says VALID alone would be worth as much as a page that does."""
    watched = tab().open(server.url(site["valid"]))
    watched.whole()
    with watched.page.expect_download() as download:
        watched.page.get_by_role("button", name="Save report").click()
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert '"page_is_issuers_own": false' in report
    assert '"basis": "keys that this page publishes"' in report
    listed = command("trust", "show", "--trust", site.trust)
    assert str(listed["issuers"][0]["roots"][0]) in report
