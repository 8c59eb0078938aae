"""Ray in one machine: so many actors, and processes that read and write for them."""

import os
import secrets
from pathlib import Path

import ray
from ray.data import ActorPoolStrategy, Dataset, read_parquet

from benchmarks.engine_workers.serving import Given, Step, serve
from signedcert.bulk import ray as on_ray
from signedcert.bulk.positions import Placed

#: Rows of a job that hardly does more than start its actors.
_FEW = 64


def main() -> None:
    """Waits to be asked."""
    given = Given.here()
    _start(given)
    issuer, compute = given.issuer, ActorPoolStrategy(size=given.workers)
    placed = on_ray.with_positions(
        read_parquet(given.roster), given.place("roster"), task_rows=given.task_rows
    )
    plan, key, bundle = issuer.plan(placed.rows), given.key(), issuer.bundle()
    options = {"compute": compute, "batch_size": given.task_rows}

    def steps(rows: Dataset) -> dict[str, Step]:
        # In memory: Ray would start processes to read and to write for each job, too.
        rows = rows.materialize()
        roster = Placed(rows, placed.rows)
        tokens = on_ray.issue(roster, plan, key, **options).select_columns(["token"]).materialize()
        return {
            "issue": lambda: _count(on_ray.issue(roster, plan, key, **options), "token"),
            "verify": lambda: _count(
                on_ray.verify(tokens, bundle, issuer.now, **options), "status", "VALID"
            ),
        }

    few = placed.frame.limit(_FEW).repartition(2 * given.workers)
    serve(given, steps(placed.frame), steps(few))


def _count(dataset: Dataset, column: str, value: str | None = None) -> int:
    """How many rows have the value in the column; None: any but null."""
    batches = dataset.iter_batches(batch_format="pyarrow", batch_size=None)
    values = (each for batch in batches for each in batch.column(column).to_pylist())
    return sum(each is not None and value in (None, each) for each in values)


def _start(given: Given) -> None:
    os.environ["RAY_DATA_DISABLE_PROGRESS_BARS"] = "1"
    # Otherwise Ray keeps one in the user's home.
    os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
    Path(given.place("r")).mkdir()
    ray.init(
        # As many again for those that read and write: actors keep theirs.
        num_cpus=given.workers + 2,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="error",
        _node_ip_address="127.0.0.1",
        _temp_dir=given.place("r"),
        object_store_memory=256 << 20,
    )


if __name__ == "__main__":
    main()
