"""The core takes values and returns values. Imports are held by contracts; calls are held here."""

import ast
from pathlib import Path

import pytest

import signedcert

PACKAGE = Path(signedcert.__file__).parent
FLOORS = ("model", "codec", "crypto", "trust", "verify")
CORE = sorted(
    [*(path for floor in FLOORS for path in (PACKAGE / floor).rglob("*.py")),
     PACKAGE / "issue.py", PACKAGE / "errors.py"]
)  # fmt: skip
#: Functions that read or write files, ask a clock, or draw randomness without an import that shows.
BUILT_IN = {"open", "input", "print", "breakpoint", "__import__"}
METHODS = {
    "now",
    "utcnow",
    "today",
    "urandom",
    "randombytes",
    "generate",
    "read_bytes",
    "read_text",
}
#: The dictionary is a data file of the package. Generated code is made from our own tables.
ALLOWED = {("codec/dictionary.py", "get_data"), ("codec/lift.py", "exec")}


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_core_calls_nothing_of_the_outside(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        called = (
            function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        )
        outside = (
            called in METHODS | {"get_data"}
            if isinstance(function, ast.Attribute)
            else (called in BUILT_IN | {"exec", "eval"})
        )
        assert not outside or (name, called) in ALLOWED, f"{name}:{node.lineno} calls {called}"
