import contextlib
import io
import random
import struct
import zlib

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from signedcert.documents.errors import PictureRefused
from signedcert.documents.pictures import RASTER, PictureFormat, checked, checked_portrait

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def saved(
    kind: str, mode: str = "RGB", size: tuple[int, int] = (40, 30), **options: object
) -> bytes:
    noise = random.Random(1).randbytes(size[0] * size[1] * 3)
    image = Image.frombytes("RGB", size, noise).convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def png(header: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    parts = ((b"IHDR", header), *chunks, (b"IEND", b""))
    return SIGNATURE + b"".join(chunk(*each) for each in parts)


def header(width: int, height: int, bits: int = 8, colour: int = 0, interlace: int = 0) -> bytes:
    return struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlace)


def rows(count: int, size: int) -> bytes:
    return zlib.compress(bytes(count * (1 + size)))


def svg(inside: str, root: str = 'viewBox="0 0 20 10"', before: str = "") -> bytes:
    name_spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"{before}<svg {name_spaces} {root}>{inside}</svg>".encode()


def refusal(data: bytes, **options: object) -> str:
    with pytest.raises(PictureRefused) as refused:
        checked(data, "A seal", **options)  # type: ignore[arg-type]
    return str(refused.value)


def typst_takes(data: bytes, kind: str) -> None:
    source = (
        f'#set document(title: "T", date: datetime(year: 2026, month: 1, day: 1))\n'
        f'#set text(lang: "en")\n'
        f'#image(bytes({tuple(data)}), format: "{kind}", alt: "x")'
    )
    made = typst.compile(source.encode(), format="pdf", pdf_standards=["a-3b", "ua-1"])
    assert isinstance(made, bytes)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_pictures_of_every_mode_are_taken_as_typst_takes_them(mode):
    deep = png(header(40, 30, bits=16), (b"IDAT", rows(30, 80)))
    data = deep if mode == "I;16" else saved("PNG", mode)
    picture = checked(data, "A seal", name="seal.png")
    assert (picture.format, picture.width, picture.height) == (PictureFormat.PNG, 40, 30)
    assert picture.data == data
    typst_takes(data, "png")


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_pictures_are_taken_as_typst_takes_them(mode, progressive):
    data = saved("JPEG", mode, progressive=progressive)
    picture = checked(data, "A seal", name="SEAL.JPG")
    assert (picture.format, picture.width, picture.height) == (PictureFormat.JPEG, 40, 30)
    typst_takes(data, "jpg")


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (3, 5), (33, 17)])
@pytest.mark.parametrize(("bits", "colour", "samples"), [(1, 0, 1), (8, 2, 3), (16, 6, 4)])
def test_interlaced_png_pictures_have_as_many_pixels_as_they_say(size, bits, colour, samples):
    width, height = size
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2))
    unpacked = b""
    for first_column, first_row, columns, rows_ in (*passes, (0, 1, 1, 2)):
        across = len(range(first_column, width, columns))
        down = len(range(first_row, height, rows_))
        if across:
            unpacked += bytes(down * (1 + (across * bits * samples + 7) // 8))
    data = png(header(*size, bits, colour, 1), (b"IDAT", zlib.compress(unpacked)))
    assert checked(data, "A seal").width == width
    short = png(header(*size, bits, colour, 1), (b"IDAT", zlib.compress(unpacked[:-1])))
    assert "fewer or more" in refusal(short)


def test_a_portrait_is_a_png_or_jpeg_file_of_one_megabyte_at_most():
    assert checked_portrait(saved("JPEG")).width == 40
    with pytest.raises(PictureRefused, match="1 MB at most"):
        checked_portrait(saved("PNG", size=(1000, 1000)))
    with pytest.raises(PictureRefused, match="it is an SVG picture; save it as PNG or JPEG"):
        checked_portrait(svg('<path d="M0 0h9v9z"/>'))


def test_larger_files_than_two_megabytes_are_refused_unread():
    assert "more than 2 MB" in refusal(SIGNATURE + bytes(2_000_000))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "it is empty"),
        (b"hello", "no picture"),
        (b"%PDF-1.7", "a PDF file"),
        (b"\x1f\x8b\x08 svgz", "SVGZ"),
        (b"\0\0\0\x18ftypheic", "a HEIC file"),
        (b"\0\0\0\x18ftypavif", "an AVIF file"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a WebP file"),
        (saved("GIF", "P"), "a GIF file"),
        (saved("TIFF"), "a TIFF file"),
        (saved("BMP"), "a BMP file"),
    ],
)
def test_other_kinds_are_named_with_what_to_do(data, what):
    message = refusal(data)
    assert what in message
    assert "save it as PNG or JPEG or SVG" in message


def test_a_name_that_lies_about_the_kind_is_refused():
    assert "ends in .png, and it is a JPEG" in refusal(saved("JPEG"), name="seal.png")
    assert "ends in .svg, and it is a PNG" in refusal(saved("PNG"), name="seal.svg")
    assert "ends in .webp" in refusal(saved("PNG"), name="seal.webp")
    assert checked(saved("PNG"), "A seal", name="seal").format is PictureFormat.PNG


def test_a_kind_that_is_not_wanted_is_refused():
    assert "save it as PNG or JPEG" in refusal(svg('<path d="M0 0"/>'), allowed=RASTER)


@pytest.mark.parametrize("description", ["", "  ", "two\nlines", "x" * 301, "\u202eturned"])
def test_a_description_is_one_line_that_says_something(description):
    with pytest.raises(PictureRefused, match="description"):
        checked(saved("PNG"), description)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("added", [b"\0", b"<html>", b"PK\x03\x04", b"\xff\xd8\xff", b"%PDF-1.7"])
def test_nothing_may_follow_after_the_end(kind, added):
    assert "something follows" in refusal(saved(kind) + added)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@given(share=st.floats(0, 0.999))
def test_whatever_is_cut_off_is_refused(kind, share):
    data = saved(kind)
    cut = data[: int(len(data) * share)]
    refusal(cut)


@given(place=st.integers(33, 1200), bit=st.integers(0, 7))
def test_a_png_file_with_a_changed_bit_is_refused(place, bit):
    data = bytearray(saved("PNG"))
    data[place % len(data)] ^= 1 << bit
    refusal(bytes(data))


@given(data=st.binary(max_size=200), kind=st.sampled_from([SIGNATURE, b"\xff\xd8\xff", b"<svg"]))
def test_hostile_bytes_are_refused_and_nothing_else_happens(data, kind):
    refusal(kind + data)


@given(place=st.integers(2, 900), value=st.integers(0, 255))
def test_a_changed_jpeg_file_is_taken_or_refused(place, value):
    data = bytearray(saved("JPEG"))
    data[place % len(data)] = value
    with contextlib.suppress(PictureRefused):
        checked(bytes(data), "A seal")


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        (png(header(100, 100), (b"IDAT", rows(10, 100))), "fewer or more"),
        (png(header(100, 10), (b"IDAT", rows(100, 100))), "fewer or more"),
        (png(header(4000, 4000), (b"IDAT", rows(1, 4000))), "fewer or more"),
        (png(header(0, 10), (b"IDAT", rows(1, 1))), "no pixels"),
        (png(header(10, 0), (b"IDAT", b"")), "no pixels"),
        (png(header(4001, 4001), (b"IDAT", b"")), "16 million"),
        (png(header(2**31, 2**31), (b"IDAT", b"")), "16 million"),
        (png(header(12_001, 1), (b"IDAT", rows(1, 12_001))), "12000 a side"),
        (png(header(10, 10)), "fewer or more"),
        (png(header(10, 10, bits=3), (b"IDAT", rows(10, 10))), "damaged"),
        (png(header(10, 10, colour=5), (b"IDAT", rows(10, 10))), "damaged"),
        (png(header(10, 10)[:12], (b"IDAT", rows(10, 10))), "damaged"),
        (png(header(10, 10), (b"IDAT", b"nothing packed")), "damaged"),
        (png(header(10, 10), (b"IDAT", rows(10, 10) + b"more")), "fewer or more"),
        (png(header(10, 10), (b"XDAT", b""), (b"IDAT", rows(10, 10))), "damaged"),
        (png(header(10, 10), (b"acTL", bytes(8)), (b"IDAT", rows(10, 10))), "animated"),
        (png(header(10, 10), (b"IDAT", rows(10, 10)))[:-12], "cut off"),
        (SIGNATURE + chunk(b"IDAT", rows(10, 10)) + chunk(b"IEND", b""), "damaged"),
        (SIGNATURE + struct.pack(">I4s", 2**31, b"IHDR"), "cut off"),
    ],
)
def test_png_files_that_lie_about_their_size_are_refused(lie, why):
    assert why in refusal(lie)


@pytest.mark.parametrize(
    "packed",
    [
        (b"iCCP", b"profile\0\0"),
        (b"zTXt", b"Comment\0\0"),
        (b"iTXt", b"Comment\0\1\0en\0translated\0"),
    ],
)
def test_profiles_and_texts_that_unpack_to_too_much_are_refused(packed):
    name, before = packed
    bomb = (name, before + zlib.compress(bytes(50_000_000)))
    data = png(header(10, 10), bomb, (b"IDAT", rows(10, 10)))
    assert len(data) < 100_000
    assert "more than 4 MB" in refusal(data)


def test_an_animated_png_file_is_refused():
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    buffer = io.BytesIO()
    frames[0].save(buffer, "PNG", save_all=True, append_images=frames[1:], duration=100)
    assert "animated" in refusal(buffer.getvalue())


def test_a_jpeg_file_for_printing_presses_is_refused():
    assert "CMYK" in refusal(saved("JPEG", "CMYK"))


@pytest.mark.parametrize("size", [(3999, 3999), (12_000, 1000)])
def test_a_jpeg_file_that_claims_more_pixels_than_it_has_is_refused(size):
    data = bytearray(saved("JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", *size)
    assert "fewer than its header says" in refusal(bytes(data))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ((b"\xff\xc0", b"\xff\xc9"), "unusual"),  # arithmetic
        ((b"\xff\xc0", b"\xff\xc3"), "unusual"),  # lossless
        ((b"\xff\xc0", b"\xff\xe5"), "damaged"),  # no frame at all
    ],
)
def test_unusual_jpeg_files_are_refused(change, why):
    assert why in refusal(saved("JPEG").replace(*change, 1))


def test_a_jpeg_file_of_very_many_scans_is_refused():
    data = saved("JPEG", progressive=True)
    scan = data.index(b"\xff\xda")
    following = data.index(b"\xff", scan + 2)
    while data[following + 1] == 0:
        following = data.index(b"\xff", following + 2)
    many = data[:scan] + data[scan:following] * 70 + data[following:]
    assert "unusual" in refusal(many)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_its_metadata_turns_is_refused(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    assert "upright" in refusal(saved(kind, exif=exif.tobytes()))
    exif[0x0112] = 1
    assert checked(saved(kind, exif=exif.tobytes()), "A seal").width == 40


def test_the_largest_picture_is_taken_within_a_second_or_two():
    data = png(header(4000, 4000, colour=2), (b"IDAT", rows(4000, 12_000)))
    assert checked(data, "A seal").width == 4000


GOOD_SVG = """
<title>Seal</title><desc>Of a university</desc>
<style>.a { fill: url(#g) ; stroke:#123 } .b{opacity:.5}</style>
<defs>
  <linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient>
  <radialGradient id="h" xlink:href="#g"/>
  <clipPath id="c"><rect width="9" height="9"/></clipPath>
  <symbol id="s"><circle r="2"/></symbol>
</defs>
<g clip-path="url(#c)" fill='url("#g")'><path d="M0 0h9v9z" style="fill:url('#h');opacity:1"/></g>
<use xlink:href="#s" x="3"/><use href="#s"/>
"""


def test_a_drawing_with_gradients_clips_and_clones_is_taken_as_typst_takes_it():
    data = svg(GOOD_SVG, before='<?xml version="1.0" encoding="UTF-8"?>\n<!-- a comment -->')
    picture = checked(data, "A seal", name="seal.svg")
    assert (picture.format, picture.width, picture.height) == (PictureFormat.SVG, 1000, 500)
    typst_takes(data, "svg")


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ('width="200" height="100"', (1000, 500)),
        ('width="1in" height="2.54cm"', (1000, 1000)),
        ('width="30mm" height="40mm" viewBox="0 0 3 4"', (750, 1000)),
        ('width="100%" viewBox="0,0,5,10"', (500, 1000)),
        ('viewBox=" -1 -2 3e1 1.5e1 "', (1000, 500)),
    ],
)
def test_the_size_of_a_drawing_is_its_proportion(root, size):
    picture = checked(svg('<path d="M0 0h9v9z"/>', root), "A seal")
    assert (picture.width, picture.height) == size


@pytest.mark.parametrize(
    "root",
    [
        "",
        'width="10"',
        'width="100%" height="100%"',
        'viewBox="0 0 0 10"',
        'viewBox="0 0 10 -10"',
        'viewBox="0 0 1e99 1e99"',
        'viewBox="0 0 10"',
        'viewBox="0 0 NaN 10"',
        'width="0" height="0" viewBox="0 0 1 1"',
        'width="5 em" height="5"',
        'width="1" height="5000"',
        'width="10" height="10" viewBox="0 0 0 0"',
        'width="' + "9" * 400 + '" height="1"',
    ],
)
def test_a_drawing_without_a_sensible_size_is_refused(root):
    refusal(svg('<path d="M0 0h9v9z"/>', root))


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<script>alert(1)</script>", "must not run"),
        ("<foreignObject/>", "web pages"),
        ('<path onclick="alert(1)"/>', "must not run"),
        ('<path ONLOAD="alert(1)"/>', "must not run"),
        ('<animate attributeName="x"/>', "not taken"),
        ('<set attributeName="href"/>', "not taken"),
        ("<text>Name</text>", "into paths"),
        ("<g><text><tspan>Name</tspan></text></g>", "into paths"),
        ("plain words", "into paths"),
        ('<image href="https://x.example/a.png"/>', "PNG or JPEG instead"),
        ('<image href="data:image/png;base64,AAAA"/>', "PNG or JPEG instead"),
        ('<a href="https://x.example/"><path/></a>', "not taken"),
        ('<use href="https://x.example/a.svg#b"/>', "outside"),
        ('<use xlink:href="/etc/passwd"/>', "outside"),
        ('<use href="data:image/svg+xml,x"/>', "outside"),
        ('<use href="#missing"/>', "not there"),
        ('<path href="#x" id="x"/>', "link"),
        ('<path src="x"/>', "outside"),
        ('<path fill="url(https://x.example/#a)"/>', "outside"),
        ('<path fill="url(#missing)"/>', "not there"),
        ('<path id="p" fill="url(#p)"/>', "not there"),
        ('<path marker-end="url(#p)"/>', "outside"),
        ('<path style="fill:url(http://x.example/)"/>', "style"),
        ('<path style="fill:\\75rl(http://x.example/)"/>', "style"),
        ('<path style="clip-path:url(#x)"/>', "style"),
        ("<style>@import 'https://x.example/a.css';</style>", "style"),
        ("<style>@font-face{src:local(x)}</style>", "style"),
        ("<style>a{fill:u/**/rl(x)}</style>", "style"),
        ("<style><path/></style>", "text alone"),
        ("<filter/>", "filters"),
        ("<pattern/>", "patterns"),
        ("<svg/>", "no other inside"),
        ("<metadata/>", "plain"),
        ('<x:path xmlns:x="http://www.w3.org/1999/xhtml"/>', "not taken"),
        ('<path id="a"/><path id="a"/>', "the id"),
        ('<path xml:base="https://x.example/"/>', "must not run"),
        ("<g>" * 40 + "</g>" * 40, "too many parts"),
        ("<path/>" * 6000, "too many parts"),
        ("<path " + " ".join(f'a{n}="1"' for n in range(80)) + "/>", "too many attributes"),
        ('<g id="a"><use href="#a"/></g>', "clones of clones"),
        ('<use id="a" href="#b"/><use id="b" href="#a"/>', "clones of clones"),
        ('<symbol id="s"><use href="#t"/></symbol><path id="t"/>', "within <symbol>"),
        ('<mask id="m"><path mask="url(#m)"/></mask>', "within <mask>"),
        ('<g id="g">' + "<path/>" * 200 + "</g>" + '<use href="#g"/>' * 200, "clones are too many"),
        ('<clipPath id="c"/>' + '<path clip-path="url(#c)"/>' * 300, "clips and masks"),
        ("<path", "damaged"),
        ("<g></path>", "damaged"),
        ("&nbsp;", "damaged"),
        ("<path d='\x01'/>", "damaged"),
    ],
)
def test_whatever_runs_loads_or_multiplies_in_a_drawing_is_refused(inside, why):
    assert why in refusal(svg(inside))


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "aaaa">]>', "DOCTYPE"),
        ('<!DOCTYPE svg SYSTEM "file:///etc/passwd">', "DOCTYPE"),
        ('<?xml-stylesheet href="https://x.example/a.css"?>', "processing instruction"),
        ('<?xml version="1.0" encoding="UTF-16"?>', "UTF-8"),
        ('<?xml version="1.0" encoding="UTF-7"?>', "UTF-8"),
    ],
)
def test_nothing_dangerous_stands_before_a_drawing(before, why):
    assert why in refusal(svg("<path/>", before=before))


def test_a_drawing_in_another_encoding_or_name_space_is_refused():
    assert "no picture" in refusal(svg("<path/>").decode().encode("utf-16"))
    assert "damaged" in refusal(
        b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1' a='\xff'/>"
    )
    assert "not taken" in refusal(b'<svg viewBox="0 0 9 9"/>')
    assert "not taken" in refusal(b"<html/>")
    assert "more than 2 MB" in refusal(svg(" " * 2_000_000))
    assert "1 MB at most" in refusal(svg(" " * 1_500_000))
