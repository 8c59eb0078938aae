"""The QR code as it is met: rendered, compressed, turned, blurred, grey, photographed askew."""

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from on_paper import full, printed_of
from PIL import Image, ImageFilter, ImageOps

import signedcert as sc
from signedcert.documents import Design, Printed, Printer, Theme
from signedcert.qr.read import read

DPI = 150


def on_paper(printer: Printer, printed: Printed, folder: Path) -> Image.Image:
    """The first page as poppler renders it."""
    path = folder / "certificate.pdf"
    path.write_bytes(printer.pdf(printed))
    subprocess.run(
        ["pdftoppm", "-r", str(DPI), "-png", "-singlefile", path, folder / "page"], check=True
    )
    return Image.open(folder / "page.png").convert("RGB")


@pytest.fixture(scope="module", params=list(Design))
def page(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Image.Image, bytes]:
    printed = printed_of(full())
    with Printer(Theme(design=request.param)) as printer:
        return on_paper(printer, printed, tmp_path_factory.mktemp("page")), printed.token


def compressed(page: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


def from_the_side(page: Image.Image) -> Image.Image:
    """A photograph from below on the left, on a dark table."""
    width, height = page.size
    # Where each corner of the picture lies on the page: more is seen of the far side.
    corners = (
        (-0.10 * width, -0.12 * height),
        (0.04 * width, 1.10 * height),
        (1.02 * width, 1.06 * height),
        (1.12 * width, -0.06 * height),
    )
    quad = [part for corner in corners for part in corner]
    return page.transform(
        page.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=(60, 50, 45)
    )


#: Standard deviations in dots. A module has 3.5; zbar, which looks along lines, stands less.
BLUR_OF_ZXING, BLUR_OF_ZBAR = 1.2, 0.8

CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as rendered": lambda page: page,
    "JPEG of quality 40": lambda page: compressed(page, 40),
    "turned by 7 degrees": lambda page: page.rotate(
        7, Image.Resampling.BICUBIC, expand=True, fillcolor=(90, 80, 70)
    ),
    "blurred": lambda page: page.filter(ImageFilter.GaussianBlur(BLUR_OF_ZBAR)),
    "printed in grey": lambda page: ImageOps.grayscale(page).point(
        lambda level: 70 + level * 150 // 255
    ),
    "in perspective": from_the_side,
}


@pytest.mark.parametrize("change", CHANGES)
def test_zxing_reads_it(page: tuple[Image.Image, bytes], change: str):
    picture, token = page
    buffer = io.BytesIO()
    CHANGES[change](picture).save(buffer, "PNG")
    assert token in [sc.token_from_text(text) for text in read(buffer.getvalue())]


def test_zxing_reads_it_when_it_is_blurred_more(page: tuple[Image.Image, bytes]):
    picture, token = page
    buffer = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(BLUR_OF_ZXING)).save(buffer, "PNG")
    assert token in [sc.token_from_text(text) for text in read(buffer.getvalue())]


@pytest.mark.parametrize("change", CHANGES)
def test_zbar_reads_it(page: tuple[Image.Image, bytes], change: str, tmp_path: Path):
    picture, token = page
    path = tmp_path / "photo.png"
    CHANGES[change](picture).save(path)
    found = subprocess.run(
        ["zbarimg", "--quiet", "--raw", path], capture_output=True, text=True, check=True
    )
    assert token in [sc.token_from_text(line) for line in found.stdout.splitlines()]
