"""What was measured last, kept below ``build/benchmarks`` for the page that is made of it."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from benchmarks.environments import FOLDER

Result = TypeVar("Result")
_FOLDER = FOLDER / "results"
_PACKAGES = ("signedcert", "pynacl", "cryptography", "cbor2", "pydantic", "pyarrow")


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured.

    :ivar memory: gigabytes.
    """

    processor: str
    cores: int
    memory: int
    system: str
    python: str
    packages: dict[str, str]

    @classmethod
    def here(cls) -> "Machine":
        """This one."""
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return cls(
            processor=_processor(),
            cores=os.cpu_count() or 1,
            memory=round(memory / 2**30),
            system=f"{platform.system()} {platform.release().partition('-')[0]}",
            python=platform.python_version(),
            packages={name: version(name) for name in _PACKAGES},
        )

    def text(self) -> str:
        """In one sentence."""
        packages = ", ".join(f"{name} {number}" for name, number in self.packages.items())
        return (
            f"{self.processor}, {self.cores} cores, {self.memory} GB, {self.system}, "
            f"Python {self.python}; {packages}"
        )


@dataclass(frozen=True, slots=True)
class Kept(Generic[Result]):
    """A result, and when and where it was found."""

    at: datetime
    machine: Machine
    result: Result


def keep(name: str, result: Any) -> None:
    """Keeps a dataclass of plain fields."""
    kept = Kept(datetime.now(UTC).replace(microsecond=0), Machine.here(), result)
    _FOLDER.mkdir(parents=True, exist_ok=True)
    content = json.dumps(asdict(kept), default=str, ensure_ascii=False, indent=1)
    _file(name).write_text(content, encoding="utf-8")


def kept(name: str, kind: type[Result]) -> Kept[Result] | None:
    """What was kept last; None where it was never measured."""
    if not _file(name).exists():
        return None
    found = json.loads(_file(name).read_bytes())
    return Kept(
        datetime.fromisoformat(found["at"]),
        TypeAdapter(Machine).validate_python(found["machine"]),
        TypeAdapter(kind).validate_python(found["result"]),
    )


def forget(names: Iterable[str]) -> None:
    """Removes them, so that no page mixes one run with another."""
    for name in names:
        _file(name).unlink(missing_ok=True)


def _file(name: str) -> Path:
    return _FOLDER / f"{name}.json"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if "model name" in line)
    except (FileNotFoundError, StopIteration):
        return platform.processor() or platform.machine()
