"""Golden vectors of records, shares and sealed shares: no later version may break them.

A failure here means that links that are already out there would read differently. Mend the library,
never a vector.
"""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

import signedcert as sc
from issuing import jwks
from signedcert import share
from signedcert.codec.base64url import from_base64url
from signedcert.errors import Reason
from vector_files import VECTORS

FILES = sorted((VECTORS / "golden-records").glob("*.json"))
CASES = [pytest.param(json.loads(file.read_text("utf-8")), id=file.stem) for file in FILES]

pytestmark = pytest.mark.parametrize("case", CASES)


def at(case: dict[str, Any], moment: str) -> datetime:
    return datetime.fromisoformat(case[moment])


def trust(case: dict[str, Any]) -> sc.Trust:
    return sc.Trust.from_jwks(case["record"]["issuer"], jwks())


def salts() -> Any:
    numbers = iter(range(1, 1000))
    return lambda size: sha256(b"salt%d" % next(numbers)).digest()[:size]


def checked(case: dict[str, Any], **options: Any) -> sc.Verdict:
    now = options.pop("now", at(case, "issued_at"))
    return sc.verify(bytes.fromhex(case["share"]), trust(case), now=now, **options)


def test_record_reads_as_it_was_stated(case: dict[str, Any]) -> None:
    held = share.HeldRecord.open(bytes.fromhex(case["token"]))
    assert json.loads(held.record().model_dump_json()) == case["record"]
    places = held.visible.share_places
    assert (places and [places.list, places.first]) == case["share_places"]


def test_share_reads_as_it_did(case: dict[str, Any]) -> None:
    verdict = checked(case, policy=sc.Policy(audience=f"  {case['audience']} "))
    undecided = {
        finding.check
        for finding in verdict.findings
        if finding.outcome not in (sc.Outcome.PASSED, sc.Outcome.NOT_APPLICABLE)
    }
    # Nobody gave the issuer's status lists.
    assert undecided <= {sc.Check.STATUS, sc.Check.SHARE_STATUS}
    assert verdict.finding(sc.Check.AUDIENCE).outcome is sc.Outcome.PASSED
    assert verdict.finding(sc.Check.HOLDER).outcome is sc.Outcome.PASSED
    assert isinstance(verdict.statement, sc.SharedRecord)
    assert verdict.statement.to_json() == case["shown"]


def test_share_ends_when_it_did(case: dict[str, Any]) -> None:
    end = at(case, "expires_at")
    for now, reason in ((end - timedelta(seconds=1), Reason.OK), (end, Reason.SHARE_EXPIRED)):
        assert checked(case, now=now).finding(sc.Check.SHARE_VALIDITY).reason is reason


def test_texts_open_as_they_did(case: dict[str, Any]) -> None:
    token = bytes.fromhex(case["share"])
    assert sc.token_from_text(case["url"]) == token
    assert sc.token_from_text(case["digits"]) == token
    assert sc.unpack(sc.pack(token)) == token


def test_sealed_file_opens_as_it_did(case: dict[str, Any]) -> None:
    secret, file = share.secret_from_text(case["sealed_url"]), from_base64url(case["sealed_file"])
    assert secret.hex() == case["secret"]
    assert share.sealed_name(secret) == case["sealed_name"]
    assert share.unseal(secret, file).hex() == case["share"]
    assert share.seal(bytes.fromhex(case["share"]), secret).file == file


def test_issuing_and_sharing_again_give_the_same_tokens(case: dict[str, Any]) -> None:
    issuer = sc.SoftwareSigner(bytes.fromhex(case["seed"]))
    holder = sc.SoftwareSigner(bytes.fromhex(case["holder_seed"]))
    token = bytes.fromhex(case["token"])
    held = share.HeldRecord.open(token)
    again = share.issue_record(
        held.record(),
        issuer,
        holder_key=holder.public_key,
        random_bytes=salts(),
        share_places=held.visible.share_places,
    )
    assert again == token
    shared = share.create(
        token,
        disclosures=case["disclosures"],
        holder_signer=holder,
        audience=case["audience"],
        issued_at=at(case, "issued_at"),
        expires_at=at(case, "expires_at"),
        share_id=bytes.fromhex(case["share_id"]),
        slot=case["slot"],
    )
    assert shared.hex() == case["share"]


def test_certificate_and_record_belong_together(case: dict[str, Any]) -> None:
    now = at(case, "issued_at")
    certificate = sc.verify(bytes.fromhex(case["certificate"]), trust(case), now=now)
    assert sc.record_link(certificate, checked(case)).outcome is sc.Outcome.PASSED
    others = [each.values[0] for each in CASES]
    [other] = [each for each in others if each["record"]["issuer"] != case["record"]["issuer"]][:1]
    finding = sc.record_link(certificate, checked(other))
    assert (finding.outcome, finding.reason) == (sc.Outcome.FAILED, Reason.OTHER_RECORD)
