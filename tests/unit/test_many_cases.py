"""No case that fails goes unnoticed where many are checked in one test."""

import pytest

from many_cases import check_each


def test_all_are_checked_and_each_that_fails_is_named():
    seen = []

    def check(number, limit):
        seen.append(number)
        if number == 7:
            pytest.fail("seven")
        assert number < limit

    cases = [(f"number {number}", (number, 8)) for number in range(10)]
    with pytest.raises(BaseExceptionGroup, match="3 of 10 cases failed") as caught:
        check_each(check, cases)
    assert seen == [*range(10)]
    names = [each.__notes__ for each in caught.value.exceptions]
    assert names == [[f"in the case number {number}"] for number in (7, 8, 9)]
    check_each(check, cases[:7])


def test_cases_that_are_not_there_are_no_success():
    with pytest.raises(AssertionError, match="no cases"):
        check_each(print, [])


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_an_end_of_the_process_ends_it(end):
    def check():
        raise end

    with pytest.raises(end):
        check_each(check, [("one", ())])
