"""Processes that work for one: in order, a few ahead, and with words for what goes wrong."""

import os
import signal
from pathlib import Path

import pytest

from signedcert.bulk.run.errors import RunError
from signedcert.bulk.run.pool import Processes, in_processes, result_of
from signedcert.errors import DecodeError, KeyFileError, Reason


class Here:
    factor = 0


def start(factor):
    if factor < 0:
        raise KeyFileError("the key cannot be opened")
    Here.factor = factor


def work(item):
    if item == "refuse":
        raise DecodeError(Reason.TOO_LARGE, "it is too large")
    if item == "missing":
        Path("/nonexistent/file").read_bytes()
    if item == "fault":
        raise ZeroDivisionError("a fault")
    if item == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "pandas":
        try:
            import pandas  # noqa: F401
        except ImportError:
            return "out"
        return "in"
    return item * Here.factor


def test_results_come_in_order_and_items_are_taken_a_few_ahead():
    taken = []

    def items():
        for number in range(40):
            taken.append(number)
            yield number

    with Processes(2, start, (3,)) as processes:
        results = processes.map(work, items())
        assert next(results) == 0
        assert len(taken) <= 5
        assert [*results] == [3 * number for number in range(1, 40)]
        with pytest.raises(RunError, match=r"^it is too large$"):
            result_of(processes.submit(work, "refuse"))
        with pytest.raises(RunError, match=r"^/nonexistent/file: No such file or directory$"):
            result_of(processes.submit(work, "missing"))
        with pytest.raises(ZeroDivisionError):
            result_of(processes.submit(work, "fault"))
        assert result_of(processes.submit(work, "pandas")) == "out"
        # None of that ended them.
        assert [*processes.map(work, [5])] == [15]
        with pytest.raises(RunError, match="a worker process ended before its work was done"):
            result_of(processes.submit(work, "die"))
        with pytest.raises(RunError, match="a worker process ended"):
            processes.submit(work, 1)


def test_what_could_not_be_started_is_told_in_its_own_words(capfd):
    with pytest.raises(RunError, match=r"^the key cannot be opened$"):
        list(in_processes(work, [1, 2], workers=1, start=start, start_args=(-1,)))
    assert capfd.readouterr() == ("", "")
