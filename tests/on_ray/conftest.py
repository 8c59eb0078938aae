"""One school, and one Ray for all tests: ``make bench`` runs them, in an environment with Ray.

The development set has none, for it is as large as all the rest.
"""

import os
import secrets
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

if find_spec("ray") is None:
    collect_ignore_glob = ["test_*.py"]
else:
    import ray
    from cluster_school import School


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> "School":
    return School.found(tmp_path_factory.mktemp("school"))


@pytest.fixture(scope="session")
def session() -> Iterator[Path]:
    """The folder of Ray's session: logs, and all else that it writes down."""
    # Short, for it has sockets in it, too.
    with TemporaryDirectory(prefix="ray-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        # Otherwise Ray keeps one in the user's home.
        patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        patch.setenv("RAY_DATA_DISABLE_PROGRESS_BARS", "1")
        ray.init(
            # Two for actors; those that read and write wait for others.
            num_cpus=4,
            include_dashboard=False,
            _node_ip_address="127.0.0.1",
            _temp_dir=folder,
            object_store_memory=256 << 20,
        )
        yield Path(folder)
        ray.shutdown()
