"""Templates of others print what was signed and carry what they should, or make nothing."""

from pathlib import Path

import pytest
from on_paper import full, printed_of

from signedcert.documents import Printer, TemplateError, Theme

TEMPLATE = Path(__file__).parents[2] / "docs" / "examples" / "my-template"

ANOTHER = 'bytes("x"), mime-type: "text/plain", relationship: "data", description: "x"'


def changed(folder: Path, before: str, after: str) -> Theme:
    """The template of the guide with one thing changed."""
    source = (TEMPLATE / "design.typ").read_text(encoding="utf-8")
    assert source.count(before) == 1
    (folder / "design.typ").write_text(source.replace(before, after), encoding="utf-8")
    return Theme(template=folder)


def test_the_template_of_the_guide_makes_a_whole_pdf():
    with Printer(Theme(template=TEMPLATE)) as printer:
        assert printer.pdf(printed_of(full())).startswith(b"%PDF-1.7")
        assert printer.png(printed_of(full()), ppi=50)[0].startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("data.learner.name", '"Jakob Angstrom"', "learner.name"),
        ("heading(level: 2, data.course.title)", "heading(level: 2)[Astrophysics]", "course.title"),
        ("data.completed_on]", '"3 May 2001"]', "completed_on"),
        ("data.result.text,", '"100%",', "result"),
        ("data.institution", '"Elsewhere College"', "institution"),
        (
            "v(1fr)\n  if",
            f'pdf.attach("x.cose", {ANOTHER})\n  if',
            "x.cose",
        ),
        ("v(1fr)\n  if", 'set document(title: "PhD")\n  if', "title of the PDF"),
        ("link(data.verify_url,", 'link("javascript:alert(1)",', "javascript:"),
        ("link(data.verify_url,", 'link("file:///etc/passwd",', "file:"),
        ("v(1fr)\n  if", "for _ in range(300) { pagebreak() }\n  if", "200 are the most"),
    ],
)
def test_what_says_something_else_is_refused(tmp_path: Path, before: str, after: str, words: str):
    with (
        Printer(changed(tmp_path, before, after)) as printer,
        pytest.raises(TemplateError, match=words.replace(".", r"\.")),
    ):
        printer.pdf(printed_of(full()))
