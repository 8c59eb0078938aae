"""What went wrong in a designer's template, in words that lead to the line."""

import json
import re
import unicodedata

from signedcert.documents.errors import DocumentError, TemplateError
from signedcert.documents.missing_glyphs import missing

_MESSAGE_MAX = 1_000
#: Typst's own advice about its command line, which nobody has here.
_NOT_HERE = "--root"


def template_fault(said: str, root: str, folder: str) -> DocumentError:
    """The error for what Typst said in the confined process.

    :param said: ``message``, ``diagnostic`` and ``hints``, as JSON. It may be hostile text.
    :param root: the folder that Typst saw. Nobody is told where that was.
    :param folder: the template's in it.
    """
    try:
        told = json.loads(said)
        message, diagnostic = str(told["message"]), str(told["diagnostic"])
        hints = [str(hint) for hint in told["hints"] if _NOT_HERE not in str(hint)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return TemplateError("the template cannot be set, and Typst did not say why")
    glyph = missing(diagnostic)
    if glyph is not None:
        return glyph
    # As Typst shows a place: a corner, the file as seen from /, its line, and the column.
    seen = re.escape(f"{root}/{folder}/".lstrip("/"))
    match = re.search(rf"┌─ {seen}([^\n]{{1,200}}?):(\d{{1,7}}):\d", diagnostic)
    place = f"{match[1]}:{match[2]}: " if match else ""
    if message.startswith(("failed to download package", "package not found")):
        text = "it imports a package. Packages are not taken; put its files into the folder"
    elif message == "unresolved import" and match is None:
        text = "design.typ must have two functions, certificate(data, picture) and record(…)"
    else:
        text = "; ".join([message, *hints])
    return TemplateError(_plain(f"{place}{text}".replace(root, "")))


def _plain(text: str) -> str:
    """On one line, without what steers terminals or turns the direction of writing."""
    safe = "".join(
        " " if unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp", "Cs") else each
        for each in text[:_MESSAGE_MAX]
    )
    return safe if len(text) <= _MESSAGE_MAX else f"{safe}…"
