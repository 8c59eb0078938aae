"""A school that issues on a cluster: a workspace, its key as workers find it, a roster, a plan."""

import base64
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

import signedcert as sc
from signedcert.bulk import IssuePlan, issue_batch, verify_batch
from signedcert.bulk.signers import KeyFile, PassphraseFile
from signedcert.model.issuer_document import KeyUse
from signedcert.workspace.creation import Plan, Secrets, create_workspace
from signedcert.workspace.ledger import Block
from signedcert.workspace.publication import own_trust
from signedcert.workspace.workspace import Workspace

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
PASSPHRASE = b"correct horse battery staple"
#: So small that rows of one batch are in several lists.
LIST_SIZE = 256
ID_KEY = bytes(range(100, 132))


@dataclass(frozen=True)
class School:
    """A workspace whose signing key is encrypted, and what its workers need besides."""

    workspace: Workspace
    signer: sc.SoftwareSigner
    key: KeyFile

    @classmethod
    def found(cls, folder: Path, now: datetime = NOW) -> "School":
        plan = Plan(
            "learn.example.edu", "https://learn.example.edu/verify", now, list_size=LIST_SIZE
        )
        secrets = Secrets(PASSPHRASE, PASSPHRASE)
        workspace = create_workspace(folder / "workspace", plan, lambda: secrets)
        signer = workspace.signer(KeyUse.STATEMENTS, now, lambda _: PASSPHRASE)
        assert isinstance(signer, sc.SoftwareSigner)
        secret = folder / "passphrase"
        secret.touch(mode=0o600)
        secret.write_bytes(PASSPHRASE + b"\n")
        key = workspace.keys_folder / f"{signer.public_key.kid.hex()}.pem"
        return cls(workspace, signer, KeyFile(key, signer.public_key, PassphraseFile(secret)))

    def plan(self, rows: int) -> IssuePlan:
        with self.workspace.open_ledger(NOW) as ledger:
            blocks: list[Block] = ledger.allocate_block(rows)
        return IssuePlan(self.workspace.issuer, NOW, ID_KEY, tuple(blocks), self.workspace.page)

    def trust(self) -> sc.Trust:
        return own_trust(self.workspace, lambda _: PASSPHRASE, NOW)

    def secrets(self) -> dict[str, bytes]:
        """What must be nowhere but in the two files: the key in every form, and its passphrase."""
        seed = base64.urlsafe_b64decode(self.signer.to_jwk().split(b'"d": "')[1][:43] + b"=")
        lines = self.key.path.read_bytes().splitlines()
        return {
            "the key": seed,
            "the key in hexadecimal": seed.hex().encode(),
            "the key in base64": base64.b64encode(seed)[:42],
            "the key in base64url": base64.urlsafe_b64encode(seed)[:42],
            "the key in PKCS#8": base64.b64encode(bytes.fromhex("04220420") + seed)[8:-4],
            "the encrypted file": lines[2],
            "the passphrase": PASSPHRASE,
            "the passphrase in base64": base64.b64encode(PASSPHRASE)[:-2],
            "the key of ids": ID_KEY,
            "the key of ids in hexadecimal": ID_KEY.hex().encode(),
        }


def rows(count: int) -> list[dict[str, Any]]:
    """Rows of a roster with nested columns, of which each eleventh cannot be issued."""
    return [
        {
            "key": f"enrolment-{number}",
            "learner": {"name": "" if number % 11 == 10 else f"Ada Example {number}"},
            "course": {
                "title": f"Operations Management {number % 7}",
                "institution": "University of Example",
                "syllabus": [{"title": "Process analysis", "hours": 5}, {"title": "Queues"}],
                "workload": {"weeks": 8, "hours_per_week": ["5", "7"]},
            },
            "completed_on": date(2026, 10, 1 + number % 28),
            "skills": [{"name": "Process Analysis"}],
            "signatories": [{"name": "Grace Example", "title": "Professor"}],
            # In a zone that is not UTC: midnight in India is the evening before.
            "valid_from": datetime(2026, 11, 1, 18, 30, tzinfo=UTC),
            "expires_at": datetime(2030, 1, 1, tzinfo=UTC),
        }
        for number in range(count)
    ]


def by_position(batches: list[pa.RecordBatch]) -> pa.Table:
    """What an engine gave back, in the order of positions."""
    return pa.Table.from_batches(batches).sort_by("position")


def embedded(school: School, roster: pa.Table, plan: IssuePlan) -> pa.Table:
    """What the embedded kernel issues for the same rows."""
    [batch] = roster.sort_by("position").combine_chunks().to_batches()
    return pa.Table.from_batches([issue_batch(batch, plan, school.signer)])


def assert_each_row_has_one_credential(
    school: School, issued: pa.Table, roster: pa.Table, plan: IssuePlan
) -> None:
    """Byte for byte what one process issues; all distinct, all VALID, and no index twice."""
    expected = embedded(school, roster, plan)
    issued = issued.sort_by("position").cast(expected.schema)
    assert issued.column("position").to_pylist() == list(range(roster.num_rows))
    assert sorted(issued.column("key").to_pylist()) == sorted(roster.column("key").to_pylist())
    assert issued.equals(expected)
    good = [each for each in issued.to_pylist() if each["error"] is None]
    assert len(good) == sum(bool(each["name"]) for each in roster.column("learner").to_pylist())
    for name in ("code", "id", "token", "digest", "link"):
        assert len({each[name] for each in good}) == len(good)
    places = {(each["status_list"], each["status_index"]) for each in good}
    assert len(places) == len(good)
    assert len({number for number, _ in places}) > 1 or len(good) < LIST_SIZE / 2
    batch = pa.RecordBatch.from_pylist([{"token": each["token"]} for each in good])
    verdicts = verify_batch(batch, school.trust(), NOW)
    assert set(verdicts.column("status").to_pylist()) == {"VALID"}
