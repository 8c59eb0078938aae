"""What is in a course record or a share, without calling any of it true."""

from typing import Any

import typer
from rich.text import Text

from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.record_output import print_record
from signedcert.cli.screen import print_json, print_rows, screen, visible
from signedcert.codec.framing import ED25519
from signedcert.codec.lift import lift
from signedcert.codec.packed import pack
from signedcert.codec.record_framing import RecordFrame, ShareFrame
from signedcert.errors import DecodeError
from signedcert.model.issued_record import ShareClaims
from signedcert.share.record_payload import lift_payload
from signedcert.share.revealing import reveal
from signedcert.share.shared_record import SharedRecord, shared_record

WARNING = "Nothing here was verified. Anybody can make a token that says this."


def inspect_record(frame: RecordFrame | ShareFrame, *, as_json: bool) -> None:
    """Shows what is in a record or share; exit code 1 where it breaks the format."""
    record: SharedRecord | None = None
    refusal: DecodeError | None = None
    try:
        record = _content(frame)
    except DecodeError as error:
        refusal = error
    if as_json:
        print_json(_json(frame, record, refusal))
    else:
        _print(frame, record, refusal)
    if refusal is not None:
        raise typer.Exit(ExitCode.INVALID)


def _content(frame: RecordFrame | ShareFrame) -> SharedRecord:
    signed = lift_payload(frame.signed.payload)
    if isinstance(frame, RecordFrame):
        return shared_record(signed.visible, reveal(signed, frame.disclosures), None)
    revealed = reveal(signed, frame.record.disclosures)
    return shared_record(signed.visible, revealed, lift(frame.payload, ShareClaims))


def _facts(frame: RecordFrame | ShareFrame) -> dict[str, Any]:
    signed, token = frame.signed, frame.to_bytes()
    record = frame.record if isinstance(frame, ShareFrame) else frame
    facts = {
        "kind": "share" if isinstance(frame, ShareFrame) else "course record",
        "alg": ED25519,
        "kid": signed.kid.hex(),
        "typ": signed.media_type,
        "signature": signed.signature.hex(),
        "disclosures": len(record.disclosures),
        "token": len(token),
        "packed": len(pack(token)),
    }
    if isinstance(frame, ShareFrame):
        facts["holder_signature"] = frame.signature.hex()
    return facts


def _words(frame: RecordFrame | ShareFrame) -> dict[str, str]:
    """The same for people, as of certificates."""
    facts = _facts(frame)
    words = {
        "kind": facts["kind"],
        "type": facts["typ"],
        "algorithm": f"Ed25519 ({facts['alg']})",
        "key id": f"{facts['kid']} (a hint: which key to try)",
        "signature": facts["signature"],
        "token size": f"{facts['token']} bytes",
        "packed size": f"{facts['packed']} bytes",
        "disclosures": str(facts["disclosures"]),
    }
    if isinstance(frame, ShareFrame):
        words["learner's signature"] = facts["holder_signature"]
    return words


def _json(
    frame: RecordFrame | ShareFrame, record: SharedRecord | None, refusal: DecodeError | None
) -> dict[str, Any]:
    facts = _facts(frame)
    faults = []
    if refusal is not None:
        faults = [{"reason": refusal.reason.value, "message": str(refusal)}]
    return {
        "verified": False,
        "kind": facts["kind"],
        "header": {name: facts[name] for name in ("alg", "kid", "typ")},
        "sizes": {name: facts[name] for name in ("token", "packed", "disclosures")},
        "signature": facts["signature"],
        "holder_signature": facts.get("holder_signature"),
        "statement": None if record is None else record.to_json(),
        "faults": faults,
    }


def _print(
    frame: RecordFrame | ShareFrame, record: SharedRecord | None, refusal: DecodeError | None
) -> None:
    console = screen()
    console.print(Text(WARNING, style="bold yellow"))
    console.print()
    print_rows(
        console,
        ((Text(name, style="dim"), Text(value)) for name, value in _words(frame).items()),
    )
    console.print()
    if record is not None:
        print_record(console, record)
    elif refusal is not None:
        console.print(Text("It breaks the format:", style="bold red"))
        console.print(visible(f"  {refusal} ({refusal.reason})"))
