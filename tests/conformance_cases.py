"""The conformance vectors, and what this library answers to each of them."""

import json
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import signedcert as sc
from signedcert.cli.verdict_output import finding_json, verdict_json

FOLDER = Path(__file__).parent / "vectors" / "conformance"
#: Where a case says what is to be answered.
ANSWERS = ("expect", "trust_refused", "record_link")


class TrustRefusedError(Exception):
    """A bundle or key set that cannot be used.

    :ivar reason: None where the format names none.
    """

    def __init__(self, reason: str | None) -> None:
        super().__init__(reason)
        self.reason = reason


@cache
def topics() -> dict[str, Any]:
    """Every file of vectors, by name."""
    return {
        file.stem: json.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.json"))
    }


def answer(case: Mapping[str, Any], held: Mapping[str, str]) -> Any:
    """What this library answers to a case, as the vectors write it.

    :param held: the trust that the case names.
    """
    try:
        trust = trust_of(held)
    except TrustRefusedError as refusal:
        return refusal.reason
    if "certificate" in case:
        certificate, record = (
            verdict_of({"token": case[kind], "now": case["now"]}, trust)
            for kind in ("certificate", "record")
        )
        return finding_of(sc.record_link(certificate, record))
    return written(verdict_of(case, trust))


def trust_of(held: Mapping[str, str]) -> sc.Trust:
    """The trust that a vector names.

    :raises TrustRefusedError: when it cannot be used.
    """
    try:
        if "key_set" in held:
            return sc.Trust.from_jwks(held["issuer"], b64decode(held["key_set"]))
        return sc.Trust.from_bundle(b64decode(held["bundle"]))
    except sc.TrustError as error:
        # Section 10 names no reasons.
        named = "bundle" in held and error.reason is not None
        raise TrustRefusedError(str(error.reason) if named else None) from error


def verdict_of(case: Mapping[str, Any], trust: sc.Trust) -> sc.Verdict:
    """What this library finds."""
    policy = sc.Policy(
        max_staleness=timedelta(seconds=case.get("max_staleness", 0)),
        audience=case.get("audience"),
    )
    now = datetime.fromisoformat(case["now"])
    if "token" in case:
        return sc.verify(b64decode(case["token"]), trust, now=now, policy=policy)
    file = b64decode(case["sealed_file"]) if "sealed_file" in case else None
    return sc.verify_text(case["text"], trust, now=now, policy=policy, sealed_file=file)


def written(verdict: sc.Verdict) -> dict[str, Any]:
    """A verdict as the vectors write it."""
    found: dict[str, Any] = json.loads(json.dumps(verdict_json(verdict)))
    findings = [finding_of(finding) for finding in verdict.findings]
    run = len(findings)
    while findings[run - 1][1] == "NOT_RUN":
        run -= 1
    return found | {"findings": findings[:run], "not_run": len(findings) - run}


def finding_of(finding: sc.Finding) -> list[str]:
    """A finding as the vectors write it."""
    return list(finding_json(finding).values())
