"""Section 15.9: whether a certificate and a course record belong together."""

from cbor_oracle import dumps
from conformance.expectations import Finding
from conformance.layout import LinkCase, Topic
from conformance.record_tokens import COMPLETE, RECORD_ID, share
from conformance.tokens import (
    OTHER_ISSUER,
    SIGNER,
    certificate,
    certificate_body,
    sign1,
    with_body,
)
from conformance.trust import Held, document, in_keys, key, trusting

NAMING = certificate_body({11: RECORD_ID})
RECORD = COMPLETE.token()
OTHERS = COMPLETE.with_claims({1: OTHER_ISSUER}).token()
TOGETHER = Finding("RECORD_LINK", "PASSED", "ok")
APART = Finding("RECORD_LINK", "FAILED", "other_record")
NOT_NAMED = Finding("RECORD_LINK", "NOT_APPLICABLE", "no_record_id")
NOT_RUN = Finding("RECORD_LINK", "NOT_RUN", "not_reached")
_EXPIRED = sign1(dumps({**with_body({11: RECORD_ID}), 4: 1793613601}))
_KID = (SIGNER.public_key.kid,)
TRUST = {
    "document": trusting(
        Held(document(), kids=_KID),
        Held(document(issuer=OTHER_ISSUER), name=OTHER_ISSUER, kids=_KID),
    ),
    "compromised": in_keys(key(revocation={0: 1, 1: 0})),
}
CASES = [
    LinkCase("record", "the record that is named", NAMING, RECORD, TOGETHER),
    LinkCase("share", "a share of it", NAMING, share(), TOGETHER),
    LinkCase("nothing shown", "whatever is withheld", NAMING, COMPLETE.showing().token(), TOGETHER),
    LinkCase("expired certificate", "it says nothing of either", _EXPIRED, RECORD, TOGETHER),
    LinkCase("no record_id", "none is named", certificate(), RECORD, NOT_NAMED),
    LinkCase("another record", "another id", certificate_body({11: bytes(10)}), RECORD, APART),
    LinkCase("another issuer's", "the same id of another issuer", NAMING, OTHERS, APART),
    LinkCase("broken certificate", "no statement", NAMING[:-1] + b"\0", RECORD, NOT_RUN),
    LinkCase("broken record", "no statement", NAMING, RECORD[:-1] + b"\0", NOT_RUN),
    LinkCase("broken, no record_id", "no statement", certificate()[:-1] + b"\0", RECORD, NOT_RUN),
    LinkCase("compromised key", "no statements", NAMING, RECORD, NOT_RUN, "compromised"),
]
TOPIC = Topic(
    "record-links",
    "Section 15.9: whether a certificate and a course record belong together.",
    TRUST,
    CASES,
)
