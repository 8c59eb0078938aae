"""A published site on loopback, and Debian's Chromium to look at it."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from school import ISSUER, Published, published
from serving import Server

#: Chromium asks the network for nothing of its own.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CHROMIUM = shutil.which("chromium") or ""
#: The page on the host of the issuer that the certificates name.
OWN = f"http://{ISSUER}/"


@pytest.fixture(scope="session")
def playwright_started() -> Iterator[Playwright]:
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing, and no test may be skipped here")
        pytest.skip("needs Debian's package chromium")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return published(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="session")
def server(site: Published) -> Iterator[Server]:
    with Server(site.school.site) as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright_started: Playwright, server: Server) -> Iterator[Browser]:
    """The issuer's own host leads to this machine too, and is as good as one with https."""
    launched = playwright_started.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            *ARGUMENTS,
            f"--host-resolver-rules=MAP {ISSUER}:80 127.0.0.1:{server.port},"
            f"MAP insecure.example:80 127.0.0.1:{server.port}",
            f"--unsafely-treat-insecure-origin-as-secure=http://{ISSUER}",
        ],
    )
    yield launched
    launched.close()


#: What keeps a value's direction apart from the sentence around it.
ISOLATES = re.compile("[\u2066-\u2069]")
OpenPage = Callable[..., "Watched"]


class Watched:
    """A tab, and everything that it asked for, said or complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))

    def _on_console(self, message: Any) -> None:
        # What is not there is answered 404, and Chromium says so on the console.
        # Without https, it says that a header for secure pages means nothing.
        noise = ("404", "Cross-Origin-Opener-Policy header has been ignored")
        if message.type in {"error", "warning"} and not any(n in message.text for n in noise):
            self.complaints.append(message.text)

    def open(self, url: str) -> "Watched":
        self.page.goto(url)
        return self

    def verdict(self) -> str:
        """The headline, once there is one."""
        return self.page.locator("section[class*=tone-] #verdict").inner_text()

    def whole(self) -> None:
        """Waits for everything that follows the verdict."""
        self.page.locator("main:not([aria-busy=true]) section[class*=tone-]").wait_for()

    def kept(self) -> None:
        """Waits until what the page learned is put away, which no answer waits for."""
        for _ in range(100):
            if self.page.evaluate("localStorage.getItem('signedcert.kept') !== null"):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("nothing was kept")

    def text(self) -> str:
        """What the page shows, once there is a verdict, without marks of direction."""
        self.whole()
        return ISOLATES.sub("", self.page.locator("main").inner_text())

    @property
    def tone(self) -> str:
        classes = self.page.locator("section.verdict").get_attribute("class") or ""
        return classes.split("tone-")[1].split()[0]


@pytest.fixture
def tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Opens a tab in a browser profile of its own; at the end, none may have complained."""
    contexts, tabs = [], []

    def open_tab(*, quiet: bool = True, **options: Any) -> Watched:
        context = browser.new_context(**{"locale": "en-GB"} | options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        watched = Watched(context.new_page())
        if quiet:
            tabs.append(watched)
        return watched

    yield open_tab
    complaints = [each for watched in tabs for each in watched.complaints]
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker, as source."""
    path = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
    return path.read_text(encoding="utf-8")
