"""Whether a run was what it should be, told without signedcert: pyarrow, SQLite, cbor2, OpenSSL."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cbor2
import pyarrow.compute as pc
import pyarrow.parquet as pq
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

#: Labels of CWT claims (RFC 8392): the id; and our own for the body, where the place stands.
_CTI, _BODY, _STATUS = 7, -65537, 12
#: Every so many signatures are verified: OpenSSL takes a minute and a half for a million.
_SIGNATURES = 50


def distinct(certificates: Path) -> dict[str, int]:
    """How many different ones there are, by the columns of the file."""
    found = {}
    for name in ("key", "code", "token", "link"):
        column = pq.read_table(certificates, columns=[name])[name]
        found[name] = pc.count_distinct(column.combine_chunks(), mode="only_valid").as_py()
    places = pq.read_table(certificates, columns=["status_list", "status_index"])
    found["place"] = places.group_by(["status_list", "status_index"]).aggregate([]).num_rows
    return found


class InsideTokens(NamedTuple):
    """:ivar counts: of different things. :ivar signatures: how many of them were verified."""

    counts: dict[str, int]
    signatures: int


def inside_tokens(certificates: Path, public_key: bytes) -> InsideTokens:
    """What the tokens say themselves."""
    key = Ed25519PublicKey.from_public_bytes(public_key)
    ids: set[bytes] = set()
    places: set[tuple[int, int]] = set()
    verified = 0
    for number, token in enumerate(_tokens(certificates)):
        protected, _, payload, signature = cbor2.loads(token).value
        claims = cbor2.loads(payload)
        ids.add(claims[_CTI])
        places.add(tuple(claims[_BODY][_STATUS]))
        if number % _SIGNATURES == 0:
            key.verify(signature, cbor2.dumps(["Signature1", protected, b"", payload]))
            verified += 1
    counts = {"id inside the tokens": len(ids), "place inside the tokens": len(places)}
    return InsideTokens(counts, verified)


def in_ledger(ledger: Path) -> dict[str, int]:
    """What the ledger has: statements with a token, different ids and places."""
    with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as connection:
        count, ids, places = connection.execute(
            "SELECT count(*), count(DISTINCT id), count(DISTINCT (list << 40) + idx) "
            "FROM issued WHERE digest IS NOT NULL"
        ).fetchone()
        (healthy,) = connection.execute("PRAGMA integrity_check").fetchone()
        if healthy != "ok":
            raise AssertionError(f"SQLite finds the ledger damaged: {healthy}")
    return {
        "statement in the ledger": count,
        "id in the ledger": ids,
        "place in the ledger": places,
    }


def verdicts(file: Path) -> dict[str, int]:
    """How many certificates have each status."""
    column = pq.read_table(file, columns=["status"])["status"].combine_chunks()
    return {str(each["values"]): int(str(each["counts"])) for each in column.value_counts()}


def _tokens(certificates: Path) -> Iterator[bytes]:
    for batch in pq.ParquetFile(certificates).iter_batches(columns=["token"]):
        yield from batch["token"].to_pylist()
