"""What comes of frames that are not as they should be."""

from conformance.expectations import fails, undecided

NOT_A_TOKEN = fails("FORMAT", "not_a_token")
NOT_DETERMINISTIC = fails("FORMAT", "not_deterministic")
MISSING, EXTRA = fails("FORMAT", "missing_header"), fails("FORMAT", "extra_header")
WRONG_TYPE = fails("FORMAT", "wrong_type")
WRONG_ALGORITHM = fails("FORMAT", "wrong_algorithm")
UNPROTECTED = fails("FORMAT", "unprotected_header")
TOO_LARGE, EMPTY = fails("FORMAT", "too_large"), fails("FORMAT", "empty_input")
NEWER = undecided("FORMAT", "newer_format")
