"""Documents read back: every place where a token may be, and whether they agree."""

import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
import pytest
import segno
from on_paper import PAGE, full, printed_of
from pikepdf import Array, Dictionary, Name
from PIL import Image

import signedcert as sc
from edited_pdfs import (
    attached,
    blank,
    box,
    drawn,
    edited,
    linked,
    pictured,
    text,
    without_attachments,
    without_links,
)
from issuing import issue, minimal
from signedcert import qr, share
from signedcert.documents import DocumentUnreadable, Portrait, Printed, Printer
from signedcert.documents.carried import png_with_link, svg_with_link
from signedcert.documents.confined.task import TaskRefused
from signedcert.documents.portrait import portrait_digest
from signedcert.documents.reading.document import Document, Kind, Source
from signedcert.documents.reading.pdf import document_of
from signedcert.documents.reading.pdf_task import answer
from signedcert.documents.reading.read import read_document

OTHER = issue(minimal(learner=sc.Person(name="Somebody Else")))


def read(pdf: bytes) -> Document:
    """As the confined process reads it, in this one."""
    return document_of(answer(pdf))


def sources(document: Document) -> list[Source]:
    return [each.source for each in document.carried]


def code(token: bytes) -> bytes:
    return qr.png(qr.encode(PAGE, token, "m"))


@pytest.fixture(scope="module")
def printed() -> Printed:
    return printed_of(full())


@pytest.fixture(scope="module")
def pdf(classic: Printer, printed: Printed) -> bytes:
    return classic.pdf(printed)


@pytest.fixture(scope="module")
def paper(classic: Printer, printed: Printed) -> Image.Image:
    """The first page as a picture, without metadata."""
    return Image.open(io.BytesIO(classic.png(printed)[0])).convert("RGB")


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


class TestOurOwn:
    def test_three_places_agree(self, pdf, printed):
        document = read_document(pdf)
        assert document.kind is Kind.PDF
        assert sources(document) == [Source.ATTACHMENT, Source.QR_CODE, Source.LINK]
        assert {each.frame.to_bytes() for each in document.carried} == {printed.token}
        assert not document.disagrees
        assert "Jacob Ångström" in document.pages[0].text
        assert all(run.visible for page in document.pages for run in page.runs)

    @pytest.mark.parametrize(
        ("edits", "left"),
        [
            ((without_attachments, without_links), [Source.QR_CODE]),
            ((without_attachments, box(640, 40, 160, 200)), [Source.LINK]),
            ((without_links, box(640, 40, 160, 200)), [Source.ATTACHMENT]),
        ],
    )
    def test_each_place_will_do(self, pdf, printed, edits, left):
        document = read(edited(pdf, *edits))
        assert sources(document) == left
        assert document.carried[0].frame.to_bytes() == printed.token

    def test_text_that_stands_for_several_glyphs_is_told_once(self, modern):
        name = sc.Person(name="สมเกียรติ์ ใจดี")
        shown = read(modern.pdf(printed_of(full(learner=name)))).pages[0].text
        assert shown.count("ติ์") == 1

    def test_the_portrait_comes_with_its_salt(self, classic):
        photo, salt = saved(Image.new("RGB", (300, 400), "grey"), "png"), bytes(range(16))
        check = sc.IdentityCheck(
            method=sc.IdentityMethod.PHOTO_MATCH, portrait_digest=portrait_digest(salt, photo)
        )
        token = issue(full(identity_checks=(check,)))
        document = read(classic.pdf(Printed.of_token(token, PAGE, Portrait(photo, salt))))
        (portrait,) = document.portraits
        assert (portrait.photo, portrait.salt) == (photo, salt)
        assert salt.hex() not in repr(document.portraits)
        assert not document.disagrees

    def test_pictures(self, classic, printed, paper):
        png, svg = classic.png(printed)[0], classic.svg(printed)[0]
        assert sources(read_document(png)) == [Source.QR_CODE, Source.METADATA]
        assert sources(read_document(saved(paper, "jpeg", quality=60))) == [Source.QR_CODE]
        assert sources(read_document(svg)) == [Source.METADATA]
        for data in (png, svg):
            assert {each.frame.to_bytes() for each in read_document(data).carried} == {
                printed.token
            }


class TestDisagreement:
    @pytest.mark.parametrize(
        "edits",
        [
            (without_attachments, attached("certificate.cose", OTHER)),
            (attached("second.cose", OTHER),),
            (attached("holiday.jpg", OTHER),),
            (attached("certificate.cose", b"\xd2 damaged"),),
            (attached("record.cose", b"emptied"),),
            (attached("cut.bin", OTHER[:-1]),),
            (linked(sc.verify_url(PAGE, OTHER)),),
            (linked(sc.verify_url(PAGE, OTHER)[:-9]),),
            (linked(sc.verify_url(PAGE, OTHER)[:-9] + "%%%"),),
            (linked(share.sealed_url(PAGE, bytes(32))),),
            (pictured(code(OTHER), 30, 30, 150),),
            (box(640, 40, 160, 200), pictured(code(OTHER), 650, 60, 140)),
        ],
    )
    def test_another_token_anywhere(self, pdf, edits):
        assert read(edited(pdf, *edits)).disagrees

    @pytest.mark.parametrize(
        "edits",
        [
            (attached("notes.txt", b"Congratulations!"),),
            (attached("again.cose", printed_of(full()).token),),
            (linked("https://learn.example.edu/courses#introduction-to-operations-management-1"),),
            (linked(sc.verify_url("https://mirror.example/", printed_of(full()).token)),),
            (pictured(qr.png(segno.make_qr("https://x.example/")), 30, 30, 60),),
        ],
    )
    def test_other_files_links_and_codes_do_not_count(self, pdf, edits):
        assert not read(edited(pdf, *edits)).disagrees

    def test_a_file_that_only_an_annotation_or_association_names(self, pdf):
        def annotated(opened: pikepdf.Pdf) -> None:
            stream = opened.make_stream(OTHER)
            specification = Dictionary(Type=Name.Filespec, F="x", EF=Dictionary(F=stream))
            annotation = Dictionary(
                Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9])
            )
            annotation["/FS"] = specification
            opened.pages[1]["/Annots"] = Array([annotation])

        def associated(opened: pikepdf.Pdf) -> None:
            stream = opened.make_stream(OTHER)
            opened.pages[1]["/AF"] = Array([Dictionary(F="x", EF=Dictionary(UF=stream))])

        def orphaned(opened: pikepdf.Pdf) -> None:
            opened.Root["/Kept"] = opened.make_stream(OTHER, Type=Name.EmbeddedFile)

        assert read(edited(pdf, orphaned)).disagrees
        assert read(edited(pdf, annotated)).disagrees
        assert read(edited(pdf, associated)).disagrees

    def test_pictures(self, classic, printed, paper):
        png = saved(paper, "png")
        assert read_document(png_with_link(png, sc.verify_url(PAGE, OTHER))).disagrees
        assert not read_document(png_with_link(png, sc.verify_url(PAGE, printed.token))).disagrees
        both = svg_with_link(classic.svg(printed)[0], sc.verify_url(PAGE, OTHER), "x")
        assert read_document(both).disagrees


class TestScans:
    def test_a_scanned_paper_in_a_pdf(self, paper, printed):
        document = read(blank(pictured(saved(paper.rotate(1.5, expand=True), "png"), 0, 0, 842)))
        assert sources(document) == [Source.QR_CODE]
        assert document.carried[0].frame.to_bytes() == printed.token
        assert document.pages[0].text == ""
        assert document.pages[0].covers > 0.9

    def test_latin_text_in_a_pdf_to_be_read_from_right_to_left(self):
        def turn(pdf: pikepdf.Pdf) -> None:
            pdf.Root.ViewerPreferences = Dictionary(Direction=Name.R2L, DisplayDocTitle=True)

        document = read(blank(text("Introduction to Operations", 100, 100, 20), turn))
        assert document.pages[0].text == "Introduction to Operations"

    def test_a_pdf_without_any_certificate(self):
        document = read(blank(text("Nothing here", 100, 100, 20)))
        assert document.carried == ()
        assert document.pages[0].text == "Nothing here"


UNSEEN = {
    "white": text("Jacob", 100, 300, 30, "1 g"),
    "nearly white": text("Jacob", 100, 300, 30, "0.97 g"),
    "invisible": text("Jacob", 100, 300, 30, "3 Tr"),
    "clipping only": text("Jacob", 100, 300, 30, "7 Tr"),
    "tiny": text("Jacob", 100, 300, 1.5),
    "scaled down": drawn(b"0.05 0 0 0.05 100 300 cm BT /Forged 30 Tf (Jacob) Tj ET"),
    "turned and scaled": drawn(b"BT 0 0.05 -0.05 0 100 300 Tm /Forged 30 Tf (Jacob) Tj ET"),
    "beside the page": text("Jacob", -500, 300, 30),
    "clipped away": drawn(b"0 0 9 9 re W n BT /Forged 30 Tf 100 300 Td (Jacob) Tj ET"),
}


class TestUnseenText:
    @pytest.mark.parametrize("how", UNSEEN)
    def test_it_is_told(self, how):
        (page,) = read(blank(UNSEEN[how])).pages
        assert [run.text.strip() for run in page.runs if not run.visible] == ["Jacob"]

    def test_it_is_covered(self):
        (page,) = read(blank(text("Jacob", 100, 300, 30), box(90, 290, 150, 50))).pages
        assert page.text == ""

    def test_one_letter_is_covered(self):
        (page,) = read(blank(text("Jacob", 100, 300, 30), box(114, 290, 17, 50))).pages
        assert [run.text for run in page.runs if not run.visible] == ["a"]

    def test_most_of_it_is_covered(self):
        (page,) = read(blank(text("MARIA", 100, 300, 30), box(90, 290, 150, 25))).pages
        assert page.text == ""

    def test_text_lies_over_it_that_would_hide_whether_it_is_there(self):
        over = (box(90, 290, 150, 50), text("MMMMMM", 96, 299, 32))
        (page,) = read(blank(text("Jacob", 100, 300, 30), *over)).pages
        assert page.text.strip() == "MMMMMM"

    def test_other_text_lies_over_it(self):
        over = (box(90, 290, 150, 50), text("Maria", 100, 300, 30))
        (page,) = read(blank(text("Jacob", 100, 300, 30), *over)).pages
        assert "Maria" in page.text
        assert "Jacob" not in page.text

    def test_it_is_transparent(self):
        def state(pdf: pikepdf.Pdf) -> None:
            pdf.pages[0].Resources["/ExtGState"] = Dictionary(T=Dictionary(ca=0, CA=0))

        (page,) = read(blank(text("Jacob", 100, 300, 30, "/T gs"), state)).pages
        assert page.text == ""

    def test_its_layer_is_switched_off(self):
        def layer(pdf: pikepdf.Pdf) -> None:
            group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="off"))
            pdf.pages[0].Resources["/Properties"] = Dictionary(L=group)
            pdf.Root.OCProperties = Dictionary(
                OCGs=Array([group]), D=Dictionary(OFF=Array([group]), BaseState=Name.ON)
            )

        content = b"/OC /L BDC BT /Forged 30 Tf 100 300 Td (Jacob) Tj ET EMC"
        (page,) = read(blank(drawn(content), layer)).pages
        assert page.text == ""

    def test_a_comment_covers_it_and_its_text_counts(self):
        def stamped(pdf: pikepdf.Pdf) -> None:
            look = pdf.make_stream(
                b"1 g 0 0 200 60 re f 0 g BT /F 30 Tf 10 10 Td (Maria) Tj ET",
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=Array([0, 0, 200, 60]),
                Resources=Dictionary(Font=Dictionary(F=pdf.pages[0].Resources.Font["/Forged"])),
            )
            annotation = Dictionary(
                Type=Name.Annot,
                Subtype=Name.FreeText,
                Rect=Array([90, 290, 290, 350]),
                AP=Dictionary(N=look),
                F=4,
            )
            pdf.pages[0]["/Annots"] = Array([pdf.make_indirect(annotation)])

        (page,) = read(blank(text("Jacob", 100, 300, 30), stamped)).pages
        assert "Maria" in page.text
        assert "Jacob" not in page.text

    @pytest.mark.parametrize(
        "visible",
        [
            text("Jacob", 100, 300, 30),
            text("Jacob", 100, 300, 6, "0.6 g"),
            text("Jacob", 100, 300, 30, "1 0 0 RG 1 Tr"),
            drawn(b"0 0 1 rg 0 0 842 595 re f 1 g BT /Forged 30 Tf 100 300 Td (Jacob) Tj ET"),
            drawn(b"q 0 1 -1 0 300 100 cm BT /Forged 20 Tf (Jacob) Tj ET Q"),
        ],
    )
    def test_text_that_can_be_seen(self, visible):
        assert read(blank(visible)).pages[0].text.strip() == "Jacob"

    @pytest.mark.parametrize("turned", [90, 180, 270])
    def test_a_turned_page_with_its_corner_elsewhere(self, turned):
        def turn(pdf: pikepdf.Pdf) -> None:
            pdf.pages[0]["/Rotate"] = turned
            pdf.pages[0]["/MediaBox"] = Array([50, 60, 700, 500])

        hidden = text("Maria", 100, 200, 30, "1 g")
        assert read(blank(text("Jacob", 100, 300, 30), hidden, turn)).pages[0].text.strip() == (
            "Jacob"
        )


class TestPng:
    LINK = sc.verify_url(PAGE, OTHER)

    def chunk(self, kind: bytes, data: bytes) -> bytes:
        png = saved(Image.new("L", (20, 20), "white"), "png")
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        added = struct.pack(">I", len(data)) + kind + data + checksum
        return png[:33] + added + png[33:]

    @pytest.mark.parametrize(
        ("kind", "data"),
        [
            (b"tEXt", b"signedcert\0" + LINK.encode()),
            (b"tEXt", b"Comment\0See " + LINK.encode() + b" for more"),
            (b"zTXt", b"x\0\0" + zlib.compress(LINK.encode())),
            (b"iTXt", b"x\0\0\0en\0x\0" + LINK.encode()),
            (b"iTXt", b"x\0\1\0\0\0" + zlib.compress(LINK.encode())),
        ],
    )
    def test_text_chunks_are_read(self, kind, data):
        (carried,) = read_document(self.chunk(kind, data)).carried
        assert (carried.source, carried.frame.to_bytes()) == (Source.METADATA, OTHER)

    @pytest.mark.parametrize(
        ("kind", "data"),
        [
            (b"zTXt", b"x\0\0" + zlib.compress(bytes(100_000_000))),
            (b"zTXt", b"x\0\0" + zlib.compress(LINK.encode())[:-5]),
            (b"zTXt", b"x\0\7" + zlib.compress(LINK.encode())),
            (b"iTXt", b"x\0\0\0en"),
            (b"iTXt", b"x\0\0\0\0\0\xff" + LINK.encode()),
            (b"tEXt", LINK.encode()),
            (b"tEXt", b"x\0" + LINK.encode() + b" " * 300_000),
        ],
    )
    def test_damaged_and_swollen_ones_are_not(self, kind, data):
        try:
            document = read_document(self.chunk(kind, data))
        except DocumentUnreadable:
            return
        assert document.carried == ()


class TestSvg:
    LINK = sc.verify_url(PAGE, OTHER)
    START = '<svg xmlns="http://www.w3.org/2000/svg">'

    def test_links_in_metadata_alone_count(self):
        svg = f"{self.START}<text>{self.LINK}</text><metadata><a>{self.LINK}</a></metadata></svg>"
        assert len(read_document(svg.encode()).carried) == 1

    @pytest.mark.parametrize(
        ("svg", "words"),
        [
            (f'<!DOCTYPE svg [<!ENTITY a "b">]>{START}</svg>', "document type"),
            (f"<!DOCTYPE svg SYSTEM 'file:///etc/passwd'>{START}</svg>", "document type"),
            (f"{START}&undefined;</svg>", "damaged"),
            (START + "<g>" * 5000, "nested too deeply"),
            (f"{START}<metadata>{'x' * 300_000}</metadata></svg>", "too much metadata"),
            (f"{START}<metadata>", "damaged"),
            ("<?xml version='1.0'?><html><svg/></html>", "no SVG"),
            ("<?xml version='1.0' encoding='klingon'?><svg/>", "damaged"),
        ],
    )
    def test_hostile_ones_are_refused(self, svg, words):
        with pytest.raises(DocumentUnreadable, match=words):
            read_document(svg.encode())


def owner_locked(pdf: pikepdf.Pdf) -> bytes:
    written = io.BytesIO()
    pdf.save(written, encryption=pikepdf.Encryption(owner="secret", user=""))
    return written.getvalue()


class TestRefusals:
    def test_other_files(self):
        for data in (b"", b"hello", b"GIF89a", b"\xd2\x84"):
            with pytest.raises(DocumentUnreadable, match="no PDF, PNG, JPEG or SVG"):
                read_document(data)

    def test_a_password_is_needed(self, pdf):
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            written = io.BytesIO()
            opened.save(written, encryption=pikepdf.Encryption(owner="a", user="b"))
            with pytest.raises(DocumentUnreadable, match="encrypted"):
                read_document(written.getvalue())
            # This one opens without: the password is for changing it.
            assert len(read(owner_locked(opened)).carried) == 3

    @pytest.mark.parametrize(
        "found",
        [
            b"",
            b"[]",
            b"nonsense",
            b'{"files": [[1, "AA=="]]}',
            b'{"files": [], "links": [7], "codes": [], "pages": [], "page_count": 1}',
            b"[" * 100_000,
        ],
    )
    def test_an_answer_of_a_process_that_was_taken_over(self, found):
        with pytest.raises(DocumentUnreadable):
            document_of(found)

    def test_too_many_attached_files(self):
        def many(pdf: pikepdf.Pdf) -> None:
            for at in range(300):
                pdf.attachments[str(at)] = b"x"

        with pytest.raises(TaskRefused, match="too many attached files"):
            answer(blank(many))

    def test_files_that_inflate_to_gigabytes(self, pdf):
        def bomb(opened: pikepdf.Pdf) -> None:
            raw = zlib.compress(bytes(200_000_000), 9)
            stream = pikepdf.Stream(opened, raw, Type=Name.EmbeddedFile, Filter=Name.FlateDecode)
            opened.Root["/Extra"] = opened.make_indirect(
                Dictionary(F="x", EF=Dictionary(F=opened.make_indirect(stream)))
            )

        document = read(edited(pdf, bomb))
        assert len(document.carried) == 3


HOSTILE: dict[str, Callable[[], bytes]] = {}


def hostile(make: Callable[[], bytes]) -> Callable[[], bytes]:
    HOSTILE[make.__name__] = make
    return make


@hostile
def name_tree_that_holds_itself() -> bytes:
    def loop(pdf: pikepdf.Pdf) -> None:
        tree = pdf.make_indirect(Dictionary())
        tree["/Kids"] = Array([tree, tree])
        pdf.Root["/Names"] = Dictionary(EmbeddedFiles=tree)

    return blank(loop)


@hostile
def form_that_draws_itself() -> bytes:
    def loop(pdf: pikepdf.Pdf) -> None:
        form = pdf.make_stream(b"/X Do", Type=Name.XObject, Subtype=Name.Form)
        form["/BBox"] = Array([0, 0, 100, 100])
        form["/Resources"] = Dictionary(XObject=Dictionary(X=form))
        pdf.pages[0].Resources["/XObject"] = Dictionary(X=form)

    return blank(drawn(b"/X Do"), loop)


@hostile
def ten_thousand_pages() -> bytes:
    return blank(pages=10_000)


@hostile
def enormous_page() -> bytes:
    def grow(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0]["/MediaBox"] = Array([0, 0, 1e7, 1e7])

    return blank(text("x", 100, 100, 20), grow)


@hostile
def page_without_any_size() -> bytes:
    def shrink(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0]["/MediaBox"] = Array([0, 0, 0, 0])

    return blank(text("x", 100, 100, 20), shrink)


@hostile
def drawing_that_inflates_to_gigabytes() -> bytes:
    def bomb(pdf: pikepdf.Pdf) -> None:
        raw = zlib.compress(b"0 0 m " * 15_000_000, 1)
        pdf.pages[0]["/Contents"] = pikepdf.Stream(pdf, raw, Filter=Name.FlateDecode)

    return blank(bomb)


@hostile
def picture_of_a_billion_pixels() -> bytes:
    def bomb(pdf: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(
            pdf, zlib.compress(bytes(1000)), Type=Name.XObject, Subtype=Name.Image,
            Filter=Name.FlateDecode, Width=60_000, Height=60_000, BitsPerComponent=8,
            ColorSpace=Name.DeviceRGB,
        )  # fmt: skip
        pdf.pages[0].Resources["/XObject"] = Dictionary(X=stream)

    return blank(drawn(b"600 0 0 600 0 0 cm /X Do"), bomb)


@hostile
def more_text_than_any_book() -> bytes:
    line = b"BT /Forged 1 Tf 0 0 Td " + b"(xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx) Tj " * 9000
    return blank(drawn(line + b"ET"))


@hostile
def arrays_within_arrays() -> bytes:
    body = b"%PDF-1.7\n1 0 obj " + b"[" * 100_000 + b"]" * 100_000 + b" endobj\n"
    return body + b"trailer <</Root 1 0 R>>\n%%EOF"


@hostile
def nothing_but_a_header() -> bytes:
    return b"%PDF-2.0\n"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_read_or_refused(name):
    try:
        document = read_document(HOSTILE[name]())
    except DocumentUnreadable as error:
        refusal = str(error)
    else:
        assert document.carried == ()
        assert len(document.pages) <= 40
        return
    assert "PDF" in refusal
