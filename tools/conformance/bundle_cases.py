"""Section 13: bundles, which are refused as a whole for their layout alone."""

from collections.abc import Iterator
from typing import Any

from cbor_oracle import Pairs, Raw, Tagged, dumps
from conformance.expectations import BY_KEY_SET, VALID, undecided
from conformance.layout import Case, Refused, topic_of
from conformance.tokens import (
    INTEGER_MAX,
    ISSUER,
    MOMENT_MAX,
    OTHER_ISSUER,
    SIGNER,
    certificate,
)
from conformance.trust import (
    ROOT,
    STATUS_SIGNER,
    Held,
    bundle,
    document,
    in_bundle,
    index_of,
    jwks,
    status_list,
)

TOKEN, DOCUMENT = certificate(), document()
HELD = Held(DOCUMENT)
KID = SIGNER.public_key.kid
RAW = ROOT.public_key.raw
_PLACE = bytes(4)


def _content(**options: Any) -> dict[int, Any]:
    held = Held(DOCUMENT, **options)
    return {0: 1, 3: [held.item()], 4: index_of([held])}


def _items(*items: Any) -> dict[int, Any]:
    """A bundle with any items for issuers, and no index."""
    return {0: 1, 3: list(items), 4: b""}


def outside() -> Iterator[tuple[str, str, bytes]]:
    """What is no item of the profile: not_deterministic."""
    good = bundle(HELD)
    yield from (
        ("empty", "no item", b""),
        ("cut off", "cut off", good[:-1]),
        ("byte more", "something after it", good + b"\0"),
        ("text", "no CBOR", b"{}"),
        ("JSON", "a key set in its place", jwks()),
        ("tag", "a tag", dumps(Tagged(1, _content()))),
        ("float", "a float", dumps({**_content(), 5: 1.5})),
        ("null", "null", dumps({**_content(), 1: Raw(b"\xf6")})),
        ("text key", "no integer", dumps({**_content(), "x": 0})),
        ("out of order", "keys out of order", dumps(Pairs(tuple(reversed(_content().items()))))),
        ("long head", "a head longer than needed", b"\xb8\x03" + good[1:]),
        ("key twice", "a repeat", b"\xa4\x00\x01" + good[1:]),
        ("map of 17", "more than 16 entries", dumps(dict.fromkeys(range(17), 0))),
        (
            "map of 17 within",
            "more than 16 entries",
            dumps({**_content(), 5: dict.fromkeys(range(17), 0)}),
        ),
        ("simple(59)", "a simple value", dumps({**_content(), 5: Raw(b"\xf8\x3b")})),
    )


def faulty() -> Iterator[tuple[str, str, Any]]:
    """What is not laid out as section 13.1 says: schema_violation."""
    published = DOCUMENT
    yield from (
        ("array", "no map", [1]),
        ("integer", "no map", 1),
        ("no format", "no label 0", {3: [], 4: b""}),
        ("format: text", "no integer", {**_content(), 0: "1"}),
        ("format: true", "no integer", {**_content(), 0: True}),
        ("no issuers", "no label 3", {0: 1, 4: b""}),
        ("no index", "no label 4", {0: 1, 3: []}),
        ("label 5", "a label more", {**_content(), 5: 0}),
        ("label -1", "a label more", {**_content(), -1: 0}),
        ("next_update alone", "never without label 1", {**_content(), 2: 5}),
        ("issued_at: -1", "no moment", {**_content(), 1: -1}),
        ("issued_at: too late", "no moment", {**_content(), 1: MOMENT_MAX + 1}),
        ("issued_at: text", "no moment", {**_content(), 1: "2026"}),
        ("issued_at: false", "no moment", {**_content(), 1: False}),
        ("next_update: too late", "no moment", {**_content(), 1: 0, 2: MOMENT_MAX + 1}),
        ("issuers: map", "no array", {0: 1, 3: {}, 4: b""}),
        ("issuer: text", "no array", _items(ISSUER)),
        ("issuer: empty", "no item", _items([])),
        ("issuer: name alone", "an item too few", _items([ISSUER])),
        ("issuer: three items", "neither form", _items([ISSUER, published, 1])),
        ("issuer: four items", "neither form", _items([ISSUER, published, 1, [RAW]])),
        ("issuer: six items", "half an end", _items([ISSUER, published, 1, [RAW], [], 0])),
        (
            "issuer: eight items",
            "an item too many",
            _items([ISSUER, published, 1, [RAW], [], 0, 0, 0]),
        ),
        ("key set: five items", "an end, but for its lists", _items([ISSUER, jwks(), 0, 0, 0])),
        ("name: upper case", "no issuer", _items([ISSUER.upper(), jwks()])),
        ("name: bytes", "no text", _items([ISSUER.encode(), jwks()])),
        ("name: empty", "no issuer", _items(["", jwks()])),
        ("published: text", "no byte string", _items([ISSUER, "x"])),
        ("epoch: 0", "below 1", _items([ISSUER, published, 0, [RAW], []])),
        ("epoch: true", "no integer", _items([ISSUER, published, True, [RAW], []])),
        ("roots: bytes", "no array", _items([ISSUER, published, 1, RAW, []])),
        ("root: 31 bytes", "no key", _items([ISSUER, published, 1, [RAW[:31]], []])),
        ("root: text", "no key", _items([ISSUER, published, 1, ["x" * 32], []])),
        ("root twice", "a repeat", _items([ISSUER, published, 1, [RAW, RAW], []])),
        (
            "17 roots",
            "one too many",
            _items([ISSUER, published, 1, [bytes([n]) * 32 for n in range(17)], []]),
        ),
        ("lists: map", "no array", _items([ISSUER, published, 1, [RAW], {}])),
        ("list: bytes", "no pair", _items([ISSUER, published, 1, [RAW], [b"x"]])),
        ("list: number alone", "no pair", _items([ISSUER, published, 1, [RAW], [[1]]])),
        ("list: three items", "no pair", _items([ISSUER, published, 1, [RAW], [[1, b"", 0]]])),
        ("list: number -1", "no number", _items([ISSUER, published, 1, [RAW], [[-1, b""]]])),
        ("list: number true", "no number", _items([ISSUER, published, 1, [RAW], [[True, b""]]])),
        ("list: text", "no byte string", _items([ISSUER, published, 1, [RAW], [[1, "x"]]])),
        ("list twice", "a repeat", _items([ISSUER, published, 1, [RAW], [[1, b""], [1, b""]]])),
        (
            "lists descending",
            "out of order",
            _items([ISSUER, published, 1, [RAW], [[2, b""], [1, b""]]]),
        ),
        ("end: -1", "no moment", _items([ISSUER, jwks(), -1, 0])),
        ("end: too late", "no moment", _items([ISSUER, jwks(), 0, MOMENT_MAX + 1])),
        ("end: true", "no moment", _items([ISSUER, jwks(), True, 0])),
        ("issuer twice", "a repeat", _items([ISSUER, jwks()], [ISSUER, jwks()])),
        ("issuers descending", "out of order", _items([OTHER_ISSUER, b""], [ISSUER, b""])),
        (
            "longer before shorter",
            "bytes are compared, not lengths",
            _items(["a.bb", b""], ["a.ba", b""]),
        ),
        ("index: text", "no byte string", {**_content(), 4: "x"}),
        ("index: array", "no byte string", {**_content(), 4: [KID + _PLACE]}),
        ("index: 11 bytes", "cut off", {**_content(), 4: KID + _PLACE[:3]}),
        ("index: 13 bytes", "something after it", {**_content(), 4: KID + _PLACE + b"\0"}),
        ("index: place 1", "no such issuer", {**_content(), 4: KID + b"\0\0\0\1"}),
        ("index: place 2^32 - 1", "no such issuer", {**_content(), 4: KID + b"\xff" * 4}),
        (
            "index: little-endian",
            "no such issuer",
            {
                **_items([ISSUER, b""], [OTHER_ISSUER, b""]),
                4: KID + b"\1\0\0\0",
            },
        ),
        ("index: twice", "a repeat", {**_content(), 4: (KID + _PLACE) * 2}),
        ("index: descending", "out of order", {**_content(), 4: b"\1" * 8 + _PLACE + bytes(12)}),
        ("index without issuers", "no such issuer", {0: 1, 3: [], 4: KID + _PLACE}),
    )


def good() -> Iterator[tuple[str, str, bytes, bool]]:
    """Bundles that are read: name, what is special, bytes, and whether the issuer is known."""
    yield "plain", "a bundle", bundle(HELD), True
    yield "nobody", "no issuer", bundle(), False
    dated = bundle(HELD, changed={1: 0, 2: MOMENT_MAX})
    yield "from 1970 to 9999", "an end that is far", dated, True
    backwards = bundle(HELD, changed={1: MOMENT_MAX})
    yield "dated 9999", "dates are not compared", backwards, True
    more = [RAW, *(bytes([n]) * 32 for n in range(15))]
    held = Held(document(epoch=2), roots=more)
    yield "16 roots", "as many as there may be", bundle(held), True
    lists = [(0, b""), (1, b"\xff"), (INTEGER_MAX, status_list())]
    yield "lists that are none", "not looked into", bundle(Held(DOCUMENT, lists=lists)), True
    between = [Held(b"", name="a.b", kids=()), HELD, Held(b"x", name="z.z", epoch=None, kids=())]
    yield "issuers that are none", "not looked into", bundle(*between), True
    prefix = [Held(b"", name="learn.example.ed", kids=()), HELD]
    yield "a name that begins another", "the shorter first", bundle(*prefix), True
    many = [Held(b"", name=f"a{n:04}.b", kids=(KID,)) for n in range(50)]
    yield "50 refused issuers under the kid", "each is tried", bundle(*many, HELD), True
    far = (bytes(8), b"\xff" * 8, KID, STATUS_SIGNER.public_key.kid)
    yield "an index of more kids", "kids of no key", bundle(Held(DOCUMENT, kids=far)), True
    end = Held(DOCUMENT, end=(0, MOMENT_MAX))
    yield "an end of its own", "far away", bundle(end), True
    items = [ISSUER, DOCUMENT, INTEGER_MAX, [], []]
    yield "epoch: largest", "not looked into", dumps({**_items(items), 4: b""}), False
    large = [Held(b"", name=f"b{n:04}.b", epoch=None, kids=()) for n in range(1_400)]
    yield "4,200 items", "more than any token may have", bundle(*large, HELD), True


def _cases() -> Iterator[tuple[Case, dict[str, str]]]:
    unknown = VALID.but(undecided("ISSUER_TRUSTED", "unknown_key"))
    for name, fault, data, known in good():
        yield Case(name, fault, TOKEN, VALID if known else unknown), in_bundle(data)
    by_keys = bundle(Held(jwks(), epoch=None, kids=(KID,)))
    yield Case("key set", "an issuer by its key set", TOKEN, BY_KEY_SET), in_bundle(by_keys)
    for name, fault, data in outside():
        refused = Refused("not_deterministic")
        yield Case(f"refused: {name}", fault, TOKEN, refused), in_bundle(data)
    for name, fault, content in faulty():
        refused = Refused("schema_violation")
        yield Case(f"refused: {name}", fault, TOKEN, refused), in_bundle(dumps(content))
    for number in (0, 2, -1, INTEGER_MAX):
        newer = Refused("newer_format")
        later = dumps({0: number, 9: "later"})
        fault = "a format of a later version"
        yield Case(f"refused: format {number}", fault, TOKEN, newer), in_bundle(later)


TOPIC = topic_of("bundles", "Section 13.1: bundles.", _cases())
