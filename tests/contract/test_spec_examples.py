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
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import signedcert as sc
from signedcert import share
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


def test_token_holds_the_payload_and_verifies() -> None:
    seed = rows("key")[0]
    payload = opened(printed("token"), "application/vnd.signedcert.certificate", seed)
    assert payload == printed("payload")


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


def unlinked(link: str) -> bytes:
    """The packed form in a link."""
    text = link.partition("#")[2]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_link_carries_the_packed_form() -> None:
    [link] = fences("link")
    assert link.startswith(PAGE)
    assert unlinked(link) == printed("packed")


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


def opened(token: bytes, media_type: str, seed: bytes, disclosed: list[bytes] | None = None) -> Any:
    """The payload of a COSE_Sign1 that the key of a seed signed."""
    x = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    tagged = cbor2.loads(token)
    assert tagged.tag == 18
    protected, unprotected, payload, signature = tagged.value
    kid = hashlib.sha256(bytes.fromhex("a301012006215820") + x).digest()[:8]
    assert cbor2.loads(protected) == {1: -19, 4: kid, 16: media_type}
    shown = tuple(cbor2.loads(each) for each in disclosed or ())
    assert unprotected == ({17: shown} if shown else {})
    message = cbor2.dumps(["Signature1", protected, b"", payload])
    Ed25519PublicKey.from_public_bytes(x).verify(signature, message)
    return payload


def disclosures() -> dict[str, bytes]:
    """The example record's disclosures, heads and all, by the digests that are printed."""
    found = {}
    for paragraph in fences("record-disclosures")[0].split("\n\n"):
        digest, *lines = paragraph.splitlines()
        code = "".join(line.partition("#")[0] for line in lines)
        found[digest.removeprefix("# ")] = bytes.fromhex(code)
    return found


def test_the_record_discloses_what_it_hashes() -> None:
    found = disclosures()
    assert list(found.values()) == sorted(found.values())
    for digest, disclosure in found.items():
        assert hashlib.sha256(disclosure).hexdigest() == digest
    payload = opened(
        printed("record-token"),
        "application/vnd.signedcert.record+sd-cwt",
        rows("key")[0],
        disclosed=list(found.values()),
    )
    assert payload == printed("record-payload")
    body = cbor2.loads(payload)[-65537]
    entries = {each.hex(): cbor2.loads(cbor2.loads(found[each.hex()])) for each in redacted(body)}
    fields = {entry[2]: entry[1] for entry in entries.values() if len(entry) == 3}
    assert fields.pop(0) == "Jacob Ångström"
    assert fields.pop(5) == {0: [8725, 2], 3: True}
    [tagged] = fields.values()
    assert {each.tag for each in tagged} == {60}
    rows_found = [cbor2.loads(cbor2.loads(found[each.value.hex()])) for each in tagged]
    [title] = [row[1][0] for row in rows_found if len(row) == 2]
    assert title == "Quiz 1"
    assert len(rows_found) == 8


def redacted(body: dict[Any, Any]) -> list[bytes]:
    listed: list[bytes] = body[cbor2.CBORSimpleValue(59)]
    return listed


def test_salts_are_those_that_the_text_names() -> None:
    salts = {disclosure[at + 2 : at + 18] for disclosure in disclosures().values()
             if (at := {0x58: 2, 0x59: 3}.get(disclosure[0], 1))}  # fmt: skip
    numbered = [hashlib.sha256(b"salt%d" % number).digest()[:16] for number in range(1, 60)]
    assert salts <= set(numbered)


def test_the_share_verifies_with_other_software() -> None:
    seed = Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    )
    token = cbor2.loads(printed("share-token"))
    protected, unprotected, payload, signature = token.value
    header = cbor2.loads(protected)
    record = header.pop(13)
    assert header == {1: -19, 16: 294}
    assert unprotected == {}
    message = cbor2.dumps(["Signature1", protected, b"", payload])
    seed.public_key().verify(signature, message)
    claims = cbor2.loads(payload)
    assert payload == printed("share-payload")
    assert claims[3] == "Acme HR"
    [shown] = record.value[1][17]
    assert cbor2.loads(shown)[1:] == [{0: [8725, 2], 3: True}, 5]
    issued = cbor2.loads(record.value[2])
    assert issued[8] == {1: {1: 1, -1: 6, -2: seed.public_key().public_bytes_raw()}}
    assert record.value[2] == printed("record-payload")


def test_the_share_is_in_its_link() -> None:
    [link] = fences("share-link")
    packed = unlinked(link)
    assert packed[0] == 2
    assert inflated(packed[1:]) == printed("share-token")
    now = datetime(2026, 11, 21, tzinfo=UTC)
    x = base64.urlsafe_b64encode(rows("key")[1]).rstrip(b"=").decode()
    keys = f'{{"keys": [{{"kty": "OKP", "crv": "Ed25519", "x": "{x}"}}]}}'.encode()
    verdict = sc.verify_text(link, sc.Trust.from_jwks("learn.example.edu", keys), now=now)
    # The example issuer's list number 2 is nowhere.
    undecided = [each for each in verdict.findings if each.outcome is sc.Outcome.UNKNOWN]
    assert [(each.check, each.reason) for each in undecided] == [
        (sc.Check.SHARE_STATUS, Reason.STATUS_LIST_MISSING)
    ]
    assert not [each for each in verdict.findings if each.outcome is sc.Outcome.FAILED]
    assert isinstance(verdict.statement, sc.SharedRecord)
    assert verdict.statement.final_score == sc.Result(score="87.25", with_distinction=True)


def test_the_sealed_share_is_what_the_text_says() -> None:
    [link] = [each for each in fences("sealed") if each.startswith("https://")]
    secret = unlinked(link)
    assert secret == b"\x04" + bytes(range(32))
    name, key = (
        HKDF(hashes.SHA256(), size, None, f"signedcert sealed share {label}".encode()).derive(
            secret[1:]
        )
        for label, size in (("name", 16), ("key", 32))
    )
    assert f"sealed/{name.hex()}.cose" in part("sealed")
    file = share.seal(printed("share-token"), secret[1:]).file
    assert f"{len(file):,} bytes" in part("sealed")
    beginning = b"".join(
        bytes.fromhex(line.partition("#")[0]) for line in fences("sealed")[1].splitlines()
    )
    assert file.startswith(beginning)
    assert file[-16:].hex(" ") in part("sealed")
    protected, unprotected, ciphertext = cbor2.loads(file).value
    assert cbor2.loads(protected) == {1: 3, 15: {1: "learn.example.edu"}}
    structure = cbor2.dumps(["Encrypt0", protected, name.hex().encode()])
    plaintext = AESGCM(key).decrypt(unprotected[5], ciphertext, structure)
    assert plaintext == (printed("share-token") + b"\x80").ljust(4096, b"\0")


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


def test_the_recovery_code_is_what_the_text_says() -> None:
    entropy, seed = rows("recovery")
    [code] = re.findall(r"the code is ([0-9A-Z-]+)", part("recovery"))
    check = int.from_bytes(hashlib.sha256(b"signedcert recovery code" + entropy).digest(), "big")
    number = int.from_bytes(entropy, "big") << 12 | check >> 244
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    letters = "".join(alphabet[number >> 5 * place & 31] for place in range(27, -1, -1))
    assert "-".join(letters[at : at + 4] for at in range(0, 28, 4)) == code
    info = b"signedcert share key from recovery code"
    assert HKDF(hashes.SHA256(), 32, None, info).derive(entropy) == seed
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    assert sc.SoftwareSigner.from_recovery_code(code.lower()).public_key.raw == key
