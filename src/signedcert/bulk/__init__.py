"""Many certificates at once: Arrow batches in, Arrow batches out (extra ``bulk``).

::

    from signedcert import bulk

    issued = bulk.issue_batch(roster, plan, signer)       # columns bulk.ROSTER -> bulk.ISSUED
    checked = bulk.verify_batch(issued, trust, now)       # columns token or link -> bulk.VERDICTS

Both are pure functions, one row in, one row out; a bad row becomes a row with its error. So they
run on whatever runs batches: a pool of processes, ``DataFrame.mapInArrow``, ``map_batches``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

try:
    import_module("pyarrow")  # everything here needs it
except ImportError as _error:
    raise ImportError(
        "many certificates at once need pyarrow: pip install 'signedcert[bulk]'"
    ) from _error

from signedcert.bulk.kernel import (
    DETAILED_VERDICTS,
    ISSUED,
    ROSTER,
    VERDICTS,
    IssuePlan,
    SignerFactory,
    issue_batch,
    verify_batch,
)

if TYPE_CHECKING:
    from signedcert.bulk.run.planning import plan_for
    from signedcert.bulk.run.recording import record_issued

#: What needs a workspace is loaded when it is used: workers that have none import this, too.
_HOMES = {
    "plan_for": "signedcert.bulk.run.planning",
    "record_issued": "signedcert.bulk.run.recording",
}

__all__ = [
    "DETAILED_VERDICTS",
    "ISSUED",
    "ROSTER",
    "VERDICTS",
    "IssuePlan",
    "SignerFactory",
    "issue_batch",
    "plan_for",
    "record_issued",
    "verify_batch",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
