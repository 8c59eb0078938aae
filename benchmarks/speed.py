"""How much do we add to the bare signature? Interleaved in one run, medians of ratios."""

import json
import statistics
import time
from collections.abc import Callable

from nacl.signing import SigningKey, VerifyKey

import signedcert as sc
from benchmarks.content import ISSUER, NOW, PAGE, example, large_example
from signedcert.codec.base64url import to_base64url
from signedcert.codec.framing import parse_frame

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
        message, url = frame.to_be_signed(), sc.verify_url(PAGE, token)
        signing, verifying = SigningKey(bytes(range(32))), VerifyKey(signer.public_key.raw)
        assert sc.verify_text(url, trust, now=NOW).status is sc.Status.VALID

        def bare_verify(
            key: VerifyKey = verifying, message: bytes = message, signature: bytes = frame.signature
        ) -> None:
            key.verify(message, signature)

        def bare_sign_and_verify(
            key: SigningKey = signing,
            message: bytes = message,
            check: Callable[[], None] = bare_verify,
        ) -> None:
            key.sign(message)
            check()

        verified = ratios(
            bare_verify,
            {
                "verify_text(url)": lambda url=url: sc.verify_text(url, trust, now=NOW),  # type: ignore[misc]  # mypy does not infer lambdas with defaults
                "verify(token)": lambda token=token: sc.verify(token, trust, now=NOW),  # type: ignore[misc]  # likewise
            },
        )
        issued = ratios(
            bare_sign_and_verify,
            {"issue": lambda certificate=certificate: sc.issue(certificate, signer)},  # type: ignore[misc]  # likewise
        )
        for what, ratio in verified.items():
            lines.append(f"| {what}, {name} | bare PyNaCl verify | {ratio} | {limit} |")
        for what, ratio in issued.items():
            most = "1.4" if name == "example" else "—"
            lines.append(f"| {what}, {name} | bare PyNaCl sign + verify | {ratio} | {most} |")
    return lines
