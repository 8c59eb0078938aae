"""QR codes out of pictures: PNG and JPEG, from screens, scanners and phones."""

import io
import time
import warnings
from collections.abc import Callable

import zxingcpp
from PIL import Image

from signedcert.errors import SignedCertError
from signedcert.qr.looks import looks

#: Pictures of more pixels are refused before they are unpacked. Phones make up to 50 million.
PIXELS_MAX = 64_000_000
#: No further look at a picture begins after so many seconds; the longest takes one more.
PATIENCE = 1.5
_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


class PictureError(SignedCertError):
    """A picture that cannot be read, or that has no QR code in it."""


class NoCodeError(PictureError):
    """A picture in which no QR code can be read."""


def is_picture(data: bytes) -> bool:
    """Whether the bytes begin as a PNG or JPEG file does."""
    return data.startswith(_MAGIC)


def _anything(_text: str) -> bool:
    return True


def read(picture: bytes, enough: Callable[[str], bool] = _anything) -> tuple[str, ...]:
    """The texts of the QR codes in a picture, each once.

    Nothing is known about them but that a picture holds them.

    :param picture: a PNG or JPEG file.
    :param enough: whether a code's text is what is looked for; if none is, another look is taken.
    :raises PictureError: when it is damaged or too large.
    :raises NoCodeError: when no QR code can be read in it.
    """
    found = codes_in(_grey(picture), enough=enough)
    if not found:
        raise NoCodeError(
            "no QR code could be read in the picture; take it closer, sharper, and with a white "
            "margin around the code"
        )
    return found


def codes_in(
    image: Image.Image, patience: float = PATIENCE, enough: Callable[[str], bool] = _anything
) -> tuple[str, ...]:
    """The texts of the QR codes in a picture, each once; none where none can be read.

    :param image: in shades of grey (mode ``L``).
    :param patience: no further look begins after so many seconds. Zero: one look.
    :param enough: whether a code's text is what is looked for.
    """
    end = time.monotonic() + patience
    found: dict[str, None] = {}
    for look in looks(image):
        codes = zxingcpp.read_barcodes(look, formats=_FORMATS, text_mode=zxingcpp.TextMode.Plain)
        found |= dict.fromkeys(code.text for code in codes)
        if any(enough(text) for text in found) or time.monotonic() >= end:
            break
    return tuple(found)


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
