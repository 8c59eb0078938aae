"""Spark in local mode: a JVM, and so many Python workers."""

import os
import sys

from pyspark.sql import SparkSession

from benchmarks.engine_workers.serving import TASKS, Given, serve
from signedcert.bulk import spark


def main() -> None:
    """Waits to be asked."""
    given = Given.here()
    session = _session(given)
    issuer = given.issuer
    placed = spark.with_positions(
        session.read.parquet(given.roster), given.place("roster"), task_rows=given.task_rows
    )
    plan, key = issuer.plan(placed.rows), given.key()
    bundle, issued = issuer.bundle(), given.place("issued")

    def issue() -> int:
        spark.issue(placed, plan, key).write.mode("overwrite").parquet(issued)
        return int(session.read.parquet(issued).where("error is null").count())

    def verify() -> int:
        tokens = session.read.parquet(issued).select("token").repartition(TASKS)
        verdicts = spark.verify(tokens, bundle, issuer.now)
        return int(verdicts.where("status = 'VALID'").count())

    serve(given, {"issue": issue, "verify": verify})


def _session(given: Given) -> SparkSession:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": given.place("local"),
        "spark.sql.warehouse.dir": given.place("warehouse"),
    }
    builder = SparkSession.builder.master(f"local[{given.workers}]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


if __name__ == "__main__":
    main()
