"""Section 11.2: what stands in the body of an issuer document, right and wrong."""

from collections.abc import Iterator
from typing import Any

from conformance.tokens import (
    INTEGER_MAX,
    MOMENT_MAX,
    OTHER_SIGNER,
    SIGNER,
    with_entries,
)
from conformance.trust import (
    P256,
    PUBLISHED_AT,
    ROOT,
    STATUS_SIGNER,
    STRANGER,
    cose_key,
    document_claims,
    handover,
    key,
)


def of_items(count: int) -> dict[Any, Any]:
    """The claims of a document that has so many items."""
    claims = {**document_claims(), 128: []}
    return {**claims, 128: [0] * (count - items_in(claims))}


def items_in(value: Any) -> int:
    """How many items a value is (section 4.1, rule 8)."""
    if isinstance(value, dict):
        return 1 + sum(1 + items_in(each) for each in value.values())
    return 1 + sum(map(items_in, value)) if isinstance(value, list) else 1


def bodies() -> Iterator[tuple[str, str, dict[int, Any]]]:
    """Entries of the body that are refused."""
    root = cose_key(ROOT)
    good = key()
    for name, fault, changed in (
        ("no version", "a field is missing", {0: None}), ("version: 0", "below 1", {0: 0}),
        ("version: 2^53", "too large", {0: INTEGER_MAX + 1}),
        ("version: text", "no number", {0: "1"}),
        ("no next_update", "neither end nor final", {1: None}),
        ("final and next_update", "both", {2: True}),
        ("final: false", "no flag", {1: None, 2: False}),
        ("next_update: issued_at", "not greater", {1: PUBLISHED_AT}),
        ("next_update: before", "not greater", {1: PUBLISHED_AT - 1}),
        ("names: empty", "an empty array", {3: []}), ("51 names", "one too many", {3: ["N"] * 51}),
        ("name: empty", "no text", {3: [""]}), ("name: map of it alone", "bare", {3: [{0: "N"}]}),
        ("name: language", "no tag", {3: [{0: "N", 1: "EN"}]}),
        ("name: language alone", "a field is missing", {3: [{1: "en"}]}),
        ("home_page: ftp", "no URL", {4: "ftp://a"}), ("verify_url: text", "no URL", {5: "here"}),
        ("no roots", "a field is missing", {6: None}), ("roots: empty", "an empty array", {6: []}),
        ("17 roots", "one too many", {6: [root, *(
            cose_key_of(bytes([n]) * 32) for n in range(16)
        )]}),
        ("root: bytes", "no COSE_Key", {6: [ROOT.public_key.raw]}),
        ("root twice", "the same key", {6: [root, root]}),
        ("another root", "not those of the handover", {6: [cose_key(STRANGER)]}),
        ("a root more", "not those of the handover", {6: [root, cose_key(STRANGER)]}),
        ("no handovers", "a field is missing", {7: None}), ("handovers: none", "empty", {7: []}),
        ("handovers: text", "no byte string", {7: ["x"]}),
        ("handovers: byte string", "no array", {7: handover()}),
        ("handover: empty", "no byte", {7: [b""]}),
        ("keys: empty", "an empty array", {8: []}),
        ("151 keys", "one too many", {8: [good, *(
            {**good, 0: cose_key_of(n.to_bytes(32, "big"))} for n in range(150)
        )]}),
        ("key: no use", "a field is missing", {8: [with_entries(good, {1: None})]}),
        ("key: use 2", "a number of no name", {8: [good, {**good, 0: P256, 1: 2}]}),
        ("key: no valid_from", "a field is missing", {8: [with_entries(good, {2: None})]}),
        ("key: no valid_until", "a field is missing", {8: [with_entries(good, {3: None})]}),
        ("key: no time", "until is not greater", {8: [{**good, 3: PUBLISHED_AT}]}),
        ("key: label 5", "a label not listed", {8: [{**good, 5: 0}]}),
        ("key twice", "the same key", {8: [good, {**good, 2: 0}]}),
        ("key twice, for two uses", "the same key", {8: [good, {**good, 1: 1}]}),
        ("root among the keys", "the same key", {8: [good, key(ROOT)]}),
        ("foreign key twice", "the same key", {8: [good, {**good, 0: P256}, {**good, 0: P256}]}),
        ("key: 31 bytes", "no COSE_Key", {8: [{**good, 0: {1: 1, -1: 6, -2: bytes(31)}}]}),
        ("key: no x", "no COSE_Key", {8: [{**good, 0: {1: 1, -1: 6}}]}),
        ("key: more in it", "no COSE_Key", {8: [{**good, 0: {**cose_key(SIGNER), 3: -19}}]}),
        ("key: no kty", "no COSE_Key", {8: [{**good, 0: {-1: 6, -2: bytes(32)}}]}),
        ("key: kty as text", "no COSE_Key", {8: [{**good, 0: {1: "OKP"}}]}),
        ("key: empty", "no COSE_Key", {8: [{**good, 0: {}}]}),
        ("foreign key with NUL", "a refused code point", {8: [good, {**good, 0: {1: 2, 2: "\0"}}]}),
        ("revocation: empty", "an empty map", {8: [{**good, 4: {}}]}),
        ("revocation: end 2", "a number of no name", {8: [{**good, 4: {0: 2, 1: 0}}]}),
        ("revocation: no since", "a field is missing", {8: [{**good, 4: {0: 0}}]}),
        ("vouched: retired", "of a key that is not compromised", {8: [
            {**good, 4: {0: 0, 1: 0, 3: bytes(16)}}
        ]}),
        ("vouched: for lists", "of a key for lists", {8: [good, {**key(STATUS_SIGNER, 1), 4: {
            0: 1, 1: 0, 3: bytes(16)
        }}]}),
        ("vouched: 15 bytes", "no group of 16", {8: [{**good, 4: {0: 1, 1: 0, 3: bytes(15)}}]}),
        ("vouched: empty", "no group of 16", {8: [{**good, 4: {0: 1, 1: 0, 3: b""}}]}),
        ("vouched: twice", "a repeat", {8: [{**good, 4: {0: 1, 1: 0, 3: bytes(32)}}]}),
        ("vouched: descending", "not ascending", {8: [{**good, 4: {
            0: 1, 1: 0, 3: b"\1" * 16 + bytes(16)
        }}]}),
        ("why: line feed", "no line", {8: [{**good, 4: {0: 0, 1: 0, 2: "a\nb"}}]}),
        ("label 10", "a label not listed", {10: 0}), ("label -1", "likewise", {-1: 0}),
    ):  # fmt: skip
        yield name, fault, changed
    for name, template in (
        ("no number", "https://a/"), ("number in the host", "https://{number}/"),
        ("two numbers", "https://a/{number}{number}"), ("http", "http://a/{number}"),
        ("upper-case host", "https://A/{number}"), ("query", "https://a/?{number}"),
        ("no path", "https://a{number}"), ("another name", "https://a/{n}"),
        ("port of six digits", "https://a:123456/{number}"), ("1,001", "https://a/{number}".ljust(
            1001, "x"
        )), ("percent", "https://a/%41{number}"), ("line feed", "https://a/{number}\n"),
    ):  # fmt: skip
        yield f"template: {name}", "no template", {9: template}


def cose_key_of(x: bytes) -> dict[int, Any]:
    """An Ed25519 key of any bytes."""
    return {1: 1, -1: 6, -2: x}


def good() -> Iterator[tuple[str, str, dict[int, Any], dict[Any, Any]]]:
    """Documents that are read: name, what is special, entries of the body, claims."""
    long = "https://a/{number}".ljust(1_000, "x")
    foreign = [{0: {1: 3, 5: ["x", {0: "a\nb"}]}, 1: 0, 2: 0, 3: 1}, {0: P256, 1: 1, 2: 0, 3: 1}]
    yield from (
        (
            "every field",
            "every field",
            {
                3: ["N", {0: "N", 1: "en"}, {0: "N" * 300, 1: "zh-Hans", 128: 0}],
                4: "http://a",
                5: "https://a/c/",
                9: long,
                128: {0: ["x"]},
            },
            {200: "x"},
        ),
        ("bare", "no keys but the signer's", {8: [key()], 9: None}, {}),
        ("version: largest", "2^53 - 1", {0: INTEGER_MAX}, {}),
        ("next_update: last", "the last moment", {1: MOMENT_MAX}, {}),
        ("50 names", "as many as there may be", {3: ["N"] * 50}, {}),
        ("keys of other kinds", "keys that are skipped", {8: [*foreign, key()]}, {}),
        (
            "150 keys",
            "as many as there may be",
            {8: [key(), *({**key(), 0: cose_key_of(n.to_bytes(32, "big"))} for n in range(149))]},
            {},
        ),
        (
            "key that is no point",
            "seen at verification",
            {
                8: [
                    key(),
                    {**key(), 0: cose_key_of((2).to_bytes(32, "little"))},
                ]
            },
            {},
        ),
        (
            "vouched digests",
            "ascending",
            {
                8: [
                    key(),
                    key(
                        OTHER_SIGNER,
                        revocation={
                            0: 1,
                            1: 0,
                            2: "why",
                            3: bytes(16) + b"\1" * 16 + b"\xff" * 16,
                        },
                    ),
                ]
            },
            {},
        ),
        ("later label in a key", "kept", {8: [{**key(), 128: 0}]}, {}),
        ("template with a port", "a port", {9: "https://a.b:65535/x-._~/{number}/y"}, {}),
        ("4,096 items", "as many as there may be", {}, {128: of_items(4_096)[128]}),
        ("dated 1970", "issued_at is not compared", {}, {6: 0}),
    )
