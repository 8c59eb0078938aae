"""Ray Data, really: two worker processes, of which one is killed midway."""

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import ray
from cluster_school import NOW, School, assert_each_row_has_one_credential, rows
from losing_signers import LosingWorkers, markers
from ray import cloudpickle
from ray.data import ActorPoolStrategy, Dataset

from guide_blocks import block
from signedcert.bulk import IssuePlan
from signedcert.bulk import ray as on_ray
from signedcert.bulk.positions import Placed, PositionsError
from signedcert.bulk.ray import _Issuing
from signedcert.bulk.run.planning import plan_for

# Ray itself uses what it has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

COUNT, BATCH = 2_000, 100
TWO = ActorPoolStrategy(size=2)


@pytest.fixture(scope="module")
def placed(session: Path) -> Placed[Dataset]:
    """In files, from blocks that come in another order each time."""
    roster = ray.data.from_arrow(pa.Table.from_pylist(rows(COUNT))).repartition(8)
    return on_ray.with_positions(
        roster.random_shuffle(), str(session / "roster"), task_rows=2 * BATCH
    )


@pytest.fixture(scope="module")
def roster(placed: Placed[Dataset]) -> pa.Table:
    return table_of(placed.frame)


@pytest.fixture(scope="module")
def plan(school: School) -> IssuePlan:
    return school.plan(COUNT)


def table_of(dataset: Dataset) -> pa.Table:
    """All rows; an empty block may have no columns."""
    blocks = ray.get(dataset.to_arrow_refs())
    return pa.concat_tables([each for each in blocks if each.num_rows])


def test_each_row_has_the_credential_that_one_process_makes_of_it(
    session: Path, school: School, placed: Placed[Dataset], roster: pa.Table, plan: IssuePlan
) -> None:
    issued = on_ray.issue(placed, plan, school.key, compute=TWO, batch_size=BATCH)
    issued.write_parquet(str(session / "issued"))
    found = pq.read_table(session / "issued")
    assert_each_row_has_one_credential(school, found, roster, plan)


def test_verdicts_stand_beside_what_was_kept(session: Path, school: School) -> None:
    presented = ray.data.read_parquet(str(session / "issued")).repartition(4)
    bundle = school.trust().to_bundle()
    verdicts = on_ray.verify(presented, bundle, NOW, keep=("key",), details=True, compute=TWO)
    found = table_of(verdicts).to_pylist()
    assert len(found) == COUNT
    for each in found:
        number = int(each["key"].removeprefix("enrolment-"))
        if number % 11 == 10:
            assert (each["status"], each["error"]) == (None, "there is nothing to check")
        else:
            assert (each["status"], each["learner"]) == ("VALID", f"Ada Example {number}")
            assert each["statement"]["valid_from"] == rows(1)[0]["valid_from"]


def test_a_worker_that_is_killed_midway_changes_nothing(
    school: School, placed: Placed[Dataset], roster: pa.Table, plan: IssuePlan, tmp_path: Path
) -> None:
    signer = LosingWorkers(school.key, tmp_path, 150, 2)
    found = table_of(on_ray.issue(placed, plan, signer, compute=TWO, batch_size=BATCH))
    assert markers(tmp_path) == 2, "no worker was lost"
    assert len(list(tmp_path.glob("opened-*"))) > 2, "no worker took over"
    assert_each_row_has_one_credential(school, found, roster, plan)


def test_a_roster_in_files_has_the_same_positions_whenever_it_is_read(
    session: Path, roster: pa.Table, tmp_path: Path
) -> None:
    again = on_ray.positions_in(str(session / "roster"))
    assert again.rows == COUNT
    assert table_of(again.frame).sort_by("position").equals(roster.sort_by("position"))
    assert sorted(roster.column("position").to_pylist()) == list(range(COUNT))
    shutil.copytree(session / "roster", tmp_path / "changed")
    file = max((tmp_path / "changed").glob("*.parquet"))
    shutil.copy(file, file.with_name("twice.parquet"))
    with pytest.raises(PositionsError, match="rows are missing, or there twice"):
        on_ray.positions_in(str(tmp_path / "changed"))
    with pytest.raises(ValueError, match="exists"):
        on_ray.with_positions(ray.data.from_arrow(roster.drop(["position"])), str(tmp_path))


def test_the_code_of_the_guide_does_what_it_says(school: School, tmp_path: Path) -> None:
    code = block("scale", containing="import ray").replace("/mnt/graduation", str(tmp_path))
    pq.write_table(pa.Table.from_pylist(rows(5)), tmp_path / "passed.parquet")
    names = {"school": school.workspace, "now": NOW, "signer": school.key, "plan_for": plan_for}
    exec(code.replace("ActorPoolStrategy(size=2)", "ActorPoolStrategy(size=1)"), names)
    assert code.endswith("issued.count()  # 5\n")
    assert names["issued"].count() == 5


def test_no_key_is_in_what_travels_nor_in_what_ray_writes_down(
    session: Path, school: School, plan: IssuePlan
) -> None:
    """After all other tests: also of the workers that were lost."""
    secrets = school.secrets()
    written = {
        str(each): each.read_bytes()
        for each in session.rglob("*")
        if each.is_file() and each.suffix != ".parquet"
    }
    assert any(b"_Issuing" in each for each in written.values())
    for place, content in written.items():
        for name, secret in secrets.items():
            assert secret not in content, f"{name} is in {place}"
    travels = cloudpickle.dumps((_Issuing, plan, school.key))
    assert school.key.path.name.encode() in travels
    del secrets["the key of ids"]  # it makes ids where the rows are
    for name, secret in secrets.items():
        assert secret not in travels, name
