"""What came out of a document, as JSON for programs and for people."""

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from signedcert.cli import document_words as words
from signedcert.cli.document_check import Examined, names_portrait
from signedcert.cli.document_files import PLACES, place_names
from signedcert.cli.screen import print_rows, visible
from signedcert.cli.verdict_output import COLOURS, print_said, print_verdict, verdict_json
from signedcert.verify.verdict import Finding, Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from signedcert.documents.reading.document import Document
    from signedcert.documents.report import DocumentReport

_CHECK = "DOCUMENT"
_LINES = 5


def examined_json(examined: Examined) -> dict[str, Any]:
    """In JSON's types: as a verdict, with ``document`` and ``portrait`` where there are any.

    A document that is contradicted is INVALID here too; what the token says is still there.
    """
    if examined.verdict is None:
        found: dict[str, Any] = {"status": "", "as_of": None, "findings": [], "statement": None}
    else:
        found = verdict_json(examined.verdict)
    found["status"] = examined.status.value
    found["findings"] += [
        {"check": _CHECK, "outcome": Outcome.FAILED.value, "reason": fault.value}
        for fault in examined.faults
    ]
    if examined.document is not None:
        found["document"] = {
            "kind": examined.document.kind.value,
            "sources": _sources_json(examined.document),
            "report": None if examined.report is None else _report_json(examined.report),
            "portrait": attached_portrait(examined),
        }
    if examined.given is not None:
        found["portrait"] = examined.given.value
    return found


def attached_portrait(examined: Examined) -> str | None:
    """What is known of the photo attached to a document; None where there is and should be none."""
    if examined.attached is not None:
        return examined.attached.value
    document = examined.document
    if document is None or examined.verdict is None or examined.report is None:
        return None
    if document.portraits:
        return "no_salt"
    return "none_attached" if names_portrait(examined.verdict.statement) else None


def _sources_json(document: "Document") -> list[dict[str, Any]]:
    return [
        {"source": each.source.value, "whole": each.is_whole, "page": each.page}
        for each in document.carried
    ]


def _report_json(report: "DocumentReport") -> dict[str, Any]:
    return {
        "outcome": report.outcome.value,
        "reason": None if report.reason is None else report.reason.value,
        "contradictions": [
            {
                "kind": each.kind.value,
                "field": each.field,
                "signed": each.signed,
                "printed": each.printed,
            }
            for each in report.contradictions
        ],
        "unsigned": list(report.unsigned),
        "left_out": list(report.left_out),
    }


def print_examined(
    console: Console, examined: Examined, now: "datetime", more: tuple[Finding, ...] = ()
) -> None:
    """Prints what came out, for people.

    :param more: findings beyond the verdict's own.
    """
    verdict = examined.verdict
    if verdict is not None and examined.status is verdict.status and not examined.faults:
        print_verdict(console, verdict, now, more)
    else:
        status = examined.status
        console.print(Text.assemble((status.value, COLOURS[status]), f": {_headline(examined)}."))
        console.print()
        failed = Text.assemble(("✗", "red"), " document")
        print_rows(console, [(failed, Text(words.FINDINGS[each])) for each in examined.faults])
        if verdict is not None:
            print_said(console, verdict, now, more)
    rows = list(_rows(examined))
    if rows:
        console.print()
        print_rows(console, [(Text(name, style="dim"), Text(visible(said))) for name, said in rows])


def _headline(examined: Examined) -> str:
    if not examined.faults:
        return words.PORTRAIT_WITHHELD
    status = "" if examined.verdict is None else examined.verdict.status.value
    return words.HEADLINES[examined.faults[0]].format(status=status)


def _rows(examined: Examined) -> list[tuple[str, str]]:
    document, report = examined.document, examined.report
    rows = []
    if document is not None and document.carried:
        rows.append(("found in", _places(document)))
    if report is not None:
        outcome = report.outcome.value if report.reason is None else report.reason.value
        rows.append(("printed text", words.COMPARISONS[outcome]))
        rows += [(each.field or "", words.contradiction(each)) for each in report.contradictions]
        if not report.contradictions:
            rows += [("not signed", line) for line in report.unsigned[:_LINES]]
    attached = attached_portrait(examined)
    if attached is not None:
        rows.append(("portrait", words.PORTRAITS[attached].format(which="attached")))
    if examined.given is not None:
        rows.append(("portrait", words.PORTRAITS[examined.given.value].format(which="given")))
    return rows + [("links lead to", host) for host in _elsewhere(examined)]


def _places(document: "Document") -> str:
    if document.disagrees:
        return "; ".join(
            PLACES[each.source.value] + ("" if each.is_whole else " (damaged)")
            for each in document.carried
        )
    names = place_names(document)
    return ", ".join(names) + (", which agree" if len(names) > 1 else "")


def _elsewhere(examined: Examined) -> list[str]:
    """Hosts that a document's links lead to, which are not its issuer's."""
    statement = None if examined.verdict is None else examined.verdict.statement
    if examined.document is None or statement is None:
        return []
    issuer = statement.issuer.partition("/")[0]
    hosts = {
        each.page.partition("://")[2].partition("/")[0].lower()
        for each in examined.document.carried
        if each.page is not None
    }
    return [
        f"{host}, which is not the issuer's own host {issuer}: anybody can make such a page"
        for host in sorted(hosts - {issuer})
    ]
