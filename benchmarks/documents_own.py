"""Our own pages, in a process of their own: ``python -m benchmarks.documents_own`` (see below).

Everything is in the time: taking the token apart, words and dates, the QR code, and, before a
PNG, the PDF that alone tells of missing glyphs.
"""

import base64
import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.content import PAGE
from benchmarks.documents_peers.timing import Content, contents_in, on_one_core, timed

#: As many are enough to see where the time goes.
_SPLIT = 150


def main() -> None:
    """Times, and samples: ``CONTENTS.json OTHER-SCRIPTS.json SPECIMENS.json OUT``."""
    on_one_core()  # before Typst counts the cores
    from signedcert.documents import Printed, Printer

    contents, others, specimens, out = (Path(each) for each in sys.argv[1:])

    def printed(content: Content) -> Printed:
        return Printed.of_token(base64.b64decode(content["token"]), PAGE)

    with Printer() as printer:
        given = contents_in(contents)
        found: dict[str, Any] = {
            "pdf": timed(given, lambda each: printer.pdf(printed(each))),
            "png": timed(given, lambda each: printer.png(printed(each))[0]),
            "scripts": timed(contents_in(others), lambda each: printer.pdf(printed(each))),
            "split": _split(given[:_SPLIT], lambda each: printer.pdf(printed(each))),
        }
        for number, specimen in enumerate(contents_in(specimens)):
            (out / f"own-{number}.pdf").write_bytes(printer.pdf(printed(specimen)))
    print(json.dumps(found))


def _split(contents: list[Content], make: Callable[[Content], bytes]) -> dict[str, float]:
    """Milliseconds of processor time that go into each step of a PDF: the median."""
    from signedcert.documents import inputs, printer
    from signedcert.documents.typesetting import Typesetter

    steps: dict[str, list[float]] = {}

    def clocked(owner: object, name: str, step: str) -> Any:
        function = getattr(owner, name)

        @wraps(function)
        def call(*arguments: Any, **options: Any) -> Any:
            start = time.process_time()
            try:
                return function(*arguments, **options)
            finally:
                steps.setdefault(step, []).append(1000 * (time.process_time() - start))

        return patch.object(owner, name, call)

    with (
        clocked(inputs, "variables", "words, dates and quantities"),
        clocked(inputs, "qr_entry", "QR code"),
        clocked(printer, "as_json", "JSON"),
        clocked(Typesetter, "compile", "Typst"),
        clocked(printer, "joined", "text layer"),
    ):
        whole = [_milliseconds(make, each) for each in contents]
    with clocked(Typesetter, "compile", "bare"), patch.object(inputs, "attachments", lambda _: []):
        for each in contents:
            make(each)
    found = {step: statistics.median(times) for step, times in steps.items()}
    bare = found.pop("bare")
    found["attachment"] = found["Typst"] - bare
    found["Typst"] = bare
    found["the rest"] = statistics.median(whole) - sum(found.values())
    return found


def _milliseconds(make: Callable[[Content], bytes], content: Content) -> float:
    start = time.process_time()
    make(content)
    return 1000 * (time.process_time() - start)


if __name__ == "__main__":
    main()
