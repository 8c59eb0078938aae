"""What came out of holding a document's printed text beside what was signed."""

import enum
from dataclasses import dataclass


class Comparison(enum.StrEnum):
    """The outcome. It is never "passed": text can be drawn so that programs read something else.

    :cvar CONTRADICTION_FOUND: the document shows something else than what was signed.
    :cvar NO_CONTRADICTION_IN_TEXT_LAYER: nothing of the kind was found in what programs can read.
    :cvar NOT_CHECKED: there was no text to compare.
    """

    CONTRADICTION_FOUND = "contradiction_found"
    NO_CONTRADICTION_IN_TEXT_LAYER = "no_contradiction_in_text_layer"
    NOT_CHECKED = "not_checked"


class NotChecked(enum.StrEnum):
    """Why nothing was compared.

    :cvar PICTURE: pictures have no text layer.
    :cvar NO_TEXT: the PDF has none either, as a scanned paper.
    :cvar INVISIBLE_TEXT: its text lies unseen beneath a picture, as programs for scanners put it.
    """

    PICTURE = "picture"
    NO_TEXT = "no_text"
    INVISIBLE_TEXT = "invisible_text"


class Kind(enum.StrEnum):
    """Kinds of contradictions.

    :cvar NOT_PRINTED: a signed value is not printed where it must be.
    :cvar NOT_TOGETHER: a signed value is printed, but not on the page where the rest is.
    :cvar SMALL_PRINT: a name, title, date or institution is printed, but only where nobody looks.
    :cvar UNSIGNED_TEXT: something is printed that nobody signed; told of our own designs alone.
    :cvar HIDDEN_TEXT: text that programs read and people do not see: a signed value that every
        design prints; of our own designs, any text.
    """

    NOT_PRINTED = "not_printed"
    NOT_TOGETHER = "not_together"
    SMALL_PRINT = "small_print"
    UNSIGNED_TEXT = "unsigned_text"
    HIDDEN_TEXT = "hidden_text"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One thing in which a document differs from what was signed.

    :ivar field: where in the statement, such as ``learner.name``; None where it is no field.
    :ivar signed: what was signed; None where nothing of the kind was.
    :ivar printed: what is printed instead, where that can be told.
    """

    kind: Kind
    field: str | None
    signed: str | None
    printed: str | None


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """What came out.

    :ivar outcome: in one word.
    :ivar contradictions: what speaks against the document.
    :ivar reason: why nothing was compared; None otherwise.
    :ivar unsigned: lines that are printed and that nobody signed, the largest first. Designs other
        than ours may well have such lines: names of departments, words of congratulation.
    :ivar left_out: signed fields that are not printed, where designs may leave them out.
    """

    outcome: Comparison
    contradictions: tuple[Contradiction, ...] = ()
    reason: NotChecked | None = None
    unsigned: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
