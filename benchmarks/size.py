"""How large the QR code is: ours, beside two peers with the same content.

The EU pipeline is the one of the EU digital COVID certificate (CWT in COSE, zlib, base 45, ``HC1:``
in alphanumeric mode). It gets our payload with its integer labels as it is, which is smaller than
the text labels that it would use, and a signature of the same 64 bytes.
"""

import statistics
import zlib
from collections.abc import Callable
from pathlib import Path

import segno

import signedcert as sc
from benchmarks.content import PAGE, certificates
from signedcert import qr
from signedcert.codec.base64url import to_base64url

_BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
ROWS = (
    ("no skills", 0, 0, 11.0),
    ("up to 8 skills", 8, 0, 12.3),
    ("8 skills, 8 modules", 8, 8, 17.0),
)


def base45(data: bytes) -> str:
    """RFC 9285."""
    out = []
    for start in range(0, len(data), 2):
        number = int.from_bytes(data[start : start + 2], "big")
        for _ in range(3 if len(data) - start > 1 else 2):
            number, digit = divmod(number, 45)
            out.append(_BASE45[digit])
    return "".join(out)


def _eu(token: bytes) -> int:
    text = "HC1:" + base45(zlib.compress(token, 9))
    return int(segno.make_qr(text, error="m", boost_error=False).version)


def _plain_link(token: bytes) -> int:
    text = f"{PAGE}#{to_base64url(token)}"
    return int(segno.make_qr(text, error="m", boost_error=False).version)


def _ours(token: bytes) -> int:
    return int(qr.encode(PAGE, token).version)


def measure(path: Path | None) -> list[str]:
    """Rows of a Markdown table."""
    signer = sc.SoftwareSigner(bytes(32))
    lines = [
        "| content | packed bytes | QR version, ours | at most | EU pipeline | plain COSE link |",
        "|---|---|---|---|---|---|",
    ]
    for name, skills, modules, limit in ROWS:
        tokens = [
            sc.issue(certificate, signer)
            for certificate in certificates(path, skills=skills, modules=modules)
        ]

        def mean(version: Callable[[bytes], int], tokens: list[bytes] = tokens) -> float:
            return statistics.mean(version(token) for token in tokens)

        packed = statistics.mean(len(_packed(token)) for token in tokens)
        lines.append(
            f"| {name} | {packed:.1f} | **{mean(_ours):.2f}** | {limit} | {mean(_eu):.2f} | "
            f"{mean(_plain_link):.2f} |"
        )
    return lines


def _packed(token: bytes) -> bytes:
    from signedcert.codec.packed import pack_smallest  # not in the public API: qr.encode uses it

    return pack_smallest(token)
