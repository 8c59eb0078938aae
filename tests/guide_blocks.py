"""The code in the guides, which the tests run as it stands."""

import re
from pathlib import Path

GUIDES = Path(__file__).parents[1] / "docs" / "guides"


def block(guide: str, containing: str) -> str:
    """The one Python block of a guide that has these words in it, without its indentation."""
    text = (GUIDES / f"{guide}.md").read_text(encoding="utf-8")
    found = re.findall(r"^( *)```python\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    (code,) = (
        "".join(line.removeprefix(indent) for line in body.splitlines(keepends=True))
        for indent, body in found
        if containing in body
    )
    return code
