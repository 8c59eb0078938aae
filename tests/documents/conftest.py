"""Printers, whose fonts are read once."""

from collections.abc import Iterator

import pytest

from signedcert.documents import Design, Paper, Printer, Theme


@pytest.fixture(scope="session")
def classic() -> Iterator[Printer]:
    with Printer() as printer:
        yield printer


@pytest.fixture(scope="session")
def modern() -> Iterator[Printer]:
    with Printer(Theme(design=Design.MODERN), Paper.US_LETTER) as printer:
        yield printer


@pytest.fixture(params=["classic", "modern"])
def printer(request: pytest.FixtureRequest) -> Printer:
    """Both designs, one on each paper."""
    found: Printer = request.getfixturevalue(request.param)
    return found
