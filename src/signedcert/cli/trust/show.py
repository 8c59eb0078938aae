"""``signedcert trust show``: who is trusted, by which roots, and how fresh what is known is."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.options import JsonOption
from signedcert.cli.screen import error_screen, print_json, print_rows, screen, visible
from signedcert.cli.trust.store import StoreOption, read_store, store_path
from signedcert.cli.verdict_output import rfc3339
from signedcert.crypto.keys import PublicKey
from signedcert.errors import TrustError
from signedcert.trust.status_at_hand import StatusAtHand
from signedcert.trust.trust import Trust


def show(
    *,
    trust: StoreOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Verify everything; exit code 1 if anything is wrong.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show whom you trust, the fingerprints of their roots, and the dates of what is known."""
    path = store_path(trust)
    known = read_store(path)
    problems = known.problems() if check else ()
    lines = [
        f"{each.issuer}: "
        + ("" if each.status_list is None else f"status list {each.status_list}: ")
        + str(each.error)
        for each in problems
    ]
    if as_json:
        print_json(
            {
                "store": str(path),
                "issued_at": _moment(known.issued_at),
                "next_update": _moment(known.next_update),
                "issuers": [issuer_json(known, name) for name in known.issuers],
                "problems": lines,
            }
        )
    else:
        _print(known)
    for line in lines:
        error_screen().print(visible(f"signedcert: {line}"))
    if problems:
        raise typer.Exit(ExitCode.INVALID)


def _print(known: Trust) -> None:
    console = screen()
    for name in known.issuers:
        print_issuer(console, known, name)
    if known.next_update is not None:
        console.print(f"the whole store is good until {rfc3339(known.next_update)}")
    console.print(f"{len(known.issuers)} issuers")


def issuer_json(known: Trust, name: str) -> dict[str, Any]:
    """What is known of an issuer, in JSON's types."""
    holding = known.holding(name)
    assert holding is not None  # its callers took the name from the store
    pin = holding.pin
    content: dict[str, Any] = {
        "issuer": name,
        "epoch": None if pin is None else pin.epoch,
        "roots": [] if pin is None else [PublicKey(root).thumbprint.hex() for root in pin.roots],
    }
    opened = known.open_issuer(name)
    if isinstance(opened, TrustError):
        return content | {"error": str(opened)}
    document = opened.document
    content |= {
        "version": None if document is None else document.version,
        "names": [] if document is None else [each.name for each in document.names],
        "issued_at": _moment(opened.issued_at),
        "next_update": _moment(opened.next_update),
        "final": document is not None and document.final,
        "listed_until": None if opened.listed is None else rfc3339(opened.listed.next_update),
        "keys": len(opened.entries),
        "status_lists": [_list(known, name, number) for number, _ in holding.lists],
    }
    return content


def print_issuer(console: Console, known: Trust, name: str) -> None:
    """What is known of an issuer, for people."""
    content = issuer_json(known, name)
    console.print(Text(visible(name), style="bold"))
    rows = [("root", root) for root in content["roots"]] or [("root", "none: a key set alone")]
    if "error" in content:
        rows.append(("cannot be used", content["error"]))
    else:
        until = "for ever: it is final" if content["final"] else content["next_update"]
        rows += [("name", each) for each in content["names"]]
        rows.append(("document", f"version {content['version']}, of {content['issued_at']}"))
        rows.append(("good until", str(until or "no end is set")))
        if content["listed_until"] is not None:
            rows.append(("in the list until", content["listed_until"]))
        rows += [
            (
                f"status list {each['number']}",
                each.get("error")
                or f"of {each['issued_at']}, good until {each['fresh_until'] or 'for ever'}",
            )
            for each in content["status_lists"]
        ]
    print_rows(console, ((Text(f"  {a}", style="dim"), Text(visible(b))) for a, b in rows))
    console.print()


def _list(known: Trust, name: str, number: int) -> dict[str, Any]:
    found = known.status_list(name, number)
    if isinstance(found, StatusAtHand):
        return {
            "number": number,
            "issued_at": rfc3339(found.issued_at),
            "fresh_until": _moment(found.fresh_until),
            "entries": found.statuses.size,
        }
    return {"number": number, "error": str(found)}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)
