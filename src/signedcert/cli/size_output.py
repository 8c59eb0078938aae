"""The size report for people."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from signedcert.cli.screen import print_rows
from signedcert.qr.size_report import Saving, Sizes

#: Of the fields that do not lower the QR code's version by themselves.
_OTHERS_SHOWN = 3


def print_sizes(console: Console, sizes: Sizes, savings: Sequence[Saving]) -> None:
    """Prints the bytes of each part, then what would shrink the QR code."""
    inside = "" if sizes.signature else ", with kid and signature inside"
    rows = [
        ("format byte", f"{sizes.format_byte} byte"),
        ("key id", f"{sizes.kid} bytes"),
        ("signature", f"{sizes.signature} bytes"),
        ("compressed content", f"{sizes.payload} bytes{inside}"),
        ("packed, in all", f"{sizes.packed} bytes (token: {sizes.token} bytes)"),
        ("link", f"{sizes.link} characters"),
        ("QR code", _qr(sizes)),
    ]
    console.print(Text("size", style="bold"))
    print_rows(
        console, ((Text(f"  {name}"), Text(value)) for name, value in rows if value[0] != "0")
    )
    shown = _worth_showing(sizes, savings)
    if shown:
        console.print(Text("what would shrink it", style="bold"))
        print_rows(
            console,
            ((Text(f"  without {saving.field}"), Text(_saved(saving))) for saving in shown),
        )


def _worth_showing(sizes: Sizes, savings: Sequence[Saving]) -> list[Saving]:
    """What lowers the QR code's version, and the dearest of the others."""
    none = 41  # above every version
    now = sizes.qr_version or none
    lowering = [saving for saving in savings if (saving.qr_version or none) < now]
    others = [saving for saving in savings if saving not in lowering]
    return sorted(lowering + others[:_OTHERS_SHOWN], key=lambda saving: -saving.saved)


def _qr(sizes: Sizes) -> str:
    if sizes.qr_version is None:
        return "none: the content is too large for any"
    modules = sizes.qr_modules
    return f"version {sizes.qr_version}-{sizes.qr_error}, {modules} × {modules} modules"


def _saved(saving: Saving) -> str:
    then = "still no QR code" if saving.qr_version is None else f"QR version {saving.qr_version}"
    return f"{saving.saved} bytes less, then {then}"
