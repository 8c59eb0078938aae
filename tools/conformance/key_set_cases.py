"""Section 10: key sets, which are refused as a whole, or whose elements are skipped."""

import json
from collections.abc import Iterator
from typing import Any

from conformance.expectations import BY_KEY_SET, Answer, passes, undecided
from conformance.layout import Case, Refused, table, topic_of
from conformance.tokens import ISSUER, MOMENT_MAX, OTHER_ISSUER, OTHER_SIGNER, SIGNER, certificate
from conformance.trust import PUBLISHED_AT, in_key_set, jwk, jwks, x_of

TOKEN = certificate()
UNKNOWN = BY_KEY_SET.but(undecided("ISSUER_TRUSTED", "unknown_key"))
GOOD = jwks().decode()
X = x_of(SIGNER)
Row = tuple[str, str, bytes]


def text(members: str = "") -> bytes:
    """The key set with more JSON in it, right or wrong."""
    return f'{{"keys": [{json.dumps(jwk())}]{members}}}'.encode()


def deep(levels: int, innermost: str = "") -> bytes:
    """A member of so many arrays."""
    return text(f', "x": {"[" * levels}{innermost}{"]" * levels}')


def refused() -> Iterator[Row]:
    """Key sets that are refused as a whole."""
    for name, fault, data in (
        ("empty", "no JSON", b""), ("text", "no JSON", b"keys"),
        ("cut off", "no JSON", text()[:-1]),
        ("byte order mark", "a byte order mark", b"\xef\xbb\xbf" + text()),
        ("UTF-16", "another encoding", GOOD.encode("utf-16-le")),
        ("not UTF-8", "a byte that is no UTF-8", text(', "name": "?"').replace(b"?", b"\xff")),
        ("surrogate in UTF-8", "no UTF-8", text(', "name": "?"').replace(b"?", b"\xed\xa0\x80")),
        ("two values", "something after it", text() + b"{}"),
        ("comment", "no JSON", text() + b"// x"),
        ("trailing comma", "no JSON", text(",")),
        ("single quotes", "no JSON", GOOD.replace('"', "'").encode()),
        ("NaN", "no JSON", text(', "x": NaN')), ("Infinity", "no JSON", text(', "x": Infinity')),
        ("-Infinity", "no JSON", text(', "x": -Infinity')),
        ("leading zero", "no JSON", text(', "x": 01')), ("plus", "no JSON", text(', "x": +1')),
        ("point alone", "no JSON", text(', "x": 1.')),
        ("hexadecimal", "no JSON", text(', "x": 0x1')),
        ("control character", "no JSON", text(', "x": "\t"')),
        ("unknown escape", "no JSON", text(', "x": "\\x41"')),
        ("keys twice", "a member is repeated", text(', "keys": []')),
        ("member twice", "a member is repeated", text(', "x": 1, "x": 1')),
        ("member twice, escaped", "a member is repeated", text(', "x": 1, "\\u0078": 1')),
        ("member twice, deep", "a member is repeated", text(', "a": [{"b": {"x": 1, "x": 2}}]')),
        ("17 digits", "an integer too long", text(', "x": 12345678901234567')),
        ("-17 digits", "an integer too long", text(', "x": -12345678901234567')),
        ("1e400", "beyond doubles", text(', "x": 1e400')),
        ("-1e400", "beyond doubles", text(', "x": -1e400')),
        ("array in 33", "too deep", deep(33)), ("number in 33", "too deep", deep(32, "0")),
        ("1,000 levels", "too deep", deep(1_000)),
        ("array", "no object", f"[{GOOD}]".encode()), ("null", "no object", b"null"),
        ("no keys", "no keys", b"{}"), ("keys: null", "no array", b'{"keys": null}'),
        ("keys: object", "no array", b'{"keys": {}}'), ("a JWK alone", "no keys", json.dumps(
            jwk()
        ).encode()),
        ("iss: another", "another issuer", jwks(iss=OTHER_ISSUER)),
        ("iss: with http", "no issuer", jwks(iss=f"http://{ISSUER}")),
        ("iss: with a slash", "no issuer", jwks(iss=f"https://{ISSUER}/")),
        ("iss: upper case", "no issuer", jwks(iss=ISSUER.upper())),
        ("iss: number", "no issuer", jwks(iss=1)), ("iss: empty", "no issuer", jwks(iss="")),
        ("iss: scheme twice", "no issuer", jwks(iss=f"https://https://{ISSUER}")),
    ):  # fmt: skip
        yield name, fault, data
    for name, value in (
        ("text", str(PUBLISHED_AT)), ("negative", -1), ("too late", MOMENT_MAX + 1), ("true", True),
        ("array", [1]), ("-0.5", -0.5), ("too late by a fraction", MOMENT_MAX + 0.5),
    ):  # fmt: skip
        yield f"iat: {name}", "no moment", jwks(iat=value)
        yield f"nbf: {name}", "no moment", jwks(jwk(nbf=value))
        yield f"exp: {name}", "no moment", jwks(jwk(exp=value))
        yield f"revoked_at: {name}", "no moment", jwks(jwk(revoked={"revoked_at": value}))
    for member in ("d", "k", "p", "q", "dp", "dq", "qi", "oth"):
        yield f"member {member}", "a private key", jwks(jwk(), {"kty": "RSA", member: None})
    for name, value in table(
        ("absent", {"x": ...}), ("null", {"x": None}), ("number", {"x": 1}), ("empty", {"x": ""}),
        ("31 bytes", {"x": "A" * 42}), ("33 bytes", {"x": "A" * 44}), ("padded", {"x": f"{X}="}),
        ("unused bits", {"x": f"{X[:-1]}p"}), ("base64", {"x": f"+{X[1:]}"}),
        ("space", {"x": f"{X} "}),
    ):  # fmt: skip
        key = {name_: each for name_, each in (jwk() | value).items() if each is not ...}
        yield f"x: {name}", "no public key", jwks(key)
    for name, value in table(
        ("true", True),
        ("text", "yes"),
        ("empty", {}),
        ("null", {"revoked_at": None}),
    ):
        yield f"revoked: {name}", "no revocation", jwks(jwk(revoked=value))
    yield "key twice", "two elements with the same x", jwks(jwk(), jwk())
    yield "key twice, one EdDSA", "likewise", jwks(jwk(), jwk(alg="EdDSA"))
    yield "faulty key beside a good one", "no key vanishes", jwks(jwk(), jwk(OTHER_SIGNER, exp="x"))


def skipped() -> Iterator[tuple[str, str, Any]]:
    """Elements that are skipped, instead of the key."""
    for name, element in (
        ("null", None), ("text", X), ("array", [jwk()]), ("empty", {}),
        ("kty absent", {"crv": "Ed25519", "x": X}), ("kty EC", jwk(kty="EC")),
        ("kty lower case", jwk(kty="okp")), ("crv X25519", jwk(crv="X25519")),
        ("crv null", jwk(crv=None)), ("alg ES256", jwk(alg="ES256")), ("alg empty", jwk(alg="")),
        ("alg number", jwk(alg=-19)), ("use enc", jwk(use="enc")), ("use array", jwk(use=["sig"])),
        ("key_ops sign", jwk(key_ops=["sign"])), ("key_ops none", jwk(key_ops=[])),
        ("key_ops text", jwk(key_ops="verify")), ("key_ops object", jwk(key_ops={"verify": 1})),
        ("faulty, but of another use", jwk(use="enc", x=1, exp="x")),
    ):  # fmt: skip
        yield name, "an element that is skipped", element


def used() -> Iterator[tuple[str, str, bytes, Answer]]:
    """Key sets that are read."""
    dated = BY_KEY_SET.but(passes("ISSUER_TRUSTED", as_of=PUBLISHED_AT))
    zero = BY_KEY_SET.but(passes("ISSUER_TRUSTED", as_of=0))
    last = BY_KEY_SET.but(passes("ISSUER_TRUSTED", as_of=MOMENT_MAX))
    yield from (
        ("plain", "a key set", jwks(), BY_KEY_SET),
        ("spaces around", "white space", b" \t\r\n" + text() + b"\n", BY_KEY_SET),
        ("iss", "the issuer", jwks(iss=ISSUER), BY_KEY_SET),
        ("iss: URL", "with https://", jwks(iss=f"https://{ISSUER}"), BY_KEY_SET),
        ("iss: null", "as good as absent", jwks(iss=None), BY_KEY_SET),
        ("iat", "its date", jwks(iat=PUBLISHED_AT), dated),
        ("iat: fraction", "cut off", jwks(iat=PUBLISHED_AT + 0.999), dated),
        ("iat: exponent", "a number like any other", text(', "iat": 17934912e2'), dated),
        ("iat: null", "as good as absent", jwks(iat=None), BY_KEY_SET),
        ("iat: 0", "the first moment", jwks(iat=0), zero),
        ("iat: -0", "the first moment", text(', "iat": -0'), zero),
        ("iat: -0.0", "the first moment", text(', "iat": -0.0'), zero),
        ("iat: last", "the last moment", jwks(iat=MOMENT_MAX), last),
        ("16 digits", "as long as an integer may be", text(', "x": 1234567890123456'), BY_KEY_SET),
        ("-16 digits", "likewise", text(', "x": -9999999999999999'), BY_KEY_SET),
        ("1e308", "a number within doubles", text(', "x": 1e308'), BY_KEY_SET),
        ("array in 32", "as deep as it may be", deep(32), BY_KEY_SET),
        ("number in 32", "as deep as it may be", deep(31, "0"), BY_KEY_SET),
        ("lone surrogate", "an escape", text(', "x": "\\ud800"'), BY_KEY_SET),
        ("escapes", "escaped names", GOOD.replace('"x"', '"\\u0078"').encode(), BY_KEY_SET),
        ("other members", "ignored", jwks(jwk(kid="x", x5c=[], exp=None), d="x"), BY_KEY_SET),
        ("alg Ed25519", "its algorithm", jwks(jwk(alg="Ed25519")), BY_KEY_SET),
        ("alg EdDSA", "its older name", jwks(jwk(alg="EdDSA")), BY_KEY_SET),
        ("alg null", "as good as absent", jwks(jwk(alg=None, use=None, key_ops=None)), BY_KEY_SET),
        ("use sig", "for signatures", jwks(jwk(use="sig")), BY_KEY_SET),
        ("key_ops", "verify among them", jwks(jwk(key_ops=["sign", 1, "verify"])), BY_KEY_SET),
        ("no key", "an empty array", b'{"keys": []}', UNKNOWN),
        ("another key", "not the signer's", jwks(jwk(OTHER_SIGNER)), UNKNOWN),
        ("key twice, once skipped", "no repeat", jwks(jwk(), jwk(use="enc")), BY_KEY_SET),
        (
            "private member elsewhere",
            "not in an element of keys",
            jwks(d="x", jwk={"d": "x"}),
            BY_KEY_SET,
        ),
    )


def _cases() -> Iterator[tuple[Case, dict[str, str]]]:
    for name, fault, data, expected in used():
        yield Case(name, fault, TOKEN, expected), in_key_set(data)
    for name, fault, element in skipped():
        alone = in_key_set(json.dumps({"keys": [element]}).encode())
        yield Case(f"skipped: {name}", fault, TOKEN, UNKNOWN), alone
        beside = in_key_set(jwks(element, jwk()))
        if not (isinstance(element, dict) and element.get("x") == X):
            yield Case(f"beside the key: {name}", fault, TOKEN, BY_KEY_SET), beside
    for name, fault, data in refused():
        yield Case(f"refused: {name}", fault, TOKEN, Refused(None)), in_key_set(data)
    for issuer in ("Learn.example.edu", "learn.example.edu/", "learn", "", f"http://{ISSUER}"):
        given = in_key_set(issuer=issuer)
        yield Case(f"given for {issuer!r}", "no issuer", TOKEN, Refused(None)), given


TOPIC = topic_of("key-sets", "Section 10: key sets.", _cases())
