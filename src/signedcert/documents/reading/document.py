"""What was read out of a file. Nothing of it is verified, and all of it may be a forger's."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from signedcert.codec.base64url import from_base64url
from signedcert.codec.digits import from_digits
from signedcert.codec.frames import AnyFrame, parse_frame
from signedcert.codec.packed import CERTIFICATE_FORM, SEALED_FORM, TOKEN_FORM
from signedcert.codec.text import TEXT_MAX, frame_from_text, secret_from_text
from signedcert.errors import DecodeError

#: What the packed forms begin with (docs/spec.md, section 7).
_FORMS = (CERTIFICATE_FORM, TOKEN_FORM, SEALED_FORM)
#: A sealed share's link has 33 bytes, others have 74 at least: letters of base64url, or digits.
_LETTERS_MIN, _DIGITS_MIN = (44, 99), (81, 180)
#: Digits that stand for the first seven bytes (section 8.2).
_GROUP = 17


class Kind(enum.StrEnum):
    """Kinds of files."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    SVG = "svg"


class Source(enum.StrEnum):
    """Where in a file a token or link was found.

    :cvar ATTACHMENT: a file attached to a PDF.
    :cvar LINK: what a PDF opens when it is clicked.
    :cvar METADATA: the text chunks of a PNG file, the metadata of an SVG file.
    :cvar QR_CODE: a QR code that can be seen.
    """

    ATTACHMENT = "attachment"
    LINK = "link"
    METADATA = "metadata"
    QR_CODE = "qr_code"


@dataclass(frozen=True, slots=True)
class Carried:
    """One token or link in a file.

    :ivar source: where it was found.
    :ivar content: the bytes of the token, or the text of the link.
    :ivar frame: it taken apart; None where it is damaged, or a sealed share's link.
    :ivar identity: equal for what carries the same token or opens the same sealed share.
    """

    source: Source
    content: bytes | str
    frame: AnyFrame | None
    identity: bytes

    @classmethod
    def token(cls, source: Source, content: bytes) -> "Carried":
        """A token, which may be damaged."""
        try:
            frame = parse_frame(content)
        except DecodeError:
            return cls(source, content, None, b"damaged:" + content)
        return cls(source, content, frame, b"token:" + content)

    @classmethod
    def link(cls, source: Source, text: str) -> "Carried":
        """A link or the text of a QR code, which may be damaged."""
        try:
            frame = frame_from_text(text)
        except DecodeError:
            secret = _sealed_secret(text)
            kind = b"damaged:" if secret is None else b"sealed:"
            return cls(source, text, None, kind + (secret or text.encode(errors="replace")))
        return cls(source, text, frame, b"token:" + frame.to_bytes())

    @property
    def is_whole(self) -> bool:
        """Whether it holds a token, or is the link of a sealed share."""
        return not self.identity.startswith(b"damaged:")

    @property
    def page(self) -> str | None:
        """The page that a link opens; None for a token, and for a fragment alone."""
        if isinstance(self.content, bytes) or "://" not in self.content:
            return None
        return self.content.strip().partition("#")[0]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a page's text layer.

    :ivar text: in reading order; a line ends with a line feed.
    :ivar size: of its letters, in points.
    :ivar visible: whether it leaves a mark on the page that can be seen.
    """

    text: str
    size: float
    visible: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The text layer of a page of a PDF.

    :ivar runs: in reading order.
    :ivar across: its lines from left to right, of a page with letters written from right to left.
    :ivar covers: how much of the page its pictures cover at most, from 0 to 1.
    """

    runs: tuple[Run, ...]
    across: tuple[str, ...] = ()
    covers: float = 0.0

    @property
    def text(self) -> str:
        """The text that can be seen."""
        return "".join(run.text for run in self.runs if run.visible)


@dataclass(frozen=True, slots=True)
class AttachedPortrait:
    """A photo attached to a PDF.

    :ivar salt: 16 bytes, where the file with the salt is attached too.
    """

    name: str
    photo: bytes
    salt: bytes | None

    def __repr__(self) -> str:
        # With the salt, whoever has a photo can tell whether it is the one.
        return f"AttachedPortrait({len(self.photo)} bytes)"


@dataclass(frozen=True, slots=True)
class Document:
    """What a file carries and shows.

    :ivar carried: every token and link of a certificate or share, in the order in which they count.
    :ivar pages: the text layers of the first pages of a PDF; none of pictures.
    :ivar portraits: photos attached to a PDF.
    :ivar codes: the texts of all QR codes that can be seen, also of others than ours.
    :ivar page_count: how many pages a PDF has; 0 of pictures.
    :ivar keywords: what a PDF says that it is about; ours say which design it is.
    :ivar notes: kind and text of each annotation of a PDF that is no link.
    """

    kind: Kind
    carried: tuple[Carried, ...]
    pages: tuple[Page, ...] = ()
    portraits: tuple[AttachedPortrait, ...] = ()
    codes: tuple[str, ...] = ()
    page_count: int = 0
    keywords: str = ""
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def disagrees(self) -> bool:
        """Whether it carries more than one certificate, or one beside a damaged one."""
        return len({each.identity for each in self.carried}) > 1


def may_be_link(text: str) -> bool:
    """Whether a text is a link, or a fragment alone, that begins as one of ours does.

    Only its beginning counts: a link that was damaged later on is still a certificate's.
    """
    if len(text) > TEXT_MAX:
        return False
    before, mark, after = text.strip().partition("#")
    fragment = after if mark else before
    if len(fragment) < _LETTERS_MIN[0]:
        return False
    try:
        if fragment.isascii() and fragment.isdigit():
            form, least = from_digits(fragment[:_GROUP])[0], _DIGITS_MIN
        else:
            form, least = from_base64url(fragment[:4])[0], _LETTERS_MIN
        return form in _FORMS and len(fragment) >= least[form != SEALED_FORM]
    except DecodeError:
        return False


def once(found: Iterable[Carried]) -> tuple[Carried, ...]:
    """Each once, where one place says the same twice."""
    return tuple({(each.source, each.content): each for each in found}.values())


def _sealed_secret(text: str) -> bytes | None:
    try:
        return secret_from_text(text)
    except DecodeError:
        return None
