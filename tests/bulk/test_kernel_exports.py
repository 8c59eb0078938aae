"""What the package offers, and what it loads for that."""

import subprocess
import sys

import pytest

from signedcert import bulk
from signedcert.bulk.run.planning import plan_for
from signedcert.bulk.run.recording import record_issued


def test_all_names_are_there():
    assert {name for name in bulk.__all__ if not hasattr(bulk, name)} == set()
    assert (bulk.plan_for, bulk.record_issued) == (plan_for, record_issued)
    with pytest.raises(AttributeError, match=r"signedcert\.bulk.* has no attribute 'plans'"):
        _ = bulk.plans


def test_workers_load_no_more_than_they_need():
    program = """
import sys, signedcert.bulk
print([name for name in sys.modules if name.startswith("signedcert.bulk.run")])
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
