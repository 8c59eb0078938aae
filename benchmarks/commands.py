"""The commands that a user types for many certificates, with all that a process takes."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import ipc

from benchmarks import roster
from benchmarks.bulk_issuer import Issuer
from signedcert.workspace.workspace import Workspace

PROGRAM = Path(sys.executable).with_name("signedcert")


@dataclass(frozen=True, slots=True)
class Graduation:
    """A roster, and a fresh workspace that its certificates come from; all in one folder."""

    folder: Path
    rows: int
    roster: Path
    mapping: Path
    issuer: Issuer

    @classmethod
    def new(cls, folder: Path, rows: int, courses: Path | None = None) -> "Graduation":
        """With a roster of so many rows."""
        folder.mkdir(parents=True)
        file = folder / "roster.csv"
        mapping = roster.write(file, rows, courses)
        return cls(folder, rows, file, mapping, Issuer.new(folder / "workspace"))

    @property
    def certificates(self) -> Path:
        """What was issued."""
        return self.folder / "certificates.parquet"

    @property
    def verdicts(self) -> Path:
        """What was said of it."""
        return self.folder / "verdicts.parquet"

    @property
    def ledger(self) -> Path:
        """The ledger's SQLite file."""
        return Workspace.open(self.issuer.folder).ledger_file

    def issued_rows(self) -> int:
        """How many rows of a run that is under way are done for good."""
        parts = sorted(Path(f"{self.certificates}.partial").glob("part-*.arrow"))
        if not parts:
            return 0
        with pa.OSFile(str(parts[0])) as file, ipc.open_file(file) as reader:
            rows: int = reader.get_batch(0).num_rows
        return min(rows * len(parts), self.rows)

    def issue(self) -> list[str | Path]:
        """The command that issues."""
        command: list[str | Path] = [PROGRAM, "bulk", "issue", self.roster]
        command += ["--mapping", self.mapping, "--workspace", self.issuer.folder]
        return [*command, "--out", self.certificates]

    def verify(self) -> list[str | Path]:
        """The command that verifies, with the keys and status lists of this moment."""
        bundle = self.folder / "trust.bundle"
        bundle.write_bytes(self.issuer.bundle())
        command: list[str | Path] = [PROGRAM, "bulk", "verify", self.certificates]
        return [*command, "--trust", bundle, "--out", self.verdicts]
