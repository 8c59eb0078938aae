"""Batches in, batches out: pure functions, without files, clock, network or randomness.

A bad row becomes a row with its error and never stops the batch. What a run or an engine makes of
the batches, such as processes, parts and retries, stands elsewhere.
"""

from signedcert.bulk.kernel.issuing import issue_batch
from signedcert.bulk.kernel.plan import IssuePlan, SignerFactory
from signedcert.bulk.kernel.preparing import Prepared, prepare, sign_prepared
from signedcert.bulk.kernel.schemas import DETAILED_VERDICTS, ISSUED, ROSTER, VERDICTS
from signedcert.bulk.kernel.verifying import verify_batch

__all__ = [
    "DETAILED_VERDICTS",
    "ISSUED",
    "ROSTER",
    "VERDICTS",
    "IssuePlan",
    "Prepared",
    "SignerFactory",
    "issue_batch",
    "prepare",
    "sign_prepared",
    "verify_batch",
]
