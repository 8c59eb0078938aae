"""Text that would be code somewhere is printed as it stands, or refused."""

import contextlib
import io
import re

import pypdfium2
import pytest
from on_paper import full, printed_of
from pydantic import ValidationError

import signedcert as sc
from signedcert.documents import MissingGlyphError, Printer
from vector_files import load_json

HOSTILE = (
    '#import "@preview/cetz:0.3.4"',
    '#read("/etc/passwd")',
    "#panic()",
    "#set page(width: 1pt); $ sum_(i=0)^n x $",
    "*bold* _emph_ `raw` = heading <label> @reference ~ -- ... //comment /* block",
    '[content] {code} \\u{1F4A9} \\ \\\\ #eval("1")',
    "\"quotes\" 'single' “curly” ‘curly’ «guillemets»",
    "</svg><script>alert(1)</script>&amp;<!--",
    "%s {name} {{name}} ${name} %(name)s",
    "(Parenthesis) \\(escaped\\) <</JS (x)>> endstream endobj",
)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        pages = (page.get_textpage().get_text_range() for page in document)
        return "\n".join(pages)
    finally:
        document.close()


def without_breaks(text: str) -> str:
    """Where lines break, and whether by a hyphen, is the layout's business."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_literally(printer: Printer, text: str):
    certificate = full(
        learner=sc.Person(name=text),
        course=sc.Course(
            title=text, institution=text, description=text, syllabus=(sc.Module(title=text),)
        ),
        skills=(text,),
        limitations=(text,),
    )
    found = without_breaks(text_of(printer.pdf(printed_of(certificate))))
    assert found.count(without_breaks(text)) >= 6


def test_naughty_strings_are_printed_or_refused(classic: Printer):
    """Sixty to a certificate; what no font has is refused by name, and then left out."""
    accepted = []
    for text in load_json("naughty-strings/blns.json"):
        with contextlib.suppress(ValidationError):
            accepted.append(full(learner=sc.Person(name=text)).learner.name)
    refused = 0
    for start in range(0, len(accepted), 60):
        texts = accepted[start : start + 60]
        pdf = None
        while pdf is None:
            try:
                pdf = classic.pdf(printed_of(with_modules(texts)))
            except MissingGlyphError as error:
                left = [text for text in texts if not is_named(str(error), text)]
                refused += len(texts) - len(left)
                # Whatever is refused, something must go, or this would never end.
                texts = left if len(left) < len(texts) else []
        found = without_breaks(text_of(pdf))
        plain = [text for text in texts if text.isascii()]
        assert [text for text in plain if without_breaks(text) not in found] == []
    assert len(accepted) > 480
    assert 10 < refused < 100


def is_named(message: str, text: str) -> bool:
    """Whether the message names one of the text's characters, by itself or by its number."""
    shown = set("".join(re.findall("“(.+?)”", message)))
    numbers = {chr(int(point, 16)) for point in re.findall(r"U\+([0-9A-F]{4,6})", message)}
    return not (shown | numbers).isdisjoint(text)


def with_modules(texts: list[str]) -> sc.Certificate:
    modules = tuple(sc.Module(title=text) for text in texts)
    return full(course=sc.Course(title="Naughty", institution="Strings", syllabus=modules))


def test_ten_thousand_characters_are_refused_by_the_model(classic: Printer):
    with pytest.raises(ValidationError):
        full(learner=sc.Person(name="x" * 10_000))
