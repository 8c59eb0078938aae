"""Many cases in one test, which names every one that fails.

Where there are thousands, a test of its own for each would take longer than the cases.
"""

from collections.abc import Callable, Iterable, Sequence

import pytest

#: Its name, and what it is checked with.
Case = tuple[str, Sequence[object]]


def check_each(check: Callable[..., object], cases: Iterable[Case]) -> None:
    """Calls the check with the arguments of every case, whichever fail.

    :raises BaseExceptionGroup: when any failed: what each raised, with its name.
    """
    faults: list[BaseException] = []
    checked = 0
    for name, arguments in cases:
        checked += 1
        try:
            check(*arguments)
        # None keeps the others from being checked. What pytest raises is no Exception.
        except (Exception, pytest.fail.Exception) as fault:  # noqa: BLE001
            fault.add_note(f"in the case {name}")
            faults.append(fault)
    assert checked, "there are no cases"
    if faults:
        raise BaseExceptionGroup(f"{len(faults)} of {checked} cases failed", faults)
