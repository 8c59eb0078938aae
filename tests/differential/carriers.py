"""Texts and packed forms around tokens, right and wrong; and the files of sealed shares."""

import hmac
import zlib
from random import Random

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cbor_oracle import Tagged, dumps
from differential.tokens import changed_bytes, parts_of, remade
from differential.trees import OTHERWISE, changed, spoilt, tree_of
from differential.values import CHARACTERS
from signedcert.codec.base64url import to_base64url
from signedcert.codec.deflate import deflate_smallest
from signedcert.codec.dictionary import dictionary1
from signedcert.codec.digits import to_digits
from signedcert.codec.packed import unpack
from signedcert.codec.text import packed_from_text
from signedcert.errors import DecodeError

_PAGES = ("https://learn.example.edu/c/", "", "HTTP://X", "a#", "%23")
_FORMS = (0, 1, 2, 3, 4, 5, 15, 16, 0xD2)


def in_text(token: bytes, random: Random) -> str:
    """A text with the token in it."""
    return _text(_packed(token, random), random)


def remade_text(text: str, random: Random) -> str:
    """The text with a change in it: in its letters, its stream, or the token that it carries."""
    where = random.random()
    try:
        packed = packed_from_text(text)
    except DecodeError:
        return _spoilt_text(text, random)
    if where < 0.25:
        return _spoilt_text(text, random)
    if where < 0.5:
        return _text(spoilt(packed, random), random)
    token = _token(packed)
    if token is None:
        return _text(spoilt(packed, random), random)
    return in_text(remade(token, random) if where < 0.9 else token, random)


def token_in(text: str) -> bytes | None:
    """The token that a text carries, whole."""
    try:
        return _token(packed_from_text(text))
    except DecodeError:
        return None


def _token(packed: bytes) -> bytes | None:
    try:
        return unpack(packed)
    except DecodeError:
        return None


def _text(packed: bytes, random: Random) -> str:
    written = to_digits(packed) if random.random() < 0.3 else to_base64url(packed)
    text = f"{random.choice(_PAGES)}#{written}" if random.random() < 0.7 else written
    return _spoilt_text(text, random) if random.random() < 0.05 else text


def _spoilt_text(text: str, random: Random) -> str:
    for _ in range(random.choice((1, 1, 2))):
        at = random.randrange(len(text) + 1)
        match random.randrange(7):
            case 0 | 1:
                text = text[:at] + random.choice(CHARACTERS) + text[at:]
            case 2:
                text = text[:at] + text[at + random.choice((1, 1, 2, 17)) :]
            case 3:
                text = text[:at]
            case 4:
                text = random.choice((text.upper(), text.lower(), f" {text}\n", f"\ufeff{text}"))
            case 5:
                text = text[:at] + random.choice("0123456789AZaz-_=+/") + text[at + 1 :]
            case _:
                other = random.randrange(len(text) + 1)
                text = text[:at] + text[other : other + 20] + text[at:]
    return text


def _packed(token: bytes, random: Random) -> bytes:
    form = b"\x02"
    data = token
    if random.random() < 0.9:
        try:
            protected, _, payload, signature = parts_of(token)
            kid = tree_of(protected)[4]
            if b"certificate" in protected and isinstance(kid, bytes):
                form, data = b"\x01" + kid + signature, payload
        except OTHERWISE:
            pass
    stream = _stream(data, random)
    if random.random() < 0.04:
        form = bytes((random.choice(_FORMS),)) + form[1:]
    return form + stream


def _stream(data: bytes, random: Random) -> bytes:
    """A DEFLATE stream of the data: of any level and strategy, divided into blocks or not."""
    if random.random() < 0.02:
        return deflate_smallest(data, dictionary1())
    level, strategy = random.choice((0, 1, 6, 9)), random.choice((0, 0, 0, 1, 2, 3, 4))
    zlib_ = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy, dictionary1())
    made = b""
    while data and random.random() < 0.3:
        size = random.randrange(len(data) + 1)
        flush = random.choice((zlib.Z_FULL_FLUSH, zlib.Z_SYNC_FLUSH, zlib.Z_PARTIAL_FLUSH))
        made += zlib_.compress(data[:size]) + zlib_.flush(flush)
        data = data[size:]
    made += zlib_.compress(data) + zlib_.flush()
    if random.random() < 0.1:
        return made + random.choice((b"\0", b"\3\0", made))
    return spoilt(made, random) if random.random() < 0.25 else made


# Sealed files


def _derived(secret: bytes, label: str, size: int) -> bytes:
    key = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(key, f"signedcert sealed share {label}".encode() + b"\x01", "sha256")[:size]


def remade_file(text: str, file: bytes, random: Random) -> bytes:
    """The sealed file with a change in it: outside, or in the share, which is sealed again."""
    if random.random() < 0.2:
        return spoilt(file, random)
    try:
        secret = packed_from_text(text)[1:]
        protected, unprotected, ciphertext = tree_of(file).content
        key = _derived(secret, "key", 32)
        bound = _derived(secret, "name", 16).hex().encode()
        nonce = unprotected[5]
        plain = AESGCM(key).decrypt(nonce, ciphertext, dumps(["Encrypt0", protected, bound]))
    except (DecodeError, InvalidTag, *OTHERWISE):
        return spoilt(file, random)
    share = plain.rstrip(b"\0")[:-1]
    where = random.random()
    if where < 0.6:
        share = remade(share, random)
        plain = (share + b"\x80").ljust(_size(len(share)), b"\0")
    elif where < 0.7:
        plain = spoilt(plain, random)
    elif where < 0.9:
        protected = changed_bytes(protected, random)
    else:
        return dumps(changed(Tagged(16, [protected, unprotected, ciphertext]), random))
    sealed = AESGCM(key).encrypt(nonce, plain, dumps(["Encrypt0", protected, bound]))
    return dumps(Tagged(16, [protected, unprotected, sealed]))


def _size(length: int) -> int:
    return next((size for size in (4096, 8192, 16_384, 32_768, 65_536) if size > length), 131_072)
