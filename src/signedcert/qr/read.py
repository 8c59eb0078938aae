"""QR codes out of pictures: PNG and JPEG, from screens, scanners and phones."""

import io
import warnings
from collections.abc import Iterator

import zxingcpp
from PIL import Image

from signedcert.errors import SignedCertError

#: Pictures of more pixels are refused before they are unpacked. Phones make up to 50 million.
PIXELS_MAX = 64_000_000
#: Below this, a second look at twice the size costs little.
_SMALL = 3_000_000
_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


class PictureError(SignedCertError):
    """A picture that cannot be read, or that has no QR code in it."""


def is_picture(data: bytes) -> bool:
    """Whether the bytes begin as a PNG or JPEG file does."""
    return data.startswith(_MAGIC)


def read(picture: bytes) -> tuple[str, ...]:
    """The texts of the QR codes in a picture, each once.

    Nothing is known about them but that a picture holds them.

    :param picture: a PNG or JPEG file.
    :raises PictureError: when it is damaged or too large, or no QR code can be read in it.
    """
    image = _grey(picture)
    for look in _looks(image):
        found = zxingcpp.read_barcodes(look, formats=_FORMATS, text_mode=zxingcpp.TextMode.Plain)
        if found:
            return tuple(dict.fromkeys(code.text for code in found))
    raise PictureError(
        "no QR code could be read in the picture; take it closer, sharper, and with a white "
        "margin around the code"
    )


def _grey(picture: bytes) -> Image.Image:
    """The picture in shades of grey, on white where it is transparent."""
    try:
        with warnings.catch_warnings():
            # Our own bound is lower than the one that Pillow warns of.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(io.BytesIO(picture), formats=("PNG", "JPEG"))
            if image.width * image.height > PIXELS_MAX:
                raise _too_large()
            if image.has_transparency_data:
                image = image.convert("RGBA")
                white = Image.new("RGBA", image.size, "white")
                image = Image.alpha_composite(white, image)
            return image.convert("L")
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    # Pillow's decoders raise a dozen kinds of exception on damaged files.
    except Exception as error:
        raise PictureError("the picture is damaged, or no PNG or JPEG file") from error


def _too_large() -> PictureError:
    return PictureError(
        f"the picture has more than {PIXELS_MAX // 1_000_000} million pixels; cut it down to the "
        "QR code"
    )


def _looks(image: Image.Image) -> Iterator[Image.Image]:
    """The picture as it is, then as it may be read better."""
    yield image
    if image.width * image.height <= _SMALL:
        # Modules of one or two pixels.
        yield image.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC)
