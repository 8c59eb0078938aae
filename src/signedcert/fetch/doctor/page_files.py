"""One folder of the verify page: what is missing, what was changed, and which version it is."""

from collections.abc import Mapping
from typing import NamedTuple

from signedcert.fetch.doctor.page_version import digest_of, listed_digests, stated_version
from signedcert.fetch.doctor.snapshot import INDEX, WORKER, FileRead


class Condition(NamedTuple):
    """What a folder has of the page.

    :ivar missing: the paths of what is not there; the folder alone where nothing is.
    :ivar changed: the paths of what is not as that version publishes it.
    :ivar version: which version of signedcert it says it is; None where it says none.
    :ivar other: whether that is another one than this.
    """

    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    version: str | None = None
    other: bool = False

    @property
    def faulty(self) -> bool:
        """Whether anything is wrong with it."""
        return bool(self.missing or self.changed)

    @property
    def is_this_version(self) -> bool:
        """Whether it is this version's, whole."""
        return self.version is not None and not self.other and not self.faulty


def condition_of(
    folder: str,
    read: Mapping[str, FileRead],
    files: Mapping[str, bytes],
    retired: Mapping[str, bytes],
) -> Condition:
    """What a folder has of the page. What could not be read is neither missing nor changed.

    :param files: the page as this version publishes it, in all its folders: path → content.
    :param retired: what may take the place of the service workers; likewise.
    """
    index, worker = f"{folder}/{INDEX}", f"{folder}/{WORKER}"
    page = read[index]
    if page.missing:
        alone = read[worker].missing
        return Condition(missing=(f"{folder}/" if alone else index,))
    if page.problem is not None:
        return Condition()
    version, this = stated_version(page.data), stated_version(files[index])
    if version is None and page.data != files[index]:
        return Condition(changed=(index,))
    if version != this:
        return _of_another(folder, read, version)
    within = {path: data for path, data in files.items() if path.startswith(f"{folder}/")}
    return Condition(
        tuple(path for path in within if read[path].missing),
        tuple(
            path
            for path, data in within.items()
            if read[path].problem is None and read[path].data not in (data, retired.get(path))
        ),
        version,
    )


def _of_another(folder: str, read: Mapping[str, FileRead], version: str | None) -> Condition:
    """The worker of that version lists what belongs to it. One that is retired lists nothing."""
    worker = read[f"{folder}/{WORKER}"]
    listed = {f"{folder}/{name}": digest for name, digest in listed_digests(worker.data).items()}
    known = {path: digest for path, digest in listed.items() if path in read}
    missing = [path for path in known if read[path].missing]
    changed = [
        path
        for path, digest in known.items()
        if read[path].problem is None and digest_of(read[path].data) != digest
    ]
    if worker.missing:
        missing.append(worker.path)
    return Condition(tuple(missing), tuple(changed), version, other=True)
