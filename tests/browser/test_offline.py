"""The service worker: what works without a network, and how a broken one is retired."""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from school import School
from serving import Server

from conftest import OpenPage, Watched

_CONTROLLED = """navigator.serviceWorker.ready.then(() =>
  navigator.serviceWorker.controller !== null ||
  new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done)))"""


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> School:
    """One whose site may be changed, and its network cut off."""
    made = School(tmp_path_factory.mktemp("offline") / "school")
    made.set_up()
    return made


@pytest.fixture
def away(school: School) -> Iterator[Server]:
    school.publish()
    with Server(school.site) as server:
        yield server


def test_offline_a_new_link_still_verifies(tab: OpenPage, school: School, tmp_path: Path) -> None:
    first, second = school.issue()["url"], school.issue()["url"]
    school.publish()
    with Server(school.site) as server:
        watched = tab(quiet=False).open(server.url(first.split("/", 3)[3]))
        watched.verdict()
        watched.page.evaluate(_CONTROLLED)
        server.stop()
        other = watched.page.context.new_page()
        other.goto(server.url(second.split("/", 3)[3]))
        assert other.locator("section[class*=tone-] #verdict").inner_text().startswith("Valid")
        text = other.locator("main").inner_text()
        assert "You are offline. The answer goes by what this browser has kept." in text
        assert text.count("As of") >= 2
        # Another language is at hand too.
        other.get_by_label("Language").select_option("de")
        other.locator("html[lang=de]").wait_for()
        assert "Gültig" in other.locator("#verdict").inner_text()


def test_the_worker_keeps_to_its_folder(tab: OpenPage, away: Server) -> None:
    watched = tab(quiet=False).open(away.url("c/"))
    watched.page.evaluate(_CONTROLLED)
    scopes = watched.page.evaluate(
        "navigator.serviceWorker.getRegistrations().then((all) => all.map((each) => each.scope))"
    )
    assert scopes == [away.url("c/")]
    kept = watched.page.evaluate(_KEPT)
    assert kept
    for url in kept:
        assert url.startswith(away.url("c/"))
        assert "sealed" not in url
    # Keys and lists come from the network, always.
    answers: list[bool] = []
    watched.page.on("response", lambda r: answers.append(r.from_service_worker))
    watched.page.evaluate("fetch('../.well-known/signedcert/issuer.cbor', {cache: 'no-cache'})")
    assert answers == [False]


_KEPT = """async () => {
  const urls = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) urls.push(request.url);
  return urls;
}"""


def test_a_broken_worker_is_retired(tab: OpenPage, school: School) -> None:
    school.publish()
    with Server(school.site) as server:
        watched = tab(quiet=False).open(server.url("c/"))
        watched.page.evaluate(_CONTROLLED)
        school.publish("--retire-worker")
        watched.page.reload()
        # Chromium looks for a newer worker some time after a page was loaded.
        _wait(watched, "(await caches.keys()).length === 0")
        response = watched.page.reload()
        assert response is not None
        assert not response.from_service_worker
        assert watched.page.evaluate("caches.keys()") == []


def _wait(watched: Watched, condition: str) -> None:
    """Until a condition holds that has to be awaited."""
    for _ in range(100):
        if watched.page.evaluate(f"async () => {condition}"):
            return
        watched.page.wait_for_timeout(100)
    raise AssertionError(condition)


def test_a_newer_page_takes_over(tab: OpenPage, school: School) -> None:
    """What was kept of the old one is gone, and the next visit shows the new one."""
    school.publish()
    with Server(school.site) as server:
        watched = tab(quiet=False).open(server.url("c/"))
        watched.page.evaluate(_CONTROLLED)
        index, worker = school.site / "c" / "index.html", school.site / "c" / "sw.js"
        old, listed = index.read_bytes(), worker.read_text(encoding="utf-8")
        new = old.replace(b"<title>Certificate check<", b"<title>A newer page<")
        build = watched.page.evaluate("caches.keys().then((names) => names[0].split(' ').at(-1))")
        assert _digest(old) in listed
        assert build in listed
        index.write_bytes(new)
        listed = listed.replace(_digest(old), _digest(new)).replace(build, "0" * len(build))
        worker.write_text(listed, encoding="utf-8")
        watched.page.reload()
        _wait(watched, "(await caches.keys()).join().endsWith(' 0000000000000000')")
        _wait(watched, "(await caches.keys()).length === 1")
        response = watched.page.reload()
        assert response is not None
        assert "A newer page" in response.text()


def _digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def test_keys_that_go_back_or_fork_are_refused_and_told(tab: OpenPage, tmp_path: Path) -> None:
    """The highest version that was seen is remembered: an older document is no news."""
    school = School(tmp_path / "school")
    school.set_up()
    url = school.issue()["url"].split("/", 3)[3]
    school.publish()
    document = school.site / ".well-known" / "signedcert" / "issuer.cbor"
    old = document.read_bytes()
    school.publish("--renew")
    with Server(school.site) as server:
        watched = tab().open(server.url(url))
        assert watched.verdict().startswith("Valid")
        watched.kept()
        document.write_bytes(old)
        watched.page.reload()
        assert "contradict what this browser knows" in watched.text()
        # The same host begins anew with another root: somebody else's keys.
        stranger = School(tmp_path / "stranger")
        stranger.set_up()
        forged = stranger.issue()["url"].split("/", 3)[3]
        stranger.publish()
        document.write_bytes((stranger.site / document.relative_to(school.site)).read_bytes())
        watched.open(server.url("c/"))
        watched.open(server.url(forged))
        assert not watched.verdict().startswith("Valid")
        assert "contradict what this browser knows" in watched.text()
