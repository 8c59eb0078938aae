"""What the demo ends with: its commands, to be typed by hand."""

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from signedcert.cli.demo_record import AUDIENCE, RecordStory
from signedcert.cli.issuing import Issued
from signedcert.cli.screen import visible

if TYPE_CHECKING:
    from signedcert.cli.demo_documents import DocumentStory


def heading(console: Console, words: str) -> None:
    """The title of a section."""
    console.print()
    console.print(Text(words, style="bold underline"))
    console.print()


def print_by_hand(  # noqa: PLR0917 - everything that is told
    console: Console,
    issued: list[Issued],
    tampered: str,
    trust_file: Path,
    other_trust_file: Path,
    story: RecordStory,
    documents: "DocumentStory",
) -> None:
    """Commands that come to what the demo came to."""
    heading(console, "7. The same by hand")
    if shutil.which("signedcert") is None:
        folder = shlex.quote(str(Path(sys.executable).parent))
        console.print(visible(f"export PATH={folder}:$PATH"))
    first, second = issued[0], issued[1]
    trust, other = shlex.quote(str(trust_file)), shlex.quote(str(other_trust_file))
    picture = shlex.quote(str(first.qr_files[0]))
    tampered_file = shlex.quote(str(trust_file.parent / "tampered.txt"))
    for comment, command in (
        ("valid, exit code 0", f"signedcert verify '{first.url}' --trust {trust}"),
        ("from the picture", f"signedcert verify {picture} --trust {trust}"),
        (
            "from the PDF",
            f"signedcert verify {shlex.quote(str(documents.certificate))} --trust {trust}",
        ),
        (
            "an edited PDF: invalid, exit code 1",
            f"signedcert verify {shlex.quote(str(documents.edited))} --trust {trust}",
        ),
        ("changed: invalid, exit code 1", f"signedcert verify '{tampered}' --trust {trust}"),
        ("withdrawn: invalid, exit code 1", f"signedcert verify '{second.url}' --trust {trust}"),
        ("undecided, exit code 3", f"signedcert verify {picture} --trust {other}"),
        ("what is in it, unverified", f"signedcert inspect {tampered_file}"),
        (
            "the share as Acme HR opens it",
            f"signedcert share open '{story.anew.url}' --audience '{AUDIENCE}' --trust {trust}",
        ),
        (
            "what else there is to share",
            f"signedcert share show {shlex.quote(str(story.token_file))}",
        ),
    ):
        console.print(Text(f"# {comment}", style="dim"))
        console.print(visible(command))
