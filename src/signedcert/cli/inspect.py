"""``signedcert inspect``: what is in a token, without calling any of it true."""

import json
from typing import Any

import typer
from rich.text import Text

from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.inspect_record import WARNING, inspect_record
from signedcert.cli.options import InputArgument, JsonOption
from signedcert.cli.presented import Presented, present
from signedcert.cli.screen import print_json, print_rows, screen, visible
from signedcert.cli.statement_rows import statement_rows
from signedcert.cli.unverified import Content, content_of, header_of
from signedcert.codec.framing import ED25519, Frame
from signedcert.codec.packed import pack
from signedcert.errors import DecodeError


def inspect(given: InputArgument, as_json: JsonOption = False) -> None:
    """Take a token apart. Nothing is verified.

    Exit codes: 0 taken apart, 1 it breaks the format, 4 nothing could be read.
    """
    presented = present(given)
    try:
        frame = presented.frame()
    except DecodeError as error:
        _refused(presented, error, as_json=as_json)
        raise typer.Exit(ExitCode.INVALID) from None
    if not isinstance(frame, Frame):
        inspect_record(frame, as_json=as_json)
        return
    content = content_of(frame)
    if as_json:
        faults = [fault.to_dict() for fault in content.faults]
        print_json(
            {
                "verified": False,
                "header": _header(frame),
                "sizes": _sizes(frame),
                "signature": frame.signature.hex(),
                "statement": content.to_json(),
                "faults": faults,
            }
        )
    else:
        _print(frame, content)
    if content.faults:
        raise typer.Exit(ExitCode.INVALID)


def _header(frame: Frame) -> dict[str, Any]:
    return {"alg": ED25519, "kid": frame.kid.hex(), "typ": frame.media_type}


def _sizes(frame: Frame) -> dict[str, int]:
    token = frame.to_bytes()
    return {
        "token": len(token),
        "payload": len(frame.payload),
        "signature": len(frame.signature),
        "packed": len(pack(token)),
    }


def _print(frame: Frame, content: Content) -> None:
    console = screen()
    console.print(Text(WARNING, style="bold yellow"))
    console.print()
    rows = {
        "type": frame.media_type,
        "algorithm": f"Ed25519 ({ED25519})",
        "key id": f"{frame.kid.hex()} (a hint: which key to try)",
        "signature": frame.signature.hex(),
    } | {f"{part} size": f"{size} bytes" for part, size in _sizes(frame).items()}
    print_rows(console, ((Text(name, style="dim"), Text(value)) for name, value in rows.items()))
    console.print()
    if content.statement is not None:
        print_rows(console, statement_rows(content.statement))
        return
    console.print(Text("It breaks the format:", style="bold red"))
    for fault in content.faults:
        console.print(visible(f"  {fault.path}: {fault.expected} ({fault.reason})"))
    console.print()
    console.print(_readable(content.named))


def _refused(presented: Presented, error: DecodeError, *, as_json: bool) -> None:
    data = presented.content
    header = header_of(data) if isinstance(data, bytes) else None
    presented.print_note()
    if as_json:
        refusal = {"reason": error.reason.value, "message": str(error)}
        print_json({"verified": False, "error": refusal, "header": header})
        return
    console = screen()
    console.print(Text(WARNING, style="bold yellow"))
    console.print(visible(f"It cannot be taken apart: {error} ({error.reason})"))
    if header is not None:
        console.print("Its protected header says:")
        console.print(_readable(header))


def _readable(value: Any) -> str:
    """JSON for people: in every script, but with nothing that steers a terminal."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return "\n".join(visible(line) for line in text.split("\n"))
