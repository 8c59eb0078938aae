"""Folders that are there only if the work in them was done."""

import contextlib
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def new_folders(top: Path, *inner: Path) -> Iterator[None]:
    """Makes folders for their owner alone, and takes them away when the work in them fails.

    :param top: may exist already; folders above it are made where they are missing.
    :param inner: must not exist.
    :raises OSError: when one cannot be made.
    """
    made: list[Path] = []
    try:
        missing = [path for path in (top, *top.parents) if not path.exists()]
        # That the inner ones must not exist keeps two processes apart.
        for path in (*reversed(missing), *inner):
            # Folders above the workspace are not ours to close.
            path.mkdir(mode=0o777 if path in top.parents else 0o700)
            made.append(path)
        top.chmod(0o700)
        yield
    except BaseException:
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir()
        raise
