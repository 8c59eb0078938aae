"""A workspace to measure with: its certificates have places in status lists, as real ones have."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.content import ISSUER, PAGE
from signedcert.bulk import IssuePlan
from signedcert.crypto.signer import Signer
from signedcert.model.issuer_document import KeyUse
from signedcert.workspace.creation import Plan, Secrets, create_workspace
from signedcert.workspace.publication import own_trust
from signedcert.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whatever a process needs to issue and to verify; picklable."""

    folder: Path
    now: datetime

    @classmethod
    def new(cls, folder: Path) -> "Issuer":
        """With fresh keys in the clear, made a day ago; it signs for nobody but the benchmark."""
        now = datetime.now(UTC).replace(microsecond=0)
        plan = Plan(issuer=ISSUER, page=PAGE, now=now - timedelta(days=1))
        create_workspace(folder, plan, lambda: Secrets(None, None))
        return cls(folder, now)

    def signer(self) -> Signer:
        """The key that signs certificates."""
        return Workspace.open(self.folder).signer(KeyUse.STATEMENTS, self.now, _never_asked)

    def plan(self, rows: int) -> IssuePlan:
        """For so many certificates, with places in status lists reserved for them."""
        with Workspace.open(self.folder).open_ledger(self.now) as ledger:
            blocks = tuple(ledger.allocate_block(rows))
            return IssuePlan(ISSUER, self.now, ledger.id_key(), blocks, PAGE)

    def bundle(self) -> bytes:
        """What a verifier has who fetched everything at this moment: keys and status lists."""
        now = datetime.now(UTC).replace(microsecond=0)
        return own_trust(Workspace.open(self.folder), _never_asked, now).to_bundle()


def _never_asked(_: Path) -> bytes:
    raise AssertionError("the keys are in the clear")
