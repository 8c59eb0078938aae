"""The columns of a run: of its parts, and of its result."""

from typing import Final

import pyarrow as pa

#: What a row got: it was signed in this run, or it had its certificate before.
ISSUED_NOW: Final = "issued"
KNOWN: Final = "known"

#: What is handed out: one row for each row of the roster that has a certificate, in their order.
RESULT: pa.Schema = pa.schema(
    [
        ("line", pa.int64()),
        ("key", pa.string()),
        ("outcome", pa.string()),
        ("code", pa.string()),
        ("token", pa.binary()),
        ("link", pa.string()),
        ("status_list", pa.int64()),
        ("status_index", pa.int64()),
        ("learner", pa.string()),
        ("course", pa.string()),
    ]
)

#: What a part has: every row of a chunk, with an error or with all that the result has. The column
#: ``repeats`` says that its certificate was issued since the run began, to an earlier row or by
#: another process; ``unprinted`` why it could not be printed.
PART: pa.Schema = pa.schema(
    [*RESULT, ("repeats", pa.bool_()), ("unprinted", pa.string()), ("error", pa.string())]
)
