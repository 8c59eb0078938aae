import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cluster_school import NOW, School, assert_each_row_has_one_credential, rows
from losing_signers import LosingWorkers, markers
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, functions
from spark_cluster import Cluster

import signedcert as sc
from signedcert.bulk import DETAILED_VERDICTS, IssuePlan, spark, verify_batch
from signedcert.bulk.positions import Placed, PositionsError

pytestmark = [
    pytest.mark.xdist_group("spark"),
    # It says so of every pandas that is newer than itself.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]

COUNT = 600


@pytest.fixture(scope="module")
def placed(cluster: Cluster) -> Placed[DataFrame]:
    """In files, from a lineage that gives another order each time that it is computed."""
    roster = cluster.session.createDataFrame(pa.Table.from_pylist(rows(COUNT)))
    shuffled = roster.repartition(2).orderBy(functions.rand())
    return spark.with_positions(shuffled, str(cluster.folder / "roster"), task_rows=150)


@pytest.fixture(scope="module")
def roster(placed: Placed[DataFrame]) -> pa.Table:
    return placed.frame.toArrow()


@pytest.fixture(scope="module")
def plan(school: School) -> IssuePlan:
    return school.plan(COUNT)


@pytest.fixture(scope="module")
def issued(cluster: Cluster, placed: Placed[DataFrame], plan: IssuePlan, school: School) -> Path:
    """What a job wrote that nothing happened to."""
    folder = cluster.folder / "issued"
    spark.issue(placed, plan, school.key).write.parquet(str(folder))
    return folder


def test_each_row_has_the_credential_that_one_process_makes_of_it(
    school: School, roster: pa.Table, plan: IssuePlan, issued: Path
) -> None:
    assert_each_row_has_one_credential(school, pq.read_table(issued), roster, plan)


def test_verdicts_stand_beside_what_was_kept_and_are_those_of_one_process(
    cluster: Cluster, school: School, issued: Path
) -> None:
    presented = cluster.session.read.parquet(str(issued)).select("key", "link")
    trust = school.trust()
    verdicts = spark.verify(presented, trust.to_bundle(), NOW, keep=("key",), details=True)
    found = verdicts.toArrow().sort_by("key")
    links = pq.read_table(issued, columns=["key", "link"]).sort_by("key")
    [batch] = links.combine_chunks().to_batches()
    expected = verify_batch(batch, trust, NOW, details=True)
    assert found.column("key").to_pylist() == batch.column("key").to_pylist()
    for name in DETAILED_VERDICTS.names:
        assert found.column(name).to_pylist() == expected.column(name).to_pylist(), name


def test_moments_are_the_same_in_every_time_zone_of_a_session(
    cluster: Cluster, school: School, issued: Path
) -> None:
    assert cluster.session.conf.get("spark.sql.session.timeZone") == "Asia/Kolkata"
    token = pq.read_table(issued).column("token").drop_null()[0].as_py()
    certificate = sc.verify(token, school.trust(), now=NOW).statement
    assert isinstance(certificate, sc.Certificate)
    assert certificate.issued_at == NOW
    assert certificate.valid_from == rows(1)[0]["valid_from"]
    assert certificate.expires_at == rows(1)[0]["expires_at"]


def test_what_could_not_be_done_is_refused_before_any_worker_starts(
    cluster: Cluster, placed: Placed[DataFrame], plan: IssuePlan, school: School
) -> None:
    roster, folder = placed.frame.drop("position"), str(cluster.folder / "refused")
    with pytest.raises(ValueError, match="no certificate has the column email"):
        spark.with_positions(roster.withColumn("email", functions.lit("a@example.org")), folder)
    local = roster.withColumn("valid_from", functions.col("valid_from").cast("timestamp_ntz"))
    with pytest.raises(ValueError, match="valid_from have no time zone"):
        spark.with_positions(local, folder)
    with pytest.raises(AnalysisException, match="already exists"):
        spark.with_positions(roster, str(cluster.folder / "roster"))
    with pytest.raises(ValueError, match="give rows with_positions"):
        spark.issue(roster, plan, school.key)
    with pytest.raises(ValueError, match="a verdict has a column status, too"):
        spark.verify(roster, school.trust().to_bundle(), NOW, keep=("status",))
    with pytest.raises(ValueError, match="time zone"):
        spark.verify(roster, school.trust().to_bundle(), NOW.replace(tzinfo=None))


def test_a_roster_in_files_has_the_same_positions_whenever_it_is_read(
    cluster: Cluster, roster: pa.Table
) -> None:
    again = spark.positions_in(cluster.session, str(cluster.folder / "roster"))
    assert again.rows == COUNT
    assert again.frame.toArrow().sort_by("position").equals(roster.sort_by("position"))
    assert sorted(roster.column("position").to_pylist()) == list(range(COUNT))


@pytest.mark.usefixtures("placed")  # it writes the files
def test_a_roster_in_files_that_are_not_as_they_were_written_is_refused(
    cluster: Cluster, tmp_path: Path
) -> None:
    for change in ("twice", "missing", "one for another"):
        folder = tmp_path / change
        shutil.copytree(cluster.folder / "roster", folder)
        file = max(folder.glob("part-*.parquet"))
        if change == "twice":
            shutil.copy(file, folder / "part-99999.parquet")
        else:
            rows = pq.read_table(file)
            others = rows.slice(1, 1) if change == "one for another" else rows.slice(0, 0)
            pq.write_table(pa.concat_tables([others, rows.slice(1)]), file)
            (folder / f".{file.name}.crc").unlink()
        with pytest.raises(PositionsError, match="rows are missing, or there twice"):
            spark.positions_in(cluster.session, str(folder))


def test_rows_that_are_computed_twice_have_one_credential(
    school: School, placed: Placed[DataFrame], roster: pa.Table, plan: IssuePlan
) -> None:
    one, other = (spark.issue(placed, plan, school.key) for _ in range(2))
    found = one.unionAll(other).distinct().toArrow()
    assert_each_row_has_one_credential(school, found, roster, plan)


@pytest.mark.parametrize("whole_executor", [False, True], ids=["process", "executor"])
def test_a_worker_that_is_killed_midway_changes_nothing(
    school: School,
    placed: Placed[DataFrame],
    roster: pa.Table,
    plan: IssuePlan,
    tmp_path: Path,
    whole_executor: bool,
) -> None:
    signer = LosingWorkers(school.key, tmp_path, 50, 1 if whole_executor else 2, whole_executor)
    found = spark.issue(placed, plan, signer).toArrow()
    assert markers(tmp_path) == signer.times, "no worker was lost"
    assert len(list(tmp_path.glob("opened-*"))) > signer.times, "no worker took over"
    assert_each_row_has_one_credential(school, found, roster, plan)
