"""Hypothesis profiles. `--hypothesis-profile=long` looks far longer; `make fuzz` runs it."""

import os
from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("default", max_examples=60, deadline=None, suppress_health_check=_SLOW)
# CI finds what it finds again: the same examples for the same code.
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.register_profile("long", max_examples=5000, deadline=None, suppress_health_check=_SLOW)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(autouse=True, scope="session")
def _not_waiting_for_the_disk() -> Iterator[None]:
    """No test turns the power off. What is to be flushed must be open, all the same.

    Processes that tests start wait for the disk as users' processes do.
    """
    with mock.patch.object(os, "fsync", os.fstat):
        yield
