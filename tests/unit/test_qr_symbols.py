"""QR codes for documents: the same text, size and level as those of signedcert.qr.encode."""

import io
import re

import pytest
from PIL import Image

import signedcert as sc
from issuing import SIGNER, minimal, typical
from signedcert import qr
from signedcert.qr.read import read
from signedcert.qr.symbol import Symbol, symbol

PAGE = "https://learn.example.edu/c/"


def picture(code: Symbol) -> bytes:
    image = Image.frombytes("L", (code.side, code.side), code.modules)
    padded = Image.new("L", (code.side + 8, code.side + 8), 255)
    padded.paste(image, (4, 4))
    buffer = io.BytesIO()
    padded.resize((padded.width * 4, padded.height * 4), Image.Resampling.NEAREST).save(
        buffer, "PNG"
    )
    return buffer.getvalue()


@pytest.mark.parametrize("error", ["l", "m", "q", "h"])
@pytest.mark.parametrize("length", [1, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200])
def test_size_level_and_text_are_those_of_the_other_encoder(error, length):
    name = "".join(chr(0x4E00 + (length * at * 37) % 20_000) for at in range(length))
    token = sc.issue(minimal(learner=sc.Person(name=name)), SIGNER)
    ours, other = symbol(PAGE, token, error), qr.encode(PAGE, token, error)
    assert (ours.version, ours.error) == (other.version, other.error)
    assert [sc.token_from_text(text) for text in read(picture(ours))] == [token]


def test_its_svg_draws_every_module_once():
    code = symbol(PAGE, sc.issue(typical(), SIGNER))
    drawn = bytearray(b"\xff" * code.side**2)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1\.04", code.svg()):
        start = (int(y) - 4) * code.side + int(x) - 4
        assert set(drawn[start : start + int(length)]) == {255}
        drawn[start : start + int(length)] = bytes(int(length))
    assert bytes(drawn) == code.modules


def test_what_no_code_holds_is_refused_with_advice():
    letters = iter(range(24 * 190))
    skills = tuple("".join(chr(0x4E00 + next(letters)) for _ in range(190)) for _ in range(24))
    with pytest.raises(sc.EncodeError, match="share it as a link"):
        symbol(PAGE, sc.issue(typical(skills=skills), SIGNER))
