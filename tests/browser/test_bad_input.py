"""Links that chat programs, scanners and clocks have spoiled, and browsers that lack something."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser
from school import LEARNER, Published

from conftest import OWN, OpenPage


def test_without_a_link_there_is_a_friendly_start(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + "c/")
    assert watched.page.get_by_role("heading", level=1).inner_text() == "Check a certificate"
    watched.page.get_by_label("Link", exact=True).fill(site.links["valid"])
    watched.page.get_by_role("button", name="Check", exact=True).click()
    assert watched.verdict().startswith("Valid")
    watched.page.get_by_role("button", name="Check another").click()
    watched.page.get_by_role("heading", name="Check a certificate").wait_for()
    assert watched.page.url == OWN + "c/"


def test_a_printed_code_is_looked_up(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + "c/")
    code = watched.page.get_by_role("textbox", name="Printed code")
    for typed, said in (
        ("0123", "A printed code has"),
        (site.codes["valid"], "No certificate with the code"),
    ):
        code.fill(typed)
        watched.page.get_by_role("button", name="Look up").click()
        watched.page.get_by_text(said).first.wait_for()
    code.fill(site.codes["by_code"].lower().replace("-", " ").replace("0", "o"))
    watched.page.get_by_role("button", name="Look up").click()
    assert watched.verdict().startswith("Valid")
    assert site.codes["by_code"] in watched.text()


SPOILED = {
    "cut off in the middle": (lambda link: link[:-40], "A chat or mail program may have cut"),
    "cut off by dots": (lambda link: link[:120] + "…", "A program has shortened the link"),
    "percent-encoded": (lambda link: link.replace("#A", "#%41"), "rewrote characters with % signs"),
    "upper-cased": (
        lambda link: link.partition("#")[0] + "#" + link.partition("#")[2].upper(),
        "capital and small letters were made the same",
    ),
    "with a full stop": (lambda link: link + ".", "Something was added to the link"),
}


@pytest.mark.parametrize("fault", SPOILED)
def test_a_spoiled_link(tab: OpenPage, site: Published, fault: str) -> None:
    spoil, said = SPOILED[fault]
    watched = tab().open(OWN + spoil(site["valid"]))
    assert watched.verdict() == "Not valid: it cannot be read"
    text = watched.text()
    assert said in text
    assert LEARNER not in text


def test_a_newer_format(tab: OpenPage) -> None:
    watched = tab().open(OWN + "c/#BQAAAA")
    assert watched.verdict() == "Not decided: it was made by a newer version"
    assert "Load this page again to update it" in watched.text()


def test_another_kind_of_link(tab: OpenPage) -> None:
    watched = tab().open(OWN + "c/#hello")
    assert watched.verdict() == "Not valid: it cannot be read"


@pytest.mark.parametrize("years", [1, -1])
def test_a_clock_that_is_a_year_wrong(tab: OpenPage, site: Published, years: int) -> None:
    watched = tab()
    watched.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=365 * years))
    watched.open(OWN + site["valid"])
    assert not watched.verdict().startswith("Valid")
    assert "Check the date of your device first." in watched.text()


def test_a_stale_list_is_not_known_and_not_valid(tab: OpenPage, site: Published) -> None:
    """The lists count for 30 days; the issuer's document for 400."""
    watched = tab()
    watched.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=31))
    watched.open(OWN + site["valid"])
    assert watched.verdict() == "Not decided: it is not known whether it was withdrawn"
    assert watched.tone == "undecided"
    assert "the list at hand is out of date" in watched.text()


def test_storage_that_is_refused(tab: OpenPage, site: Published) -> None:
    watched = tab()
    watched.page.add_init_script("""
      const refused = () => { throw new DOMException("refused", "SecurityError"); };
      Object.defineProperty(window, "indexedDB", { get: refused });
      Object.defineProperty(window, "localStorage", { get: refused });
      Object.defineProperty(navigator.serviceWorker.__proto__, "register", { value: refused });
    """)
    watched.open(OWN + site["valid"])
    assert watched.verdict().startswith("Valid, going by the keys")
    watched.page.get_by_text("This browser lets the page keep nothing.").wait_for()


def test_storage_that_is_full(tab: OpenPage, site: Published) -> None:
    watched = tab()
    watched.page.add_init_script("""
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
      Storage.prototype.setItem = IDBObjectStore.prototype.put;
    """)
    watched.open(OWN + site["valid"])
    assert watched.verdict().startswith("Valid, going by the keys")
    watched.page.get_by_text("This browser lets the page keep nothing.").wait_for()


def test_a_browser_without_ed25519_gives_no_verdict(tab: OpenPage, site: Published) -> None:
    watched = tab()
    watched.page.add_init_script("""
      const importKey = SubtleCrypto.prototype.importKey;
      SubtleCrypto.prototype.importKey = function (format, bytes, algorithm, ...rest) {
        if ((algorithm.name ?? algorithm) === "Ed25519")
          return Promise.reject(new DOMException("unknown", "NotSupportedError"));
        return importKey.call(this, format, bytes, algorithm, ...rest);
      };
    """)
    watched.open(OWN + site["valid"])
    watched.page.get_by_role("heading", name="Your browser cannot check this").wait_for()
    text = watched.page.locator("main").inner_text()
    assert "neither “valid” nor “not valid”" in text
    assert "Firefox 129" in text
    assert "signedcert verify" in text
    assert LEARNER not in text


def test_a_page_that_was_not_opened_over_https(tab: OpenPage, site: Published) -> None:
    """Browsers give such a page no WebCrypto. The host stands in no list of exceptions."""
    watched = tab().open("http://insecure.example/" + site["valid"])
    watched.page.get_by_text("Open this page at an address that begins with https.").wait_for()
    assert LEARNER not in watched.page.locator("main").inner_text()


def test_without_javascript_the_page_says_how_to_check(browser: Browser, site: Published) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(OWN + site["valid"])
    text = page.locator("main").inner_text()
    assert "neither “valid” nor “not valid”" in text
    assert "signedcert trust add ISSUER" in text
    assert "signedcert verify 'LINK'" in text
    context.close()


def test_a_hash_that_changes_is_checked_anew(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["valid"])
    watched.verdict()
    watched.open(OWN + site["withdrawn"])
    watched.page.get_by_role("heading", name="Not valid: withdrawn by the issuer").wait_for()
    watched.page.go_back()
    watched.page.get_by_role("heading", name="Valid, going by").wait_for()
