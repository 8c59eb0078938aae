"""docs/spec.md is what the tools make of it, and what it prints verifies with other software."""

import base64
import hashlib
import importlib
import re
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

import signedcert as sc
from signedcert.codec.digits import from_digits
from signedcert.errors import Reason
from signedcert.model.kinds import MEDIA_TYPES
from signedcert.trust.status_at_hand import StatusAtHand

ROOT = Path(__file__).resolve().parents[2]
SPEC = (ROOT / "docs" / "spec.md").read_text(encoding="utf-8")
DICTIONARY = (ROOT / "src/signedcert/codec/dictionary1.bin").read_bytes()
PAGE = "https://learn.example.edu/c/#"


def part(name: str) -> str:
    [text] = re.findall(rf"<!-- generated: {name} -->\n(.*?)<!-- end -->", SPEC, re.DOTALL)
    return text


def fences(name: str) -> list[str]:
    return re.findall(r"```text\n(.*?)\n```", part(name), re.DOTALL)


def rows(name: str) -> list[bytes]:
    """The bytes of a dump, one entry for each comment."""
    found: list[bytes] = []
    for line in fences(name)[0].splitlines():
        code, mark, _ = line.partition("#")
        if mark:
            found.append(b"")
        if code.strip():
            found[-1] += bytes.fromhex(code)
    return found


def printed(name: str) -> bytes:
    return b"".join(rows(name))


def inflated(data: bytes) -> bytes:
    stream = zlib.decompressobj(-15, zdict=DICTIONARY)
    out = stream.decompress(data) + stream.flush()
    assert stream.eof
    assert not stream.unused_data
    return out


def section(number: int) -> str:
    return re.search(rf"^## {number}\. .*?(?=^## |\Z)", SPEC, re.DOTALL | re.MULTILINE)[0]


def test_generated_parts_are_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    generator = importlib.import_module("generate_spec_examples")
    assert generator.filled(SPEC) == SPEC, "docs/spec.md has drifted: run `make schemas`"


def test_key_and_kid() -> None:
    seed, x, cose_key, thumbprint, kid = rows("key")
    assert Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw() == x
    assert cbor2.loads(cose_key) == {1: 1, -1: 6, -2: x}
    assert hashlib.sha256(cose_key).digest() == thumbprint
    assert thumbprint.hex() == "866eefbd6718c8846cd7ddfe43fc74ab1daac4538ff8514ea2ec2d410a415743"
    assert kid == thumbprint[:8]


@pytest.mark.parametrize(
    ("prefix", "media_type"),
    [
        ("", "application/vnd.signedcert.certificate"),
        ("record-", "application/vnd.signedcert.record"),
    ],
)
def test_token_holds_the_payload_and_verifies(prefix: str, media_type: str) -> None:
    _, x, _, _, kid = rows("key")
    token = cbor2.loads(printed(f"{prefix}token"))
    assert token.tag == 18
    protected, unprotected, payload, signature = token.value
    assert cbor2.loads(protected) == {1: -19, 4: kid, 16: media_type}
    assert unprotected == {}
    assert payload == printed(f"{prefix}payload")
    message = cbor2.dumps(["Signature1", protected, b"", payload])
    Ed25519PublicKey.from_public_bytes(x).verify(signature, message)


def test_header_and_sig_structure() -> None:
    context, protected, external, payload = cbor2.loads(printed("sig-structure"))
    assert (context, external) == ("Signature1", b"")
    assert protected == printed("header")
    assert payload == printed("payload")


def test_payload_says_what_the_comments_say() -> None:
    claims = cbor2.loads(printed("payload"))
    body = claims.pop(-65537)
    assert claims == {
        1: "learn.example.edu",
        6: 1793613600,
        7: bytes.fromhex("0123456789abcdef0123"),
    }
    assert body[0] == "Jacob Ångström"
    assert body[1][5] == [{0: "Process analysis", 2: 5}]
    assert body[2] == 20759
    for value in ('"Jacob Ångström"', "2026-11-02T10:00:00Z", "1: no_enrolment", "label 6: skills"):
        assert value in part("payload")


def test_certificate_packs_in_form_01() -> None:
    form, kid, signature, stream = rows("packed")
    assert form == b"\x01"
    assert kid == rows("key")[4]
    assert signature == cbor2.loads(printed("token")).value[3]
    assert inflated(stream) == printed("payload")


def test_record_packs_in_form_02() -> None:
    form, stream = rows("record-packed")
    assert form == b"\x02"
    assert inflated(stream) == printed("record-token")


@pytest.mark.parametrize("prefix", ["", "record-"])
def test_link_carries_the_packed_form(prefix: str) -> None:
    [link] = fences(f"{prefix}link")
    text = link.removeprefix(PAGE)
    padded = text + "=" * (-len(text) % 4)
    assert base64.urlsafe_b64decode(padded) == printed(f"{prefix}packed")


def test_digits_carry_the_packed_form() -> None:
    link, groups = fences("digits")
    digits = link.removeprefix(PAGE)
    packed = printed("packed")
    assert from_digits(digits) == packed
    by_hand = b"".join(
        int(digits[at : at + 17]).to_bytes(7) for at in range(0, len(digits) // 17 * 17, 17)
    )
    assert packed.startswith(by_hand)
    assert f"{digits[:17]}   (17 digits)" in groups


def test_single_values() -> None:
    found = {}
    for paragraph in fences("values")[0].split("\n\n"):
        title, *lines = paragraph.splitlines()
        data = bytes.fromhex("".join(line.partition("#")[0] for line in lines))
        found[title.removeprefix("# ")] = cbor2.loads(data)
    assert found == {
        "a decimal, 87.25": [8725, 2],
        "a decimal, −0.5": [-5, 1],
        "a range, 2.5 to 4": [[25, 1], 4],
        "a date": -1,
        "skills, one of them with its URL": [
            "Rhetoric",
            {0: "Logic", 1: "https://example.org/s/1"},
        ],
        "a learner with two names": {0: "Νίκη", 1: "Niki"},
        "a status reference": [3, 70_000],
    }


def opened(token: bytes, media_type: str, seed: bytes) -> Any:
    """The payload of a COSE_Sign1 that the key of a seed signed."""
    x = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    tagged = cbor2.loads(token)
    assert tagged.tag == 18
    protected, unprotected, payload, signature = tagged.value
    kid = hashlib.sha256(bytes.fromhex("a301012006215820") + x).digest()[:8]
    assert cbor2.loads(protected) == {1: -19, 4: kid, 16: media_type}
    assert unprotected == {}
    message = cbor2.dumps(["Signature1", protected, b"", payload])
    Ed25519PublicKey.from_public_bytes(x).verify(signature, message)
    return payload


def example_document() -> bytes:
    """The token of the issuer document: its payload, and what is around it."""
    head, header, before, after, signature = rows("document-frame")
    return head + header + before + printed("document-payload") + after + signature


def test_keys_of_the_trust_examples() -> None:
    for seed, x, named in (rows("trust-keys")[:3], rows("trust-keys")[3:]):
        assert Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw() == x
        thumbprint = hashlib.sha256(bytes.fromhex("a301012006215820") + x).digest()
        assert thumbprint.startswith(named)


def test_issuer_document_and_its_handover_verify_with_other_software() -> None:
    root_seed, root, _, _, status, _ = rows("trust-keys")
    payload = opened(example_document(), "application/vnd.signedcert.issuer", root_seed)
    claims = cbor2.loads(payload)
    body = claims.pop(-65537)
    [handover] = body.pop(7)
    assert claims == {1: "learn.example.edu", 6: 1793491200}

    def key(x: bytes) -> dict[int, Any]:
        return {1: 1, -1: 6, -2: x}

    assert body == {
        0: 1,
        1: 1793491200 + 180 * 86_400,
        3: ["Example University"],
        6: [key(root)],
        8: [
            {0: key(rows("key")[1]), 1: 0, 2: 1793491200, 3: 1825027200},
            {0: key(status), 1: 1, 2: 1793491200, 3: 1825027200},
        ],
        9: "https://learn.example.edu/status/{number}.cwt",
    }
    inner = opened(handover, "application/vnd.signedcert.handover", root_seed)
    assert inner == printed("handover-payload")
    assert cbor2.loads(inner) == {**claims, -65537: {0: 1, 1: [key(root)]}}


def test_status_list_verifies_with_other_software() -> None:
    status_seed = rows("trust-keys")[3]
    payload = opened(printed("status-token"), "application/statuslist+cwt", status_seed)
    claims = cbor2.loads(payload)
    packed = claims.pop(65533)
    assert claims == {
        2: "https://learn.example.edu/status/1.cwt",
        4: 1793491200 + 7 * 86_400,
        6: 1793491200,
        65534: 43_200,
    }
    array, bits = zlib.decompress(packed["lst"]), packed["bits"]
    found = [
        array[i * bits // 8] >> i * bits % 8 & (1 << bits) - 1
        for i in range(len(array) * 8 // bits)
    ]
    assert ", ".join(map(str, found)) in SPEC


def test_the_trust_examples_make_a_trust_store_that_verifies_the_certificate() -> None:
    thumbprint = rows("trust-keys")[2]
    trust = sc.Trust.empty().with_issuer_document(example_document(), thumbprint)
    trust = trust.with_status_list(printed("status-token"))
    now = datetime(2026, 11, 3, tzinfo=UTC)
    verdict = sc.verify(printed("token"), trust, now=now)
    assert verdict.status is sc.Status.VALID
    listed = trust.status_list("learn.example.edu", 1)
    assert isinstance(listed, StatusAtHand)
    assert [listed.statuses.value(index) for index in range(2)] == [1, 2]
    later = sc.verify(printed("token"), trust, now=datetime(2027, 4, 30, tzinfo=UTC))
    assert later.findings[1].reason is Reason.ISSUER_DOCUMENT_STALE


def test_dictionary_is_the_one_named() -> None:
    assert hashlib.sha256(DICTIONARY).hexdigest() in part("dictionary")
    assert f"{len(DICTIONARY):,} bytes" in part("dictionary")


def test_every_reason_has_a_row_in_section_9() -> None:
    listed = re.findall(r"^\| `([a-z_]+)` \|", section(9).split("### 9.6")[1], re.MULTILINE)
    assert sorted(listed) == sorted(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_used_outside_its_row(reason: Reason) -> None:
    assert SPEC.count(f"`{reason}`") > 1


@pytest.mark.parametrize("media_type", sorted(MEDIA_TYPES))
def test_every_media_type_is_registered(media_type: str) -> None:
    assert f"`{media_type}`" in section(18)


def test_sections_that_the_code_cites_exist() -> None:
    cited = set()
    for path in (ROOT / "src").rglob("*.py"):
        text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
        cited |= set(re.findall(r"spec(?:\.md)?, section ([0-9]+(?:\.[0-9]+)?)", text))
    assert cited
    for number in cited:
        dot = "" if "." in number else r"\."
        assert re.search(rf"^##+ {re.escape(number)}{dot} ", SPEC, re.MULTILINE), number


def test_references_within_the_specification_lead_somewhere() -> None:
    number = r"[0-9A]+(?:\.[0-9]+)?"
    headings = set(re.findall(rf"^##+ ({number})\.? ", SPEC, re.MULTILINE))
    # Sections of other documents are cited as in "RFC 9052, section 4.2".
    plain = re.sub(
        r"RFC [0-9]+, [^;:.|]*section [0-9]+(?:\.[0-9]+)*", "", re.sub(r"\s+", " ", SPEC)
    )
    cited = set(re.findall(rf"section ({number})", plain))
    for listed in re.findall(rf"sections ((?:{number}(?:, | and | to )?)+)", plain):
        cited |= set(re.findall(number, listed))
    assert {"9.2", "11.3", "13.2"} <= cited
    assert cited <= headings
