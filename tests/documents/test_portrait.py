"""The learner's photo: what is signed of it, and whether a photo is the signed one."""

import hashlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import signedcert as sc
from issuing import issue, minimal, record, shared
from signedcert.documents import DocumentError, Printed
from signedcert.documents.portrait import (
    PortraitMatch,
    new_salt,
    portrait_digest,
    portrait_match,
    salt_from_hex,
    with_portrait,
)

PAGE = "https://learn.example.edu/c/"
SALT, PHOTO = bytes(range(16)), b"the bytes of a file"
PHOTO_MATCH = sc.IdentityCheck(method=sc.IdentityMethod.PHOTO_MATCH)
TYPING = sc.IdentityCheck(method=sc.IdentityMethod.TYPING_PATTERN, performed_on=date(2026, 11, 1))


def signed(digest, method=sc.IdentityMethod.PHOTO_MATCH):
    return sc.IdentityCheck(method=method, portrait_digest=digest)


def of(*checks):
    return minimal(identity_checks=checks)


def test_the_digest_is_that_of_salt_and_file() -> None:
    assert portrait_digest(SALT, PHOTO) == hashlib.sha256(SALT + PHOTO).digest()
    for size in (0, 15, 17, 32):
        with pytest.raises(ValueError, match="16 bytes"):
            portrait_digest(bytes(size), PHOTO)


def test_salts_are_new_each_time() -> None:
    assert len({new_salt() for _ in range(100)}) == 100
    assert {len(new_salt()) for _ in range(10)} == {16}


@given(st.binary(min_size=16, max_size=16), st.sampled_from(["", " ", "\n", "\r\n", "\t "]))
def test_a_salt_is_read_from_its_digits(salt: bytes, around: str) -> None:
    assert salt_from_hex(around + salt.hex() + around) == salt
    assert salt_from_hex(salt.hex().upper()) == salt


@pytest.mark.parametrize(
    "text", ["", "00" * 15, "00" * 17, "0" * 31, "0g" * 16, "00 " * 16, "٠" * 32, "0x" + "00" * 15]
)
def test_what_is_no_salt_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError) as refusal:
        salt_from_hex(text)
    assert str(refusal.value) == "a salt has 32 hexadecimal digits"


def test_the_signed_photo_is_known_by_every_byte_and_by_its_salt() -> None:
    certificate = of(signed(portrait_digest(SALT, PHOTO)))
    assert portrait_match(certificate, PHOTO, SALT) is PortraitMatch.SIGNED
    for photo, salt in (
        (PHOTO + b"\0", SALT),
        (PHOTO[:-1], SALT),
        (b"", SALT),
        (PHOTO, bytes(16)),
        (PHOTO, SALT[:-1] + b"\0"),
        # The salt has a length of its own: no byte moves between the two.
        (PHOTO[1:], SALT[1:] + PHOTO[:1]),
    ):
        found = portrait_match(certificate, photo, salt)
        assert found is PortraitMatch.NOT_THE_SIGNED_ONE


def test_any_of_several_checks_may_have_the_portrait() -> None:
    digest, other = portrait_digest(SALT, PHOTO), portrait_digest(SALT, b"other")
    document = sc.IdentityMethod.IDENTITY_DOCUMENT
    certificate = of(TYPING, signed(other, document), signed(digest))
    assert portrait_match(certificate, PHOTO, SALT) is PortraitMatch.SIGNED
    assert portrait_match(certificate, b"other", SALT) is PortraitMatch.SIGNED
    assert portrait_match(certificate, b"third", SALT) is PortraitMatch.NOT_THE_SIGNED_ONE


@pytest.mark.parametrize("checks", [(), (PHOTO_MATCH,), (PHOTO_MATCH, TYPING)])
def test_without_a_digest_no_portrait_is_signed(checks: tuple[sc.IdentityCheck, ...]) -> None:
    found = portrait_match(of(*checks), PHOTO, SALT)
    assert found is PortraitMatch.NO_PORTRAIT_SIGNED


def shown(statement: sc.CourseRecord, disclosures):
    token = shared(issue(statement), disclosures)
    return Printed.of_token(token, PAGE).statement


def test_a_share_may_withhold_the_portrait() -> None:
    digest = portrait_digest(SALT, PHOTO)
    both = record(identity_checks=(signed(digest), TYPING))
    assert portrait_match(shown(both, ["learner"]), PHOTO, SALT) is PortraitMatch.WITHHELD
    # The other check's row is shown; whether the withheld rows have a portrait is not known.
    second = shown(both, ["identity_checks[1]"])
    assert portrait_match(second, PHOTO, SALT) is PortraitMatch.WITHHELD
    first = shown(both, ["identity_checks[0]"])
    assert portrait_match(first, PHOTO, SALT) is PortraitMatch.SIGNED
    # Decoys are always withheld: they are no excuse for another photo.
    assert portrait_match(first, b"other", SALT) is PortraitMatch.NOT_THE_SIGNED_ONE


def test_the_digest_goes_into_the_check_that_the_photo_is_of() -> None:
    digest = portrait_digest(SALT, PHOTO)
    for before, place in (
        ((PHOTO_MATCH,), 0),
        ((sc.IdentityCheck(method=sc.IdentityMethod.IDENTITY_DOCUMENT),), 0),
        ((TYPING, PHOTO_MATCH), 1),
        ((PHOTO_MATCH, TYPING, TYPING), 0),
    ):
        for statement in (of(*before), record(identity_checks=before)):
            after = with_portrait(statement, digest)
            assert after.identity_checks[place].portrait_digest == digest
            without = after.identity_checks[place].model_copy(update={"portrait_digest": None})
            checks = list(after.identity_checks)
            checks[place] = without
            assert after.model_copy(update={"identity_checks": tuple(checks)}) == statement


@pytest.mark.parametrize(
    ("checks", "says"),
    [
        ((), "there is none"),
        ((PHOTO_MATCH, PHOTO_MATCH), "2 have the method photo_match"),
        ((TYPING,), "none has the method photo_match"),
        ((TYPING, TYPING), "none have the method photo_match"),
        ((signed(bytes(32)),), "already"),
        ((PHOTO_MATCH, signed(bytes(32), sc.IdentityMethod.IDENTITY_DOCUMENT)), "already"),
    ],
)
def test_where_it_is_not_clear_whose_photo_it_is_nothing_is_done(checks, says: str) -> None:
    with pytest.raises(DocumentError, match=says):
        with_portrait(of(*checks), bytes(32))
