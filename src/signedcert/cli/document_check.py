"""A document as a whole: its token's verdict, its printed text, and its portrait."""

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from signedcert.model.certificate import Certificate
from signedcert.share.shared_record import SharedRecord
from signedcert.share.withheld import Withheld
from signedcert.verify.verdict import Status, Verdict

if TYPE_CHECKING:
    from signedcert.documents.portrait import PortraitMatch
    from signedcert.documents.reading.document import Document
    from signedcert.documents.report import DocumentReport


class Fault(enum.StrEnum):
    """Why a document is INVALID, whatever its token is.

    :cvar SOURCES_DISAGREE: it holds different certificates, or a damaged one beside another.
    :cvar CONTRADICTION: it shows something else than what was signed.
    :cvar OTHER_PORTRAIT: the photo attached to it, or the photo given, is not the one that was
        signed.
    """

    SOURCES_DISAGREE = "sources_disagree"
    CONTRADICTION = "contradiction"
    OTHER_PORTRAIT = "other_portrait"


@dataclass(frozen=True, slots=True)
class Examined:
    """What came out of one input.

    :ivar verdict: of its token; None where it holds different ones.
    :ivar document: the PDF or picture; None where it is none.
    :ivar report: on its printed text; None where nothing was verified that it could be held
        against.
    :ivar attached: whether the attached photo is the one that was signed; None where there is none.
    :ivar given: likewise of the photo that the user gave.
    """

    verdict: Verdict | None
    document: "Document | None" = None
    report: "DocumentReport | None" = None
    attached: "PortraitMatch | None" = None
    given: "PortraitMatch | None" = None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What makes it INVALID beside its token."""
        found = []
        if self.verdict is None:
            found.append(Fault.SOURCES_DISAGREE)
        if self.report is not None and self.report.contradictions:
            found.append(Fault.CONTRADICTION)
        if any(_is_another(match) for match in (self.attached, self.given)):
            found.append(Fault.OTHER_PORTRAIT)
        return tuple(found)

    @property
    def status(self) -> Status:
        """Of the input as a whole. A contradicted document is never VALID, nor undecided."""
        if self.verdict is None or self.faults:
            return Status.INVALID
        unanswered = self.given is not None and self.given.value == "withheld"
        if unanswered and self.verdict.status is Status.VALID:
            return Status.INDETERMINATE
        return self.verdict.status


def _is_another(match: "PortraitMatch | None") -> bool:
    return match is not None and match.value in ("not_the_signed_one", "no_portrait_signed")


def names_portrait(statement: Certificate | SharedRecord | None) -> bool:
    """Whether a portrait was signed, as far as the statement shows."""
    checks = () if statement is None else statement.identity_checks
    if isinstance(checks, Withheld):
        return False
    return any(
        each.portrait_digest is not None for each in checks if not isinstance(each, Withheld)
    )


def examined(verdict: Verdict, document: "Document | None", photo: "GivenPhoto | None") -> Examined:
    """A token's verdict, with what its document shows held against what was signed.

    :param photo: a photo that may be the portrait, where the user gave one.
    """
    statement = verdict.statement
    if statement is None or (document is None and photo is None):
        return Examined(verdict, document)
    # Here, because it takes a while to load, and links need none of it.
    from signedcert.documents.portrait import PortraitMatch, portrait_match

    report = attached = given = None
    if document is not None:
        report = _report(document, statement)
        matches = [
            portrait_match(statement, each.photo, each.salt)
            for each in document.portraits
            if each.salt is not None
        ]
        # One that was not signed is not outweighed by one that was.
        order = list(PortraitMatch)
        attached = max(matches, key=order.index, default=None)
    if photo is not None:
        given = portrait_match(statement, photo.file, photo.salt)
    return Examined(verdict, document, report, attached, given)


def _report(document: "Document", statement: Certificate | SharedRecord) -> "DocumentReport":
    from signedcert.documents.reading.document import Kind
    from signedcert.documents.report import Comparison, DocumentReport, NotChecked

    if document.kind is not Kind.PDF:
        # Pictures are read without the extra pdf, which comparing needs.
        return DocumentReport(Comparison.NOT_CHECKED, reason=NotChecked.PICTURE)
    from signedcert.documents.comparing.compare import compare

    return compare(document, statement)


@dataclass(frozen=True, slots=True)
class GivenPhoto:
    """A photo that the user takes for the portrait, with its salt."""

    file: bytes
    salt: bytes

    def __repr__(self) -> str:
        # With the salt, whoever has a photo can tell whether it is the one.
        return f"GivenPhoto({len(self.file)} bytes)"
