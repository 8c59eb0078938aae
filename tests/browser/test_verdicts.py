"""What a published page says of every kind of link."""

import pytest
from school import COURSE, LEARNER, Published
from serving import Server

from conftest import OWN, OpenPage, Watched


@pytest.mark.parametrize(
    ("link", "tone", "headline"),
    [
        ("valid", "qualified", "Valid, going by the keys that learn.example.edu publishes here"),
        ("by_code", "qualified", "Valid, going by the keys that learn.example.edu publishes here"),
        ("share", "qualified", "Valid, going by the keys that learn.example.edu publishes here"),
        ("sealed", "qualified", "Valid, going by the keys that learn.example.edu publishes here"),
        ("tampered", "invalid", "Not valid: changed, or not signed by the issuer"),
        ("withdrawn", "invalid", "Not valid: withdrawn by the issuer"),
        ("reset", "invalid", "This link is not valid: the learner has reset it"),
        ("foreign", "undecided", "Not decided: its signing key is not known here"),
    ],
)
def test_a_link(tab: OpenPage, site: Published, link: str, tone: str, headline: str) -> None:
    watched = tab().open(OWN + site[link])
    assert watched.verdict() == headline
    assert watched.tone == tone


def test_an_unverified_statement_is_not_shown(tab: OpenPage, site: Published) -> None:
    for link in ("tampered", "foreign"):
        watched = tab().open(OWN + site[link])
        watched.verdict()
        text = watched.page.locator("body").inner_text()
        assert "ngstr" not in text, link
        assert COURSE not in text, link


def test_what_was_withdrawn_is_shown_but_not_as_valid(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["withdrawn"])
    text = watched.text()
    assert LEARNER in text
    assert "This was signed by the issuer, but it is not valid" in text


def test_every_signed_field_is_shown(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["valid"])
    text = watched.text()
    for said in (
        LEARNER,
        COURSE,
        "University of Pennsylvania",
        "University of Example",
        "OPIM-101",
        "How firms turn inputs into outputs.\nWith cases from three continents.",
        "Little's law",
        "Responsiveness",
        "4 weeks",
        "5–7 hours a week",
        "Beginner",
        "English (en)",
        "Online",
        "6 ECTS credits",
        "https://learn.example.edu/courses/opim-101",
        "2 November 2026",
        "Course certificate",
        "92.5 of 100",
        "With distinction",
        "Christian Terwiesch",
        "Professor",
        "Lean",
        "https://skills.example/lean",
        "Comparison of photographs",
        "Example Proctoring",
        "30 October 2026",
        "Substantial",
        "It grants no credit towards a degree.",
        "It does not make the learner a student of the institution.",
        site.codes["valid"],
    ):
        assert said in text, said


def test_each_check_has_an_answer_of_its_own(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["withdrawn"])
    watched.verdict()
    checks = watched.page.locator(".checks li")
    assert checks.count() == 8
    answers = [checks.nth(each).inner_text() for each in range(8)]
    assert sum("\nNo\n" in f"\n{answer}\n" for answer in answers) == 1
    assert "As of" in answers[7]
    assert "The issuer has withdrawn it for good." in answers[7]
    assert "Yes" in answers[2]


def test_a_share_shows_what_is_withheld_as_withheld(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["share"])
    text = watched.text()
    assert "Prepared for Acme HR. If that is not you, ask the learner." in text
    assert "Quiz on process analysis" in text
    assert "9 of 10" in text
    assert "Essay on Toyota" not in text
    assert "Final exam" not in text
    assert "Withheld by the learner" in text
    assert watched.page.locator(".checks li").count() == 12
    assert watched.page.locator("table svg, .assessments svg").count() >= 2


def test_whoever_says_who_they_are_is_compared(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["share"])
    watched.verdict()
    for name, headline in (
        ("Somebody else", "This link is not valid: prepared for somebody else"),
        ("  Acme HR ", "Valid, going by the keys that learn.example.edu publishes here"),
    ):
        watched.page.get_by_label("Who are you?").fill(name)
        watched.page.get_by_role("button", name="Compare").click()
        watched.page.get_by_role("heading", name=headline).wait_for()


def test_a_sealed_share_shows_everything(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["sealed"])
    text = watched.text()
    assert "Essay on Toyota" in text
    assert "Final exam" in text
    assert "Handed in late" in text
    assert "Withheld by the learner" not in text


def test_a_sealed_share_without_its_file(tab: OpenPage, site: Published) -> None:
    link = site["sealed"]
    watched = tab().open(OWN + link[:-1] + ("A" if link[-1] != "A" else "E"))
    assert watched.verdict() == "Not decided: its sealed file is missing"
    assert "the learner may have removed it" in watched.text()


def test_the_expired_and_the_not_yet_issued(tab: OpenPage, site: Published) -> None:
    watched = tab()
    watched.page.clock.install()
    watched.page.clock.fast_forward("02:00:00")
    watched.open(OWN + site["expired"])
    assert watched.verdict() == "Not valid any more: it has expired"


def test_a_page_on_another_host_says_so(tab: OpenPage, site: Published, server: Server) -> None:
    watched = tab().open(server.url(site["valid"]))
    assert watched.verdict().startswith("Valid only if you believe 127.0.0.1")
    assert watched.tone == "qualified"
    text = watched.text()
    assert f"This page is on 127.0.0.1:{server.port}. It says that it is from" in text
    assert "A page on any host can say VALID." in text


def test_first_use_is_told_and_remembered(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["valid"])
    watched.verdict()
    assert "First use: learn.example.edu published" in watched.text()
    watched.kept()
    watched.page.reload()
    watched.verdict()
    assert "First seen on this device on" in watched.text()
    assert watched.tone == "qualified"


def test_nothing_of_the_fragment_leaves_the_page_or_stays_there(
    tab: OpenPage, site: Published
) -> None:
    """Neither in a request, nor in what the browser keeps of the page."""
    for link in ("valid", "share", "sealed"):
        watched = tab().open(OWN + site[link])
        watched.verdict()
        kept = watched.page.evaluate(_KEPT)
        fragment = site[link].partition("#")[2]
        for each in watched.requests:
            assert each.startswith(OWN), each
            assert fragment not in each.partition("#")[0]
        assert fragment not in kept
        assert LEARNER not in kept
        assert watched.page.evaluate("document.cookie") == ""
        assert watched.page.evaluate("history.state") is None
        assert fragment not in watched.page.title()


_KEPT = """async () => {
  const kept = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((done, failed) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => done(request.result);
      request.onerror = failed;
    });
    for (const store of database.objectStoreNames) {
      const all = await new Promise((done, failed) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => done(request.result);
        request.onerror = failed;
      });
      const text = (value) =>
        value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) :
        value !== null && typeof value === "object" ? Object.values(value).map(text).join(" ") :
        String(value);
      kept.push(all.map(text).join(" "));
    }
    database.close();
  }
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) kept.push(request.url);
  return kept.join("\\n");
}"""


def test_the_policy_allows_nothing_else(tab: OpenPage, site: Published) -> None:
    """An injected script or style, another host, and a form: all are refused."""
    watched: Watched = tab(quiet=False).open(OWN + site["valid"])
    watched.verdict()
    refused = watched.page.evaluate("""async () => {
      const refused = [];
      addEventListener("securitypolicyviolation", (e) => refused.push(e.effectiveDirective));
      const script = document.createElement("script");
      try { script.text = "globalThis.ran = true"; } catch { refused.push("trusted-types"); }
      const style = document.createElement("style");
      style.textContent = "body { display: none }";
      document.head.append(style);
      const image = new Image();
      image.src = "http://127.0.0.1:9/elsewhere.png";
      await fetch("http://127.0.0.1:9/elsewhere").catch(() => {});
      await new Promise((done) => setTimeout(done, 300));
      return refused;
    }""")
    for directive in ("trusted-types", "style-src-elem", "img-src", "connect-src"):
        assert directive in refused, refused
    assert watched.page.evaluate("globalThis.ran") is None
