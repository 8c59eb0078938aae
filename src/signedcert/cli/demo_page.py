"""The demo's links as they are opened on the verify page, while ``signedcert serve`` shows it."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.text import Text

from signedcert.cli.demo_by_hand import heading
from signedcert.cli.demo_record import RecordStory
from signedcert.cli.issuing import Issued
from signedcert.cli.screen import visible
from signedcert.cli.serve import PORT
from signedcert.workspace.site.paths import by_code_path
from signedcert.workspace.site.preview import HOST


def preview_links(issued: list[Issued], tampered: str, story: RecordStory) -> dict[str, str]:
    """Links to the page on this machine, by what they show."""
    first, second = issued[0], issued[1]
    links = {
        "a certificate": first.url,
        "the same with Jacob changed to Jakob": tampered,
        "one that its issuer withdrew": second.url,
        "the final score, shared with Acme HR": story.anew.url,
        "the same link before it was reset": story.share.url,
    }
    top = f"http://{HOST}:{PORT}/"
    shown = {name: _moved(link, top) for name, link in links.items()}
    by_code = by_code_path(first.statement.code).removesuffix("index.html")
    return shown | {"the first certificate by its printed code": top + by_code}


def print_page_story(console: Console, site: Path, links: Mapping[str, str]) -> None:
    """How to look at the page, and what to open there."""
    heading(console, "5. The page that people see: a site for any static host")
    console.print("Show it on this machine, then open a link in a browser:")
    console.print()
    console.print(visible(f"signedcert serve {shlex.quote(str(site))}"))
    for name, link in links.items():
        console.print(Text(f"# {name}", style="dim"))
        console.print(visible(link))


def _moved(link: str, top: str) -> str:
    """A link to the same page and certificate below another address."""
    _, _, path = link.removeprefix("https://").partition("/")
    return top + path
