"""Of any record, a share reveals what its holder chose and nothing else, and only as a whole."""

import random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption

import cbor_oracle
import signedcert as sc
from forging import BODY, claims
from issuing import (
    HOLDER,
    NOW,
    OTHER_HOLDER,
    TRUST,
    check,
    issue,
    record,
    shared,
)
from record_forging import LISTS, digest
from sd_cwt_reader import REDACTED_KEYS as REDACTED
from sd_cwt_reader import Sign1, decode, disclosed_claims
from signedcert import share
from signedcert.codec.base64url import to_base64url
from signedcert.codec.digits import to_digits
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import bytes_head
from signedcert.codec.record_framing import RecordFrame, ShareFrame
from signedcert.codec.text import TEXT_MAX
from signedcert.share import HeldRecord
from strategies import records

NAMES = ("learner", "final_score", "assessments", "identity_checks")
#: How many rows, decoys included, the lists of these records have: they have at most four.
ROWS = {"assessments": 8, "identity_checks": 4}
PAGE = "https://learn.example.edu/c/"
LABELS = dict(zip((0, 5, 6, 7), NAMES, strict=True))


def issued(statement: sc.CourseRecord, **options: Any) -> bytes:
    try:
        return issue(statement, **options)
    except sc.EncodeError:
        raise UnsatisfiedAssumption from None


@st.composite
def choices(draw: Any) -> tuple[sc.CourseRecord, bytes, list[str]]:
    """A record, its token, and some of its paths."""
    statement = draw(records())
    token = issued(statement, seed=draw(st.integers(0, 2**32)))
    paths = [*HeldRecord.open(token).paths, "assessments", "identity_checks"]
    present = [path for path in paths if getattr(statement, path.partition("[")[0])]
    return statement, token, draw(st.lists(st.sampled_from(present), max_size=6))


def expected(statement: sc.CourseRecord, paths: list[str]) -> dict[str, Any]:
    """What the paths reveal of the record: whole fields, or rows by their number."""
    found: dict[str, Any] = {}
    for path in paths:
        name, _, number = path.partition("[")
        if number and not isinstance(found.get(name), tuple):
            found.setdefault(name, {})[int(number[:-1])] = True
        elif not number:
            found[name] = getattr(statement, name)
    return {
        name: [getattr(statement, name)[place] for place in sorted(value)]
        if isinstance(value, dict)
        else value
        for name, value in found.items()
    }


@given(choices())
@settings(max_examples=settings.default.max_examples * 2)
def test_what_is_revealed_is_what_was_chosen(chosen):
    statement, token, paths = chosen
    verdict = check(shared(token, paths))
    assert verdict.status is sc.Status.VALID
    shown, wanted = verdict.statement, expected(statement, paths)
    for name in NAMES:
        value = getattr(shown, name)
        if name not in wanted:
            # Withheld or absent, nobody can tell: it is never None, empty, or left out.
            assert value is sc.WITHHELD
        elif isinstance(wanted[name], list):
            # Some rows, in order, and where the others stand nothing of them.
            assert [row for row in value if row is not sc.WITHHELD] == wanted[name]
            assert len(value) == ROWS[name]
            if len(wanted[name]) == len(value):
                wanted[name] = value  # with no decoy among them, that is the whole list
        else:
            assert value == wanted[name]
    # Only where each of the four is there, and shown as a whole, is it certain that this is all.
    assert shown.is_complete is (
        wanted.keys() == {*NAMES} and list not in map(type, wanted.values())
    )
    visible = {"issuer", "id", "issued_at", "course", "course_format", "language", "additional"}
    assert all(getattr(shown, name) == getattr(statement, name) for name in visible)


@given(choices())
def test_another_reader_sees_the_same(chosen):
    statement, token, paths = chosen
    kbt = Sign1.read(shared(token, paths))
    body, whole = disclosed_claims(kbt.sd_cwt)[BODY], claims(statement)[BODY]
    for label, name in LABELS.items():
        if name in paths:
            assert body[label] == whole[label]
        elif any(path.startswith(name) for path in paths):
            rows = enumerate(whole[label])
            assert body[label] == [row for place, row in rows if f"{name}[{place}]" in paths]
        else:
            assert label not in body
    assert sc.ed25519_verify(HOLDER.public_key.raw, kbt.to_be_signed(), kbt.signature)


@given(records())
def test_everything_is_all_there_is(statement):
    token = issued(statement)
    for each in (token, shared(token)):
        shown = check(each).statement
        assert shown.is_complete
        values = {name: getattr(shown, name) for name in sc.CourseRecord.model_fields}
        assert sc.CourseRecord(**values) == statement
    assert HeldRecord.open(token).record() == statement


# What is withheld is not there


UNIQUE = [f"Assessment {n}-{random.Random(n).randbytes(12).hex()}" for n in range(30)]


@given(st.integers(1, 30), st.data())
def test_no_byte_of_what_is_withheld_is_in_the_share(count, data):
    statement = record(
        assessments=tuple(
            sc.Assessment(title=UNIQUE[n], kind="essay", score=1_000_000 + n) for n in range(count)
        ),
        learner=sc.Person(name="Unmistakable Name"),
        final_score=sc.Result(score=7_777_777, grade="Unmistakable Grade"),
        identity_checks=(sc.IdentityCheck(method="photo_match", performed_by="Unmistakable Ltd"),),
    )
    token = issue(statement, seed=data.draw(st.integers(0, 999)))
    paths = data.draw(st.lists(st.sampled_from(HeldRecord.open(token).paths), unique=True))
    sharing = shared(token, paths)
    pieces = {
        "learner": [b"Unmistakable Name"],
        "final_score": [b"Unmistakable Grade", cbor_oracle.dumps(7_777_777)],
        "identity_checks[0]": [b"Unmistakable Ltd"],
    }
    for place, row in enumerate(claims(statement)[BODY][6]):
        pieces[f"assessments[{place}]"] = [row[0].encode(), cbor_oracle.dumps(row)]
    for path, found in pieces.items():
        for piece in found:
            assert piece in token
            assert (piece in sharing) is (path in paths)
    # Nor is a salt, without which no guess can be tried.
    shown = set(parse_frame(sharing).record.disclosures)
    for disclosure in parse_frame(token).disclosures:
        if disclosure not in shown:
            assert decode(decode(disclosure))[0] not in sharing


@given(choices())
def test_nothing_is_shared_but_what_the_choice_takes(chosen):
    _, token, paths = chosen
    frame = parse_frame(shared(token, paths))
    assert frame.record.disclosures == HeldRecord.open(token).choose(paths).disclosures
    assert frame.record.signed == parse_frame(token).signed


# Nothing can be put in, taken out, or exchanged


def with_disclosures(token: bytes, disclosures: Any) -> bytes:
    """A share in which others stand, as anybody on the way could write it."""
    frame = parse_frame(token)
    inner = RecordFrame(frame.signed, tuple(sorted(disclosures))).to_bytes()
    protected = cbor_oracle.dumps({1: -19, 13: cbor_oracle.Raw(inner), 16: 294})
    return ShareFrame(frame.record, protected, frame.payload, frame.signature).to_bytes()


OTHERS = issue(record(id=bytes(10)), seed=9)


@given(choices(), st.data())
@settings(max_examples=settings.default.max_examples * 2)
def test_other_disclosures_are_refused(chosen, data):
    _, token, paths = chosen
    sharing = shared(token, paths)
    frame = parse_frame(sharing)
    shown, every = list(frame.record.disclosures), list(parse_frame(token).disclosures)
    foreign = list(parse_frame(OTHERS).disclosures)
    kind = data.draw(st.sampled_from(["add own", "add foreign", "remove", "swap", "edit", "twice"]))
    if kind in ("add own", "add foreign"):
        more = [each for each in (every if kind == "add own" else foreign) if each not in shown]
        assume(more)
        changed = [*shown, data.draw(st.sampled_from(more))]
    else:
        assume(shown)
        one = data.draw(st.sampled_from(shown))
        rest = [each for each in shown if each != one]
        changed = {
            "remove": rest,
            "swap": [*rest, data.draw(st.sampled_from(foreign))],
            "edit": [*rest, edited(one, data)],
            "twice": [*shown, one],
        }[kind]
    assert with_disclosures(sharing, shown) == sharing
    verdict = check(with_disclosures(sharing, changed))
    assert verdict.status is sc.Status.INVALID
    if verdict.statement is not None:
        assert verdict.statement.share is None
        assert verdict.finding(sc.Check.HOLDER).reason is sc.Reason.HOLDER_MISMATCH
    # Where it is the issuer's part alone, without a holder, it is no better.
    bare = check(RecordFrame(frame.signed, tuple(sorted(changed))).to_bytes())
    assert bare.status is not sc.Status.VALID
    if kind in ("add foreign", "swap", "edit"):
        assert bare.status is sc.Status.INVALID
        assert bare.finding(sc.Check.SCHEMA).reason is sc.Reason.DISCLOSURE_MISMATCH


def edited(disclosure: bytes, data: Any) -> bytes:
    """A disclosure with another byte in it somewhere, well-framed all the same."""
    content = bytearray(decode(disclosure))
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    return bytes_head(len(content)) + bytes(content)


@given(choices(), choices())
def test_a_share_of_one_record_never_fits_another(one, other):
    assume(one[1] != other[1])
    mine, theirs = (parse_frame(shared(token, paths)) for _, token, paths in (one, other))
    mixed = ShareFrame(theirs.record, theirs.protected, mine.payload, mine.signature)
    verdict = check(mixed.to_bytes())
    assert verdict.status is sc.Status.INVALID
    assert verdict.finding(sc.Check.HOLDER).reason is sc.Reason.HOLDER_MISMATCH


@given(choices(), st.text(min_size=1, max_size=20))
def test_a_share_for_one_is_none_for_another(chosen, audience):
    _, token, paths = chosen
    try:
        policy = sc.Policy(audience=audience)
    except ValueError:
        raise UnsatisfiedAssumption from None
    assume(policy.audience != "Acme Hiring")
    verdict = sc.verify(shared(token, paths), TRUST, now=NOW, policy=policy)
    assert verdict.status is sc.Status.INVALID
    assert verdict.finding(sc.Check.AUDIENCE).reason is sc.Reason.OTHER_AUDIENCE


@given(choices())
def test_a_record_of_another_key_has_another_holder(chosen):
    statement, _, paths = chosen
    theirs = parse_frame(shared(issued(statement, holder=OTHER_HOLDER), paths, holder=OTHER_HOLDER))
    mine = theirs._replace(signature=HOLDER.sign(theirs.to_be_signed()))
    verdict = check(mine.to_bytes())
    assert verdict.status is sc.Status.INVALID
    assert verdict.finding(sc.Check.HOLDER).reason is sc.Reason.HOLDER_MISMATCH
    with pytest.raises(sc.ShareError, match="not the share key"):
        shared(issued(statement, holder=OTHER_HOLDER), paths)


# What the digests tell


@given(st.integers(0, 200), st.integers(0, 20), st.booleans())
@settings(max_examples=settings.default.max_examples // 2)
def test_the_number_of_digests_tells_no_more_than_a_power_of_two(assessments, checks, scored):
    statement = record(
        assessments=tuple(sc.Assessment(title=f"T{n}", kind="quiz") for n in range(assessments)),
        identity_checks=tuple(sc.IdentityCheck(method=f"M{n}") for n in range(checks)),
        final_score=sc.Result(score=1) if scored else None,
    )
    signed = Sign1.read(issue(statement))
    digests = signed.claims[BODY][REDACTED]
    assert len(digests) == 4
    assert digests == sorted(digests)
    assert {len(each) for each in digests} == {32}
    entries = [decode(each) for each in signed.disclosures]
    sizes = {entry[2]: len(entry[1]) for entry in entries if entry[2:] and entry[2] in LISTS}
    assert sizes == {
        label: least if count <= least else 1 << (count - 1).bit_length()
        for label, least, count in ((6, 8, assessments), (7, 4, checks))
        if count
    }


@given(st.integers(0, 999), st.integers(0, 999))
def test_without_disclosures_records_look_alike(one, other):
    # An issuer's part that reveals nothing: of a full and of a bare record, it differs in 4 hashes
    # and the signature, and hashes tell nothing.
    full = record(identity_checks=(sc.IdentityCheck(method="photo_match"),))
    bare = record(final_score=None, assessments=())
    tokens = [issue(full, seed=one), issue(bare, seed=other)]
    frames = [parse_frame(token).signed for token in tokens]
    assert len(frames[0].payload) == len(frames[1].payload)
    digests = [Sign1.read(token).claims[BODY][REDACTED] for token in tokens]
    for frame, found in zip(frames, digests, strict=True):
        assert frame.payload.endswith(b"".join(b"\x58\x20" + each for each in found))
    size = 4 * 34
    assert frames[0].payload[:-size] == frames[1].payload[:-size]


@given(st.integers(1, 8), st.integers(0, 2**32))
def test_decoys_and_rows_look_alike_in_a_list(count, seed):
    rows = tuple(sc.Assessment(title=f"T{n}", kind="quiz") for n in range(count))
    signed = Sign1.read(issue(record(assessments=rows), seed=seed))
    opened = {digest(each): decode(each) for each in signed.disclosures}
    (listing,) = (entry[1] for entry in opened.values() if entry[2:] == [6])
    assert {(each.tag, len(each.value)) for each in listing} == {(60, 32)}
    kinds = [len(opened[each.value]) for each in listing]
    assert kinds.count(2) == count
    assert kinds.count(1) == 8 - count
    # Rows stand in order, so what chance decides is where the decoys are.
    assert [opened[each.value][1][0] for each in listing if len(opened[each.value]) == 2] == [
        row.title for row in rows
    ]


@given(records(), st.integers(0, 2**32))
def test_salts_differ(statement, seed):
    salts = [
        decode(each)[0]
        for number in range(3)
        for each in Sign1.read(issued(statement, seed=seed + number)).disclosures
    ]
    assert {len(salt) for salt in salts} == {16}
    assert len({*salts}) == len(salts)


# Links


@given(choices())
@settings(max_examples=settings.default.max_examples // 2)
def test_shares_in_links_and_digits(chosen):
    _, token, paths = chosen
    sharing = shared(token, paths)
    packed = sc.pack(sharing)
    assert packed[0] == 2
    assert sc.unpack(packed) == sharing
    for text in (to_base64url(packed), to_digits(packed), sc.verify_url(PAGE, sharing)):
        # No QR code holds as many digits as the longest share would have.
        if len(text) <= TEXT_MAX:
            assert sc.token_from_text(text) == sharing
            assert sc.verify_text(text, TRUST, now=NOW) == check(sharing)


@given(choices(), st.binary(min_size=32, max_size=32))
@settings(max_examples=settings.default.max_examples // 2)
def test_sealed_and_opened(chosen, secret):
    _, token, paths = chosen
    sharing = shared(token, paths)
    sealed = share.seal(sharing, secret)
    assert sealed.name == share.sealed_name(secret)
    assert share.unseal(secret, sealed.file) == sharing
    other = bytes(byte ^ 1 for byte in secret)
    with pytest.raises(sc.DecodeError):
        share.unseal(other, sealed.file)
