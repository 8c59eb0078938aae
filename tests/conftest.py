"""Hypothesis profiles. `--hypothesis-profile=long` looks far longer; `make fuzz` runs it."""

import os
import sys
from collections.abc import Generator, Iterator
from typing import Any
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


#: Modules whose tests cover nothing of the core that others do not. Measuring what they cover
#: would take longer than running them.
_NOT_MEASURED = {
    *("test_adoption", "test_by_code", "test_callable_signer", "test_closing", "test_key_changes"),
    *("test_document_variables", "test_documents_compared", "test_preview", "test_permutations"),
    *("test_fetch_addresses", "test_fetch_responses", "test_fetch_tls", "test_key_files"),
    *(
        "test_ledger",
        "test_ledger_kills",
        "test_ledger_migration",
        "test_ledger_restores",
        "test_ledger_bulk",
    ),
    *("test_ledger_shares", "test_ledger_status", "test_own_shares", "test_permutation"),
    *("test_pkcs11", "test_pkcs11_uri", "test_publication", "test_published_sites", "test_qr"),
    *("test_qr_symbols", "test_reissue", "test_signer_contract", "test_site_checks"),
    *("test_share_readings", "test_shares", "test_site_crashes"),
    *("test_site_files", "test_site_folder", "test_site_place", "test_status_vectors"),
    *("test_tampering", "test_trust", "test_web_page", "test_workspace"),
}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Takes away meanwhile what measures coverage.

    The marker no_cover of pytest-cov does not, where tests are distributed over processes.
    """
    if item.path.stem not in _NOT_MEASURED:
        return (yield)
    measuring = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(measuring)
