"""The roster of the acceptance run is as distinct as it is said to be, whatever reads it."""

import csv
from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks import roster
from benchmarks.spread import Goal

import signedcert as sc


def _rows(count, batch_rows=roster.BATCH_ROWS):
    return pa.Table.from_batches(roster.batches(count, batch_rows=batch_rows))


def test_no_two_rows_are_alike_even_without_their_keys():
    table = _rows(100_000)
    names = table["learner"].combine_chunks().field("name")
    titles = table["course"].combine_chunks().field("title")
    seen = pa.table({"name": names, "title": titles, "day": table["completed_on"]})
    assert seen.group_by(seen.column_names).aggregate([]).num_rows == 100_000
    assert len(set(table["key"].to_pylist())) == 100_000


def test_rows_do_not_depend_on_how_many_there_are_or_how_they_are_batched():
    assert _rows(500, 37).combine_chunks() == _rows(2000).slice(0, 500).combine_chunks()


def test_every_row_makes_a_certificate():
    signer = sc.SoftwareSigner(bytes(32))
    made = list(islice(roster.certificates(5000), 0, None, 10))
    assert len({sc.issue(each, signer) for each in made}) == 500


def test_csv_and_parquet_say_the_same(tmp_path):
    for name in ("roster.csv", "roster.parquet"):
        roster.write(tmp_path / name, 300)
    with (tmp_path / "roster.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    for of_csv, of_parquet in zip(
        written, pq.read_table(tmp_path / "roster.parquet").to_pylist(), strict=True
    ):
        of_parquet["skills"] = "; ".join(of_parquet["skills"])
        assert of_csv == {name: str(value or "") for name, value in of_parquet.items()}


def test_more_rows_than_there_are_combinations_are_refused():
    with pytest.raises(ValueError, match="only"):
        next(roster.batches(10**12))


@pytest.mark.parametrize(
    ("found", "at_most", "met"),
    [(0.596, False, True), (0.594, False, False), (0.604, True, True), (0.606, True, False)],
)
def test_a_goal_is_met_by_the_digits_that_are_printed(found, at_most, met):
    goal = Goal("a ratio", found, 0.60, at_most)
    assert goal.met is met
    assert goal.row().endswith("| met |" if met else "| **missed** |")
