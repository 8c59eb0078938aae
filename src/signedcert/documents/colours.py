"""Colours of a theme, and whether they can be read on white paper."""

import re

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def contrast_to_white(colour: str) -> float | None:
    """From 1, which is white, to 21, which is black (WCAG 2.2, contrast ratio).

    :param colour: ``#rrggbb``; None is returned for anything else.
    """
    if not _COLOUR.fullmatch(colour):
        return None
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
