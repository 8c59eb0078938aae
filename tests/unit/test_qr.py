"""QR codes: what is written is read back, and the size report says what is true."""

import io
import itertools
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
import segno
import zxingcpp
from PIL import Image, ImageFilter

import signedcert as sc
from signedcert import qr
from signedcert.codec.packed import pack_smallest
from signedcert.codec.text import qr_text
from signedcert.qr.looks import looks
from signedcert.qr.read import PictureError, codes_in, is_picture, read
from signedcert.qr.size_report import measure, savings

PAGE = "https://learn.example.edu/c/"
SIGNER = sc.SoftwareSigner(bytes(32))


def certificate(**fields):
    given = {
        "id": bytes(10), "issuer": "learn.example.edu",
        "issued_at": datetime(2026, 11, 2, tzinfo=UTC), "learner": sc.Person(name="Jacob Ångström"),
        "course": sc.Course(
            title="Introduction to Operations Management",
            institution="University of Pennsylvania", description="What it is about. " * 10,
            workload=sc.Workload(weeks=8),
        ),
        "completed_on": date(2026, 11, 2), "skills": ("Process Analysis",),
    }  # fmt: skip
    return sc.Certificate(**given | fields)


STATEMENT = certificate()
TOKEN = sc.issue(STATEMENT, SIGNER)


@pytest.mark.parametrize("level", ["l", "m", "q", "h"])
def test_what_is_written_is_read_back(level):
    code = qr.encode(PAGE, TOKEN, error=level)
    assert read(qr.png(code)) == ("".join(qr_text(PAGE, TOKEN)),)
    assert "LMQH".index(code.error) >= "LMQH".index(level.upper())


def test_digits_stand_in_a_numeric_segment():
    text = "".join(qr_text(PAGE, TOKEN))
    as_bytes = segno.make_qr(text, error="m", mode="byte")
    assert qr.encode(PAGE, TOKEN).version < as_bytes.version


@pytest.mark.parametrize("page", ["x", "ftp://learn.example.edu/", "https://a.example/#x", ""])
def test_pages_that_are_none(page):
    with pytest.raises(sc.EncodeError):
        qr.encode(page, TOKEN)


def test_too_large_for_any_code():
    import random

    noise = random.Random(1)
    modules = tuple(sc.Module(title=noise.randbytes(140).hex()) for _ in range(30))
    course = sc.Course(title="T", institution="I", syllabus=modules)
    token = sc.issue(certificate(course=course), SIGNER)
    with pytest.raises(sc.EncodeError, match="does not fit"):
        qr.encode(PAGE, token)
    sizes = measure(PAGE, token)
    assert (sizes.qr_version, sizes.qr_error, sizes.qr_modules) == (None, None, None)


def test_svg_is_a_picture_of_its_own():
    text = qr.svg(qr.encode(PAGE, TOKEN)).decode()
    assert text.startswith("<svg")
    assert "#fff" in text


def test_sizes_add_up():
    sizes = measure(PAGE, TOKEN)
    assert sizes.token == len(TOKEN)
    assert sizes.packed == len(pack_smallest(TOKEN))
    assert (sizes.format_byte, sizes.kid, sizes.signature) == (1, 8, 64)
    assert 73 + sizes.payload == sizes.packed
    assert sizes.link == len(sc.verify_url(PAGE, TOKEN))
    code = qr.encode(PAGE, TOKEN)
    assert (sizes.qr_version, sizes.qr_error) == (code.version, code.error)
    assert sizes.qr_modules == 17 + 4 * code.version
    assert list(sizes.to_dict()) == list(type(sizes).__slots__)


def test_savings_are_what_issuing_without_the_field_saves():
    found = savings(PAGE, TOKEN, STATEMENT)
    assert found[0].field == "course.description"
    assert [each.saved for each in found] == sorted((s.saved for s in found), reverse=True)
    assert {each.field for each in found} == {"course.description", "course.workload", "skills"}
    course = STATEMENT.course.model_copy(update={"description": None})
    shorter = sc.issue(STATEMENT.model_copy(update={"course": course}), SIGNER)
    # Another signature, of the same length.
    assert found[0].saved == len(pack_smallest(TOKEN)) - len(pack_smallest(shorter))
    assert found[0].qr_version == qr.encode(PAGE, shorter).version


def test_nothing_optional_nothing_to_save():
    bare = certificate(course=sc.Course(title="T", institution="I"), skills=())
    assert savings(PAGE, sc.issue(bare, SIGNER), bare) == ()


class TestReading:
    def test_codes_of_other_kinds_are_not_read(self):
        code = zxingcpp.create_barcode("https://a.example/#1", zxingcpp.BarcodeFormat.DataMatrix)
        pixels = memoryview(code.to_image(scale=5))
        image = Image.frombytes("L", (pixels.shape[1], pixels.shape[0]), pixels.tobytes())
        (found,) = zxingcpp.read_barcodes(image)
        assert found.text == "https://a.example/#1"
        with pytest.raises(PictureError, match="no QR code"):
            read(_png(image))

    @pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
    def test_every_kind_of_png(self, mode):
        image = Image.open(io.BytesIO(qr.png(qr.encode(PAGE, TOKEN)))).convert("L")
        if mode == "I;16":
            image = image.convert("I").point(lambda value: value * 257).convert("I;16")
        else:
            image = image.convert(mode)
        assert read(_png(image)) == ("".join(qr_text(PAGE, TOKEN)),)

    def test_the_bound_on_pixels(self, monkeypatch):
        data = qr.png(qr.encode(PAGE, TOKEN))
        monkeypatch.setattr("signedcert.qr.read.PIXELS_MAX", 1000)
        with pytest.raises(PictureError, match="million pixels"):
            read(data)

    def test_other_formats_are_not_opened(self):
        buffer = io.BytesIO()
        Image.open(io.BytesIO(qr.png(qr.encode(PAGE, TOKEN)))).save(buffer, format="bmp")
        assert not is_picture(buffer.getvalue())
        with pytest.raises(PictureError, match="no PNG or JPEG"):
            read(buffer.getvalue())

    def test_every_cut_of_a_picture_is_refused_or_read(self):
        data = qr.png(qr.encode(PAGE, TOKEN))
        for length in range(8, len(data), 97):
            try:
                texts = read(data[:length])
            except PictureError:
                continue
            assert texts == ("".join(qr_text(PAGE, TOKEN)),)


class TestLooks:
    """What a plain look does not see, others do."""

    def paper(self, dots=2):
        """The code on a sheet, with modules of so many pixels."""
        code = Image.open(io.BytesIO(qr.png(qr.encode(PAGE, TOKEN), scale=dots))).convert("L")
        sheet = Image.new("L", (1200, 900), 255)
        sheet.paste(code, (700, 500))
        return sheet

    @pytest.mark.parametrize(
        "change",
        [
            lambda sheet: sheet.filter(ImageFilter.GaussianBlur(1.1)),
            lambda sheet: sheet.point([90 + v // 5 for v in range(256)]).filter(
                ImageFilter.GaussianBlur(1)
            ),
            lambda sheet: sheet.resize((6000, 4500)).filter(ImageFilter.GaussianBlur(6)),
        ],
    )
    def test_blurred(self, change):
        sheet = change(self.paper())
        assert codes_in(sheet, 0) == ()
        assert codes_in(sheet, 60) == ("".join(qr_text(PAGE, TOKEN)),)

    def test_a_sharp_code_of_others_beside_it_does_not_end_the_search(self):
        sheet = self.paper().filter(ImageFilter.GaussianBlur(1.1))
        other = Image.open(io.BytesIO(qr.png(segno.make_qr("WIFI:S:school;;")))).convert("L")
        sheet.paste(other, (50, 50))
        assert read(_png(sheet)) == ("WIFI:S:school;;",)
        found = read(_png(sheet), enough=lambda text: text.startswith(PAGE))
        assert set(found) == {"WIFI:S:school;;", "".join(qr_text(PAGE, TOKEN))}

    def test_it_ends_when_patience_does(self, monkeypatch):
        monkeypatch.setattr("signedcert.qr.read.looks", itertools.repeat)
        assert codes_in(Image.new("L", (50, 50), 255), 0.1) == ()

    def test_the_largest_photograph_costs_few_looks(self):
        largest = Image.new("L", (8000, 8000), 255)
        sizes = [look.width * look.height for look in itertools.islice(looks(largest), 20)]
        assert sizes[0] == 64_000_000
        assert max(sizes[1:]) < 14_000_000
        assert len(sizes) < 10


def _png(image):
    buffer = io.BytesIO()
    image.save(buffer, format="png")
    return buffer.getvalue()


def test_without_the_extra_it_says_what_to_install():
    program = "import sys; sys.modules['segno'] = None\nfrom signedcert import qr"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 1
    assert b"ImportError: " in done.stderr
    assert b"pip install 'signedcert[qr]'" in done.stderr
