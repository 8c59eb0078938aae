"""One school, and one Spark for all tests: starting it takes longer than all they do with it."""

from collections.abc import Iterator

import pytest
from cluster_school import School
from spark_cluster import Cluster, started


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> School:
    return School.found(tmp_path_factory.mktemp("school"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with started(tmp_path_factory.mktemp("spark")) as cluster:
        yield cluster
