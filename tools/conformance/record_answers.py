"""What comes of records that are not as they should be."""

from conformance.expectations import Answer, fails, undecided
from conformance.record_tokens import OF_RECORD

VIOLATION = OF_RECORD.but(fails("SCHEMA", "schema_violation"))
BROKEN = OF_RECORD.but(fails("SCHEMA", "not_deterministic"))
MISMATCH = OF_RECORD.but(fails("SCHEMA", "disclosure_mismatch"))
UNKNOWN_FIELD = OF_RECORD.but(undecided("SCHEMA", "unknown_field"))
UNKNOWN_VALUE = OF_RECORD.but(undecided("SCHEMA", "unknown_value"))
#: A record that has nothing to disclose.
BARE = OF_RECORD.showing(
    dict.fromkeys(("learner", "final_score", "assessments", "identity_checks"))
)
SALT = bytes(16)
#: Name, what is special or wrong, token, and answer.
Row = tuple[str, str, bytes, Answer]
