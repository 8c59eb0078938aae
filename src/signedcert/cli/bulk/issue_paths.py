"""The files that ``bulk issue`` is told to write: refused before any work where they cannot be."""

import os
from pathlib import Path

from signedcert.cli.failures import CommandError

_PARQUET = ".parquet"


def check_out(out: Path) -> None:
    """Sees that a file can be made there.

    :raises CommandError: when it cannot.
    """
    if out.is_symlink() and not out.exists():
        raise CommandError(f"--out {out}: it is a link to nothing; name another --out")
    _check_file("--out", out)


def errors_path(errors: Path | None, out: Path) -> Path:
    """Where the list of errors goes.

    :raises CommandError: when it cannot be written there.
    """
    if errors is None:
        return out.with_suffix(".errors.csv")
    _check_file("--errors", errors)
    return errors


def check_apart(out: Path, errors: Path, roster: Path, mapping: Path | None) -> None:
    """Sees that nothing is written over what is read, nor over one another, nor under a false name.

    :raises CommandError: when two of them are one file, by whatever names, or OUT is called
        something else than what it will be.
    """
    given = [("the roster", roster)]
    if mapping is not None:
        given.append(("the mapping", mapping))
    for what, path in given:
        if _same(out, path):
            raise CommandError(f"--out {out} is {what}; name another --out")
    for what, path in (*given, ("--out", out)):
        if _same(errors, path):
            raise CommandError(
                f"{errors} is {what}, and no list of errors; name another --errors FILE"
            )
    if out.suffix.lower() != _PARQUET:
        raise CommandError(
            f"--out {out}: certificates are written as Parquet; name it FILE{_PARQUET}"
        )


def _same(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


def _check_file(option: str, path: Path) -> None:
    if path.name in ("", "..") or path.is_dir():
        raise CommandError(f"{option} {path}: name a file, and not a folder")
    folder = path.parent
    if not folder.is_dir():
        raise CommandError(f"{option} {path}: there is no folder {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CommandError(f"{option} {path}: the folder {folder} cannot be written to")
