"""The guide's code is run as it stands, but for its folders, and comes to what it shows."""

import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cluster_school import PASSPHRASE, School
from spark_cluster import Cluster

from guide_blocks import GUIDES

sys.path.append(str(Path(__file__).parents[2] / "contract"))
from test_guides import BLOCKS, Code, Reader, steps

pytestmark = [
    pytest.mark.xdist_group("spark"),
    # It says so of every pandas that is newer than itself.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]

ENROLMENTS = [
    {"enrolment": 1000 + number, "passed": number != 4, "name": name}
    for number, name in enumerate(
        ("", "Ada Example", "Grace Example", "", "Alan Example", "Mary Example", "Emmy Example")
    )
][1:]


def test_the_code_of_the_guide_does_what_it_says(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = School.found(tmp_path / "school", datetime.now(UTC))
    assert school.key.passphrase is not None
    folders = {
        "/mnt/graduation": str(tmp_path / "graduation"),
        "/srv/school": str(school.workspace.folder),
        "/run/secrets/signing.pem": str(shutil.copy2(school.key.path, tmp_path / "signing.pem")),
        "/run/secrets/signing.passphrase": str(school.key.passphrase.path),
    }
    (tmp_path / "graduation").mkdir()
    beside = {"course": "Operations Management", "completed": date(2026, 10, 1)}
    enrolments = [each | beside for each in ENROLMENTS]
    pq.write_table(pa.Table.from_pylist(enrolments), tmp_path / "graduation" / "enrolments")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIGNEDCERT_PASSPHRASE", PASSPHRASE.decode())
    text = (GUIDES / "scale.md").read_text(encoding="utf-8")
    for shown, real in folders.items():
        text = text.replace(shown, real)
    reader, followed = Reader(), steps(text)
    of_spark = [
        each for each in followed if not isinstance(each, Code) or "import ray" not in each.source
    ]
    assert len(followed) - len(of_spark) == 1, "tests/on_ray runs that one"
    for step in of_spark:
        reader.follow(step)


def test_all_code_of_the_guide_stands_in_a_block_that_is_run() -> None:
    text = (GUIDES / "scale.md").read_text(encoding="utf-8")
    assert text.count("```") == 2 * len(BLOCKS.findall(text))
