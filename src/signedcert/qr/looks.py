"""Ways to look at a picture in which a QR code may be: as it is, larger, smaller, sharper."""

from collections.abc import Iterator

from PIL import Image, ImageChops, ImageFilter

#: Up to so many pixels, looks at twice the width cost little.
_SMALL = 4_500_000
#: Beyond so many, every look but the first is at a smaller picture.
_LARGE = 13_000_000
#: The level in the middle between black and white.
_GREY = 128


def looks(image: Image.Image) -> Iterator[Image.Image]:
    """The picture as it is, then as it may be read better; the most likely ways first.

    :param image: in shades of grey (mode ``L``).
    """
    yield image
    pixels = image.width * image.height
    if pixels > _LARGE:
        image = _scaled(image, (_LARGE / pixels) ** 0.5)
        yield image
    if pixels <= _SMALL:
        # Modules of one or two pixels.
        doubled = _scaled(image, 2)
        yield doubled
        yield _sharpened(doubled, 3, 300)
        yield _unblurred(doubled, 3, 4)
    yield _sharpened(image, 3, 400)
    # Noise, and the raster of a screen or of print.
    half = _scaled(image, 0.5)
    yield half
    yield _unblurred(half, 3, 4)
    yield _evenly_lit(_sharpened(image, 3, 400), 25)
    yield _unblurred(image, 4, 4)


def _scaled(image: Image.Image, factor: float) -> Image.Image:
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    # Box takes the mean of the pixels that become one.
    method = Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.BOX
    return image.resize(size, method)


def _sharpened(image: Image.Image, radius: int, percent: int) -> Image.Image:
    return image.filter(ImageFilter.UnsharpMask(radius, percent, 0))


def _unblurred(image: Image.Image, radius: int, times: int) -> Image.Image:
    """Undoes a blur of about this radius, by Van Cittert's iteration."""
    guess = image
    for _ in range(times):
        blurred = guess.filter(ImageFilter.GaussianBlur(radius))
        missing = ImageChops.subtract(image, blurred, 1, _GREY)
        guess = ImageChops.add(guess, missing, 1, -_GREY)
    return guess


def _evenly_lit(image: Image.Image, radius: int) -> Image.Image:
    """The differences to the mean brightness around, four times as strong."""
    around = image.filter(ImageFilter.BoxBlur(radius))
    difference = ImageChops.subtract(image, around, 1, _GREY)
    return difference.point([min(255, max(0, (v - _GREY) * 4 + _GREY)) for v in range(256)])
