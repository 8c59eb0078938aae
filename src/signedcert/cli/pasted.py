"""Links as people paste them: in quotes, at the end of a sentence, or changed on their way."""

import re

from signedcert.model.code import id_from_code

_PAIRS = ("<>", "“”", '""', "''")
#: What ends a sentence or a bracket. Neither base64url nor digits use them.
_SENTENCE = ".,;:!)"
_CODE = re.compile(r"[0-9A-Za-z]{4}(?:[- ][0-9A-Za-z]{4}){3}")
_LINK_TEXT = re.compile(r"[0-9A-Za-z_-]+|[^#]*://[^#]*#.*", re.DOTALL)


def cleaned(text: str) -> str:
    """The text without the quotes around it and the punctuation after it."""
    bare = text.strip().rstrip(_SENTENCE)
    if len(bare) > 1 and bare[0] + bare[-1] in _PAIRS:
        bare = bare[1:-1].strip().rstrip(_SENTENCE)
    # Of punctuation alone, nothing would be left to say anything about.
    return bare or text


def note_on(text: str) -> str | None:
    """What its owner may want to know of a text that is no link, or None."""
    if "%23" in text and "#" not in text:
        return (
            "the link has %23 where it should have #: it was changed on its way; ask for it again"
        )
    return None


def is_printed_code(text: str) -> bool:
    """Whether the text is a certificate's code, as it is printed beside the QR code."""
    if not _CODE.fullmatch(text.strip()):
        return False
    try:
        id_from_code(text.strip())
    except ValueError:
        return False
    return True


def may_be_link(text: str) -> bool:
    """Whether the text of a QR code has the form of a link with a fragment, or of a fragment."""
    return _LINK_TEXT.fullmatch(text.strip()) is not None
