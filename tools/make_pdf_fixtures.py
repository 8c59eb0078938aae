"""Writes web/tests/files/fixtures/*.pdf: certificates for the verify page to find, or none.

Run once, with the development tools installed; a fixture that exists is never overwritten. Two
programs make them, because PDF files of different makers are laid out differently: Typst, and
pikepdf, which puts objects into compressed object streams and linearises.
"""

import io
import json
from pathlib import Path

import pikepdf
import typst

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "web" / "tests" / "files" / "fixtures"
GOLDEN = json.loads((ROOT / "tests" / "vectors" / "golden" / "every-field.json").read_text())
TOKEN = bytes.fromhex(GOLDEN["token"])
URL: str = GOLDEN["url"]

#: A link with a fragment that is no certificate's.
OTHER_URL = "https://learn.example.edu/courses/#Acknowledgements-and-everything-else-there-is"

#: Without a date, so that the same text gives the same bytes.
HEAD = "#set document(title: [Certificate], date: none)\n"


def by_typst(body: str) -> bytes:
    """A PDF file whose text is written in Typst's language."""
    pdf = typst.compile((HEAD + body).encode())
    assert isinstance(pdf, bytes)
    return pdf


def attaching(content: bytes, name: str) -> str:
    """Typst's words for an attachment."""
    numbers = ", ".join(str(byte) for byte in content)
    return f'#pdf.attach("{name}", bytes(({numbers})), relationship: "supplement")\n'


def linking(url: str) -> str:
    """Typst's words for a line of text that is a link."""
    return f'#link("{url}")[Check this certificate]\n'


def by_pikepdf(url: str, attachment: bytes, *, encrypted: bool = False) -> bytes:
    """A PDF file with one empty page that has a link; its objects in streams, linearised."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 200))
        annotation = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[20, 20, 180, 60],
            A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(url)),
        )
        page.obj.Annots = pikepdf.Array([pdf.make_indirect(annotation)])
        pdf.attachments["certificate.cose"] = pikepdf.AttachedFileSpec(
            pdf, attachment, filename="certificate.cose", creation_date="", mod_date=""
        )
        file = io.BytesIO()
        pdf.save(
            file,
            linearize=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            encryption=pikepdf.Encryption(owner="o", user="u") if encrypted else False,
            deterministic_id=not encrypted,
        )
        return file.getvalue()


def main() -> None:
    """Writes what is missing."""
    fixtures = {
        "attached.pdf": by_typst(attaching(TOKEN, "certificate.cose") + linking(OTHER_URL)),
        "attached-linearised.pdf": by_pikepdf(OTHER_URL, TOKEN),
        "attached-damaged.pdf": by_typst(attaching(TOKEN[:-1], "certificate.cose")),
        "linked.pdf": by_typst(linking(URL)),
        "linked-linearised.pdf": by_pikepdf(URL, b"an attachment that is no certificate"),
        "nothing.pdf": by_typst(attaching(b"dear reader", "letter.txt") + linking(OTHER_URL)),
        "encrypted.pdf": by_pikepdf(URL, TOKEN, encrypted=True),
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in fixtures.items():
        path = FOLDER / name
        if not path.exists():
            path.write_bytes(content)
            print(f"{name}: {len(content)} bytes")


if __name__ == "__main__":
    main()
