"""PDFs as forgers edit them: something drawn over them, something taken out or put in."""

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name

Edit = Callable[[pikepdf.Pdf], None]


def edited(pdf: bytes, *edits: Edit) -> bytes:
    """The PDF after these edits."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for edit in edits:
            edit(opened)
        written = io.BytesIO()
        opened.save(written)
    return written.getvalue()


def blank(*edits: Edit, pages: int = 1) -> bytes:
    """A PDF of another program, on which the edits are drawn."""
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(842, 595))
        for edit in edits:
            edit(pdf)
        written = io.BytesIO()
        pdf.save(written)
    return written.getvalue()


def drawn(content: bytes, page: int = 0) -> Edit:
    """Draws on a page, over all that is there."""

    def edit(pdf: pikepdf.Pdf) -> None:
        on = pdf.pages[page]
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name("/Helvetica"),
            Encoding=Name.WinAnsiEncoding,
        )
        on.add_resource(font, Name.Font, Name("/Forged"))
        on.contents_add(b"q\n", prepend=True)
        on.contents_add(b"\nQ\n" + content)

    return edit


def text(words: str, x: float, y: float, size: float, before: str = "0 g", page: int = 0) -> Edit:
    """Draws text.

    :param before: what is set before: colour, rendering mode.
    """
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    content = f"{before} BT /Forged {size} Tf {x} {y} Td ({escaped}) Tj ET"
    return drawn(content.encode("cp1252"), page)


def box(x: float, y: float, width: float, height: float, page: int = 0) -> Edit:
    """Draws a white rectangle."""
    return drawn(f"1 g {x} {y} {width} {height} re f".encode(), page)


def attached(name: str, content: bytes) -> Edit:
    """Attaches a file."""

    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.attachments[name] = content

    return edit


def without_attachments(pdf: pikepdf.Pdf) -> None:
    """Takes all attached files away."""
    for name in list(pdf.attachments):
        del pdf.attachments[name]
    if "/AF" in pdf.Root:
        del pdf.Root["/AF"]


def linked(url: str) -> Edit:
    """Makes the first page a link."""

    def edit(pdf: pikepdf.Pdf) -> None:
        annotation = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=Array([0, 0, 100, 100]),
            A=Dictionary(S=Name.URI, URI=pikepdf.String(url)),
        )
        page = pdf.pages[0]
        there = list(page.get("/Annots", Array()))
        page["/Annots"] = Array([*there, pdf.make_indirect(annotation)])

    return edit


def without_links(pdf: pikepdf.Pdf) -> None:
    """Takes from all links where they lead."""
    for page in pdf.pages:
        for annotation in page.get("/Annots", Array()):
            del annotation["/A"]


def pictured(png: bytes, x: float, y: float, side: float) -> Edit:
    """Draws a picture in shades of grey."""
    from PIL import Image

    def edit(pdf: pikepdf.Pdf) -> None:
        image = Image.open(io.BytesIO(png)).convert("L")
        stream = pikepdf.Stream(
            pdf,
            image.tobytes(),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=image.width,
            Height=image.height,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
        )
        page = pdf.pages[0]
        name = page.add_resource(stream, Name.XObject)
        height = side * image.height / image.width
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(f"\nQ q {side} 0 0 {height} {x} {y} cm {name} Do Q".encode())

    return edit
