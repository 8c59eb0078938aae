"""How much do we add to the bare signature? Interleaved in one run, medians of ratios."""

import json
import statistics
import time
from collections.abc import Callable
from functools import partial

from nacl.signing import SigningKey, VerifyKey

import signedcert as sc
from benchmarks.content import ISSUER, NOW, PAGE, example, large_example
from signedcert.codec.base64url import to_base64url
from signedcert.codec.cbor import decode, encode
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import Frame
from signedcert.crypto.ed25519 import with_openssl

ROUNDS, CALLS = 150, 40


def ratios(
    baseline: Callable[[], object], others: dict[str, Callable[[], object]]
) -> dict[str, str]:
    """Each call's time against the baseline's of the same round: median and quartiles."""
    found: dict[str, list[float]] = {name: [] for name in others}
    for call in (baseline, *others.values()):
        call()
    for _ in range(ROUNDS):
        bare = _seconds(baseline)
        for name, call in others.items():
            found[name].append(_seconds(call) / bare)
    return {name: _spread(values) for name, values in found.items()}


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - start) / CALLS


def _spread(values: list[float]) -> str:
    low, middle, high = statistics.quantiles(values, n=4)
    return f"**{middle:.2f}** ({low:.2f} to {high:.2f})"


def trust_in(signer: sc.SoftwareSigner) -> sc.Trust:
    """Trust in one issuer with one key."""
    key = {"kty": "OKP", "crv": "Ed25519", "x": to_base64url(signer.public_key.raw)}
    return sc.Trust.from_jwks(ISSUER, json.dumps({"keys": [key]}).encode())


def _alternatives(
    certificate: sc.Certificate,
    frame: Frame,
    signer: sc.SoftwareSigner,
    bare: Callable[[], object],
) -> dict[str, str]:
    """What docs/adr/0002, 0003 and 0004 decided against."""
    value, fields = decode(frame.payload), certificate.model_dump()
    message = frame.to_be_signed()
    others: dict[str, Callable[[], object]] = {
        "verification by OpenSSL": partial(
            with_openssl, signer.public_key.raw, message, frame.signature
        ),
        "encoding the payload again": partial(encode, value),
        "validating with pydantic": partial(sc.Certificate.model_validate, fields),
    }
    return ratios(bare, others)


def measure() -> list[str]:
    """Rows of a Markdown table."""
    signer = sc.SoftwareSigner(bytes(range(32)))
    trust = trust_in(signer)
    lines = ["| what | against | ratio (quartiles) | at most |", "|---|---|---|---|"]
    for name, certificate, limit in (
        ("example", example(), "1.7, goal 1.4"),
        ("10 modules, 8 skills", large_example(), "2.1"),
    ):
        token = sc.issue(certificate, signer)
        frame = parse_frame(token)
        assert isinstance(frame, Frame)
        message, url = frame.to_be_signed(), sc.verify_url(PAGE, token)
        signing, verifying = SigningKey(bytes(range(32))), VerifyKey(signer.public_key.raw)
        assert sc.verify_text(url, trust, now=NOW).status is sc.Status.VALID

        bare_verify = partial(verifying.verify, message, frame.signature)

        def bare_sign_and_verify(
            key: SigningKey = signing,
            message: bytes = message,
            check: Callable[[], object] = bare_verify,
        ) -> None:
            key.sign(message)
            check()

        verified = ratios(
            bare_verify,
            {
                "verify_text(url)": partial(sc.verify_text, url, trust, now=NOW),
                "verify(token)": partial(sc.verify, token, trust, now=NOW),
            },
        )
        issued = ratios(
            bare_sign_and_verify,
            {"issue": partial(sc.issue, certificate, signer)},
        )
        for what, ratio in verified.items():
            lines.append(f"| {what}, {name} | bare PyNaCl verify | {ratio} | {limit} |")
        if name == "example":
            for what, ratio in _alternatives(certificate, frame, signer, bare_verify).items():
                lines.append(f"| {what}, {name} | bare PyNaCl verify | {ratio} | not used |")
        for what, ratio in issued.items():
            most = "1.4" if name == "example" else "—"
            lines.append(f"| {what}, {name} | bare PyNaCl sign + verify | {ratio} | {most} |")
    return lines
