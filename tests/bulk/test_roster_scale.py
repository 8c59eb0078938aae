import csv
import tracemalloc

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from signedcert.bulk.roster import open_roster
from vector_files import VECTORS

HEADER = ("key", "learner", "course", "institution", "completed_on")
ROWS = 100_000


def row(number):
    return (f"E{number}", f"Learner number {number}", "Operations", "Penn", "2026-11-02")


@pytest.fixture(scope="module")
def large_csv(tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "r.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(map(row, range(ROWS)))
    return path


def test_the_memory_of_reading_csv_does_not_grow_with_the_file(large_csv):
    assert large_csv.stat().st_size > 5_000_000
    with open_roster(large_csv, batch_rows=500) as roster:
        next(roster.batches())  # what is imported when it is first needed counts once
    count = arrow = 0
    before = pa.total_allocated_bytes()
    tracemalloc.start()
    with open_roster(large_csv, batch_rows=500) as roster:
        for batch in roster.batches():
            count += batch.num_rows
            arrow = max(arrow, pa.total_allocated_bytes() - before)
            assert 0 < roster.bytes_read <= roster.bytes_total
    python = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == ROWS
    assert python < 6_000_000  # its rows as lists of text would be 40 million
    assert arrow < 1_000_000


def test_the_memory_of_reading_one_large_row_group_does_not_grow_with_it(tmp_path):
    columns = list(zip(*map(row, range(ROWS)), strict=True))
    path = tmp_path / "r.parquet"
    pq.write_table(
        pa.table(dict(zip(HEADER, map(pa.array, columns), strict=True))),
        path,
        row_group_size=ROWS,
        use_dictionary=False,
        compression="none",
    )
    del columns
    assert path.stat().st_size > 5_000_000
    before = pa.total_allocated_bytes()
    count = most = 0
    with open_roster(path, batch_rows=500) as roster:
        for batch in roster.batches():
            count += batch.num_rows
            most = max(most, pa.total_allocated_bytes() - before)
    assert count == ROWS
    assert most < 4_000_000


def test_batches_depend_on_the_file_and_their_size_alone(large_csv):
    def batches(rows):
        with open_roster(large_csv, batch_rows=rows) as roster:
            return list(roster.batches())

    first = batches(7_000)
    assert first == batches(7_000)
    assert [each.num_rows for each in first] == [7_000] * 14 + [2_000]
    assert pa.Table.from_batches(first) == pa.Table.from_batches(batches(100_000))


def test_names_of_all_countries_come_back_as_they_are(tmp_path):
    with (VECTORS / "names-by-country" / "common-forenames-by-country.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        names = sorted({each["Localized Name"].strip() for each in csv.DictReader(file)} - {""})
    path = tmp_path / "r.csv"
    with path.open("w", encoding="utf-16", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER[1:])
        writer.writerows((name, "C", "I", "2026-11-02") for name in names)
    with open_roster(path) as roster:
        read = [row for batch in roster.batches() for row in batch.to_pylist()]
    assert len(read) > 1000
    assert [row["learner"]["name"] for row in read] == names
    assert not any(row["reading_error"] for row in read)
