"""A course record → its token, in which everything personal stands behind digests of its own."""

from collections.abc import Callable, Iterable
from typing import Any

from signedcert.codec.cbor import parse
from signedcert.codec.lower import lowered_part
from signedcert.codec.record_framing import DISCLOSURES_MAX, RECORD_MAX, RecordFrame
from signedcert.codec.scan import SMALL
from signedcert.crypto.keys import PublicKey
from signedcert.crypto.prechecks import is_canonical_of_large_order
from signedcert.crypto.sign1 import sign
from signedcert.crypto.signer import Signer
from signedcert.errors import DecodeError, EncodeError, ShareError
from signedcert.model.course_record import CourseRecord
from signedcert.model.issued_record import SharePlaces, VisibleRecord
from signedcert.share.digests import redacted_claim_hash
from signedcert.share.disclosures import SALT_SIZE, content_at, decoy, entry, listing, row
from signedcert.share.fields import WITHHOLDABLE, padded
from signedcert.share.reading import VALUE_DISCLOSURE_MAX, listed_in
from signedcert.share.record_payload import REDACTED_ENTRIES, SignedRecord, lower_payload

#: Gives so many random bytes: ``secrets.token_bytes``.
RandomBytes = Callable[[int], bytes]


def issue_record(
    record: CourseRecord,
    signer: Signer,
    *,
    holder_key: PublicKey,
    random_bytes: RandomBytes,
    share_places: SharePlaces | None = None,
) -> bytes:
    """Signs a course record for the learner, with everything in it disclosed.

    Whoever has this token sees the whole record, and with the holder's private key can share it:
    it is the learner's to keep.

    :param record: what the issuer states.
    :param signer: the issuer's signing key.
    :param holder_key: the public half of the key that will sign shares.
    :param random_bytes: the source of salts, such as ``secrets.token_bytes``. With salts that can
        be guessed, whoever sees a share can find out what it withholds.
    :param share_places: where resets of single shares will be published; None: only the record as a
        whole can be withdrawn, and no share by itself.
    :returns: an SD-CWT (draft-ietf-spice-sd-cwt-09), of at most 40,960 bytes.
    :raises EncodeError: when the record is too large for a token.
    :raises ShareError: when the source of salts repeats itself; or when no share could be verified
        with ``holder_key``, or it is the issuer's own, which signs statements and nothing else.
    :raises SignerError: when the signer's signature does not verify.
    """
    if type(record) is not CourseRecord:
        raise TypeError(f"expected a CourseRecord, got {type(record).__name__}")
    if not isinstance(holder_key, PublicKey):
        raise TypeError(f"holder_key must be a PublicKey, not {type(holder_key).__name__}")
    _check_holder_key(holder_key, signer.public_key)
    maker = _Maker(random_bytes)
    redacted = tuple(sorted(maker.entries(record)))
    known = {name: getattr(record, name) for name in _SHARED_FIELDS}
    visible = VisibleRecord(
        **known,
        subject=record.code,
        holder_key=holder_key.raw,
        share_places=share_places,
    )
    payload = lower_payload(SignedRecord(visible, redacted))
    disclosures = tuple(sorted(maker.disclosures))
    _check_disclosures(disclosures)
    token = RecordFrame(sign(visible.media_type, payload, signer), disclosures).to_bytes()
    if len(token) > RECORD_MAX:
        raise EncodeError(
            f"the record takes {len(token)} bytes with all that may be disclosed, at most "
            f"{RECORD_MAX} are allowed; shorten the description or the titles of assessments"
        )
    return token


_SHARED_FIELDS = tuple(
    name for name in VisibleRecord.model_fields if name in CourseRecord.model_fields
)


def _check_holder_key(holder_key: PublicKey, issuer_key: PublicKey) -> None:
    """Sees that shares can be signed with it, and nothing else is.

    :raises ShareError: when they cannot, or something is.
    """
    if not is_canonical_of_large_order(holder_key.raw):
        raise ShareError("holder_key is no key that any signature verifies with")
    if holder_key == issuer_key:
        raise ShareError("holder_key is the issuer's own key, which signs statements alone")


class _Maker:
    """Makes disclosures, each with a salt of its own."""

    def __init__(self, random_bytes: RandomBytes) -> None:
        self._random_bytes = random_bytes
        self._salts: set[bytes] = set()
        self.disclosures: list[bytes] = []

    def entries(self, record: CourseRecord) -> Iterable[bytes]:
        """The digests of the entries that may be withheld, decoys included."""
        count = 0
        for field in WITHHOLDABLE.values():
            value: Any = getattr(record, field.name)
            if value is None or value == ():
                continue
            count += 1
            if field.is_list:
                digests = self._rows(value, padded(len(value), field.rows))
                yield self._kept(listing(self._salt(), digests, field.label))
            else:
                yield self._kept(entry(self._salt(), lowered_part(value), field.label))
        for _ in range(count, REDACTED_ENTRIES):
            yield self._kept(decoy(self._salt()))

    def _rows(self, values: tuple[Any, ...], size: int) -> list[bytes]:
        """The digests of the rows in order, with decoys at places that chance chooses."""
        shuffled = sorted(range(size), key=lambda _: self._random_bytes(SALT_SIZE))
        places = sorted(shuffled[: len(values)])
        rows = dict(zip(places, values, strict=True))
        return [
            self._kept(
                row(self._salt(), lowered_part(rows[place]))
                if place in rows
                else decoy(self._salt())
            )
            for place in range(size)
        ]

    def _kept(self, disclosure: bytes) -> bytes:
        self.disclosures.append(disclosure)
        return redacted_claim_hash(disclosure)

    def _salt(self) -> bytes:
        salt = self._random_bytes(SALT_SIZE)
        if not isinstance(salt, bytes) or len(salt) != SALT_SIZE or salt in self._salts:
            raise ShareError(
                f"random_bytes must give {SALT_SIZE} random bytes, others at every call, as "
                "secrets.token_bytes does; nothing was signed"
            )
        self._salts.add(salt)
        return salt


def _check_disclosures(disclosures: tuple[bytes, ...]) -> None:
    """Sees that verifiers take what is disclosed: its size, its depth.

    :raises EncodeError: when they do not.
    """
    assert len(disclosures) <= DISCLOSURES_MAX  # the model bounds the number of rows
    for each in disclosures:
        if listed_in(each) is not None:
            continue  # it is as long as its rows are many
        content = each[content_at(each) :]
        if len(content) > VALUE_DISCLOSURE_MAX:
            raise EncodeError(
                f"a row or entry of the record takes {len(content)} bytes, at most "
                f"{VALUE_DISCLOSURE_MAX} are allowed"
            )
        try:
            parse(content, unseen=SMALL)
        except DecodeError as error:
            raise EncodeError(
                "a row or entry of the record has additional fields nested too deep"
            ) from error
