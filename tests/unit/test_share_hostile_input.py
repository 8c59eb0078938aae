"""Records and shares made to hurt: refused, and in little memory. Times are for benchmarks."""

import pytest
from test_hostile_input import CBOR, MEGABYTE, NOISE, colliding_keys, measured

import signedcert as sc
from cbor_oracle import Raw, Tagged, dumps, head
from forging import BODY, RECORD, header, signed
from issuing import NOW, TRUST, check, issue, record, shared
from record_forging import (
    ROW_DIGEST,
    SD_CLAIMS,
    ascending,
    decoy,
    digest,
    disclosure,
    listing,
    record_of,
    share_claims,
    share_header,
    share_of,
)
from signedcert import share

TOKEN = issue(record())
HEADER = dumps(header(media_type=RECORD))
#: The beginning of a row.
SALTED = b"\x82\x50" + bytes(16)
NAME = disclosure("Jacob Ångström", 0)
each_cbor = pytest.mark.parametrize("data", CBOR.values(), ids=CBOR)


def sign1(*parts: object) -> bytes:
    return dumps(Tagged(18, list(parts)))


@each_cbor
def test_hostile_cbor_instead_of_disclosures(data):
    for unprotected in (Raw(data), Raw(b"\xa1\x11" + data), Raw(b"\xa1\x11\x81" + data)):
        measured(lambda it=unprotected: check(sign1(HEADER, it, b"x", bytes(64))))


@each_cbor
def test_hostile_cbor_as_a_disclosure(data):
    # Nobody signed it, so its digest is all that is looked at.
    forged = record_of(NAME)
    verdict = measured(lambda: check(forged.revealing(NAME, data[:16_000]).token()))
    assert verdict.finding(sc.Check.SCHEMA).reason is sc.Reason.DISCLOSURE_MISMATCH


@each_cbor
def test_hostile_cbor_that_an_issuer_signed(data):
    for size in (900, 4000, 16_000):
        entry = data[:size]
        for forged in (
            record_of(entry),
            record_of(b"\x83\x50" + bytes(16) + entry + b"\0"),
            record_of(b"\x83\x50" + bytes(16) + entry + b"\6"),
            record_of(listing(6, entry), rows=[entry]),
            record_of(listing(6, SALTED + entry), rows=[SALTED + entry]),
        ):
            verdict = measured(lambda it=forged: check(it.token()))
            assert verdict.finding(sc.Check.SCHEMA).reason is sc.Reason.SCHEMA_VIOLATION


@each_cbor
def test_hostile_cbor_in_a_record_that_an_issuer_signed(data):
    forged = record_of(NAME)
    small = Raw(data[:15_000])
    for changed in (
        forged.with_claims({2: small}),
        forged.with_claims({8: small}),
        forged.with_body({10: small}),
    ):
        measured(lambda it=changed: check(it.token()))
    measured(lambda: check(signed(data[:16_000], header(media_type=RECORD))))
    hostile = {**forged.claims, BODY: Raw(b"\xa1\xf8\x3b" + data[:15_000])}
    measured(lambda: check(signed(hostile, header(media_type=RECORD))))


@each_cbor
def test_hostile_cbor_in_a_share(data):
    record_token = record_of(NAME).token()
    measured(lambda: check(share_of(data[:16_000])))
    measured(lambda: check(share_of(b"\xd2" + data[:16_000])))
    measured(lambda: check(sign1(dumps(share_header(record_token)), Raw(data), b"x", bytes(64))))


@each_cbor
def test_hostile_cbor_that_a_holder_signed(data):
    # The issuer's part is in order, so it is shown; what the holder says is refused.
    verdict = check(share_of(record_of(NAME).token(), data[:2048]))
    assert verdict.status is sc.Status.INVALID
    assert verdict.finding(sc.Check.HOLDER).outcome is sc.Outcome.FAILED
    assert verdict.statement.share is None


def test_shares_within_shares():
    token = share_of(TOKEN)
    for _ in range(400):
        deeper = share_of(token, b"x")
        if len(deeper) > 41_216:
            break
        token = deeper
        verdict = measured(lambda it=token: check(it))
        assert verdict.finding(sc.Check.FORMAT).reason is sc.Reason.WRONG_TYPE
    assert len(token) > 30_000


def test_nothing_but_beginnings_of_shares():
    start = bytes.fromhex("d28459a000a301320d")
    for count in (1, 100, 4500):
        measured(lambda n=count: check(start * n))


def test_as_many_disclosures_as_there_may_be():
    # All of them the issuer's: decoys in the body, and rows and decoys in two lists.
    rows = [disclosure({0: f"T{n}", 1: 0}) for n in range(128)]
    rows += [decoy(n) for n in range(100, 228)]
    checks = [disclosure({0: 0, 1: f"M{n}"}) for n in range(20)]
    checks += [decoy(n) for n in range(400, 500)]
    forged = record_of(listing(6, *rows), listing(7, *checks), NAME, rows=[*rows, *checks])
    verdict = check(forged.token())
    assert len(verdict.statement.assessments) == 128
    assert len(verdict.statement.identity_checks) == 20
    # And none of them: what nobody signed is refused at once.
    many = [decoy(n) for n in range(300, 300 + 512)]
    verdict = measured(lambda: check(record_of(NAME).revealing(*many).token()))
    assert verdict.finding(sc.Check.SCHEMA).reason is sc.Reason.DISCLOSURE_MISMATCH
    token = record_of(NAME).revealing(*many, decoy(999)).token()
    verdict = measured(lambda: check(token))
    assert verdict.finding(sc.Check.FORMAT).reason is sc.Reason.UNPROTECTED_HEADER


def test_thousands_of_disclosures():
    tiny = ascending(n.to_bytes(2, "big") for n in range(13_000))
    for count in (513, 4095, 4096, 13_000):
        token = sign1(HEADER, {SD_CLAIMS: tiny[:count]}, b"x", bytes(64))
        assert len(token) <= 41_216
        verdict = measured(lambda it=token: check(it))
        assert verdict.finding(sc.Check.FORMAT).outcome is sc.Outcome.FAILED


def test_a_count_that_promises_too_much():
    for first in (b"\x99\xff\xff", b"\x9a\xff\xff\xff\xff", b"\x9b" + b"\xff" * 8):
        token = sign1(HEADER, Raw(b"\xa1\x11" + first + dumps(NAME)), b"x", bytes(64))
        measured(lambda it=token: check(it))


def test_lists_that_name_one_another():
    # A list whose rows are lists, and one that is its own row as far as a hash allows it.
    inner = listing(6, disclosure({0: "T", 1: 0}))
    for outer in (listing(6, inner), listing(7, inner, inner)):
        verdict = measured(lambda it=outer: check(record_of(it, rows=[inner]).token()))
        assert verdict.finding(sc.Check.SCHEMA).reason is sc.Reason.SCHEMA_VIOLATION
    chain = disclosure({0: "T", 1: 0})
    links = [chain]
    for _ in range(200):
        chain = disclosure([Tagged(ROW_DIGEST, digest(chain))], 6)
        links.append(chain)
    verdict = measured(lambda: check(record_of(chain, rows=links[:-1]).token()))
    assert verdict.finding(sc.Check.SCHEMA).reason is sc.Reason.SCHEMA_VIOLATION


def test_keys_that_collide_over_many_rows():
    # Rows that are decoded in one go, and together would be a map whose keys have one hash.
    entries = colliding_keys(1000).entries
    body = head(5, len(entries)) + b"".join(dumps(key) + dumps(value) for key, value in entries)
    pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    rows = [b"\x82\x50" + bytes([n]) * 16 + piece for n, piece in enumerate(pieces)]
    verdict = measured(lambda: check(record_of(listing(6, *rows), rows=rows).token()))
    assert verdict.finding(sc.Check.SCHEMA).reason is sc.Reason.SCHEMA_VIOLATION


def test_noise_in_place_of_the_parts_of_a_share():
    for size in (1, 100, 2048, 16_000):
        noise = NOISE[:size]
        measured(lambda it=noise: check(share_of(it)))
        measured(lambda it=noise: check(sign1(HEADER, {SD_CLAIMS: [it]}, it, bytes(64))))
        measured(lambda it=noise: check(sign1(dumps(share_header(TOKEN)), {}, it, it)))


def test_files_made_to_hurt():
    secret = bytes(32)
    link = share.sealed_url("https://learn.example.edu/c/", secret)
    honest = share.seal(shared(TOKEN), secret).file
    files = [b"\xd0" + data for data in CBOR.values()]
    files += [honest[:1] + data for data in (NOISE, NOISE[:66_047], b"\x83" * 60_000)]
    files += [bytes(10 * MEGABYTE), honest + bytes(MEGABYTE)]
    for file in files:
        verdict = measured(lambda it=file: sc.verify_text(link, TRUST, now=NOW, sealed_file=it))
        assert verdict.finding(sc.Check.FORMAT).reason is sc.Reason.SEALED_FILE_REFUSED


def test_a_giant_file_is_not_looked_at():
    link = share.sealed_url("https://learn.example.edu/c/", bytes(32))
    giant = bytes(10 * MEGABYTE)
    measured(lambda: sc.verify_text(link, TRUST, now=NOW, sealed_file=giant), 100_000)


def test_many_additional_claims_in_a_share():
    # Labels at a distance that makes a naive hash table collide, as many as fit.
    more = {2**40 + (n << 20): 0 for n in range(180)}
    verdict = check(share_of(TOKEN, share_claims(more)))
    assert verdict.status is sc.Status.VALID
    assert len(verdict.statement.share.additional_claims) == 180
