"""What the confined process does with a designer's template: it runs Typst."""

import functools
import json
from typing import Any

import typst

from signedcert.documents.confined.task import TaskRefused


def answer(request: bytes) -> bytes:
    """The pages, each after its length.

    :param request: JSON: ``root``, ``main``, ``fonts``, ``packages`` (a folder that is not there),
        ``data``, and ``options`` of :meth:`typst.Compiler.compile`.
    :raises TaskRefused: with ``message``, ``diagnostic`` and ``hints`` of Typst, as JSON.
    """
    wanted = json.loads(request)
    compiler = _compiler(wanted["root"], wanted["main"], tuple(wanted["fonts"]), wanted["packages"])
    options: dict[str, Any] = wanted["options"]
    try:
        made = compiler.compile(sys_inputs={"data": wanted["data"]}, **options)
    except typst.TypstError as error:
        said = {"message": error.message, "diagnostic": error.diagnostic, "hints": error.hints}
        raise TaskRefused(json.dumps(said)) from None
    pages = made if isinstance(made, list) else [made]
    return b"".join(len(page).to_bytes(8) + page for page in pages if page is not None)


@functools.lru_cache(maxsize=4)
def _compiler(root: str, main: str, fonts: tuple[str, ...], packages: str) -> typst.Compiler:
    return typst.Compiler(
        input=main,
        root=root,
        font_paths=list(fonts),
        ignore_system_fonts=True,
        package_path=packages,
        package_cache_path=packages,
    )
