"""A Spark of the tests' own: a master and two executors of one core each.

A master of its own, because a worker that is lost with its executor is what clusters are about;
and with Debian's Java. Everything listens on 127.0.0.1 alone.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyspark
import pytest
from pyspark.sql import SparkSession

_SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Cluster:
    """A session; and the folders of its event log, its executors' logs, and the tests' own."""

    session: SparkSession
    folder: Path

    @property
    def events(self) -> Path:
        return self.folder / "events"

    @property
    def logs(self) -> Path:
        return self.folder / "home" / "work"

    def event_text(self) -> str:
        """All that the event log says so far."""
        files = [each for each in self.events.rglob("events_*") if each.is_file()]
        return "\n".join(each.read_text() for each in files)


@contextmanager
def started(folder: Path) -> Iterator[Cluster]:
    if shutil.which("java") is None:
        pytest.fail("Spark needs Java: sh tools/bootstrap_bulk.sh")
    (folder / "events").mkdir()
    # Executors write their logs below Spark's own folder, so it gets one here.
    (folder / "home").mkdir()
    for each in Path(pyspark.__file__).parent.iterdir():
        if each.name != "work":
            (folder / "home" / each.name).symlink_to(each)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", str(folder / "home"))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        # The workers import the signers that lose them.
        patch.setenv("PYTHONPATH", str(HERE), prepend=os.pathsep)
        builder = SparkSession.builder.master("local-cluster[2,1,1024]")
        for name, value in _settings(folder).items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        yield Cluster(session, folder)
        session.stop()


def _settings(folder: Path) -> dict[str, str]:
    return {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "512m",
        "spark.executor.memory": "1g",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        # Where moments would shift that somebody takes for local time.
        "spark.sql.session.timeZone": "Asia/Kolkata",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": (folder / "events").as_uri(),
        "spark.eventLog.compress": "false",
        "spark.task.maxFailures": "3",
        # How soon the files of an executor that was killed are given up.
        "spark.shuffle.io.retryWait": "200ms",
        # Starting takes longer than all that is computed here.
        "spark.driver.extraJavaOptions": _SHORT_LIVED,
        "spark.executor.extraJavaOptions": _SHORT_LIVED,
        "spark.sql.codegen.wholeStage": "false",
    }
