"""The code of the guides is run as it stands, in order, and does what the guides show.

A block of ``console`` holds commands, each after ``$ ``, and lines of what they print. A line that
is shown must be printed, in that order; others may be printed between. ``…`` stands for anything,
and one space for several.
Keys, codes, links and times differ at each run: those of the guide are examples, which stand for
the ones that were printed, in later commands and Python too. What is shown tells how the command
exits: INVALID with 1, INDETERMINATE with 3, a message of signedcert itself at the beginning with 2
or, where nothing could be read, 4; all else with 0.

A block of ``python`` goes on where the one before ended, in the same folder as the commands. What
stands in a comment behind an expression is what it comes to, as ``str`` writes it. (The blocks of
signers.md, which need hardware and clouds, are run by the tests of the signers.)
"""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from command_line import run_here
from guide_blocks import GUIDES

RUN = ["course-records", "documents", "identity", "keys", "privacy", "trust", "verify-page"]
EXAMPLES = GUIDES.parent / "examples"
BLOCKS = re.compile(r"^( *)```(console|python)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
#: What differs at each run: fingerprints and public keys, names of sealed files, kids, recovery
#: codes, printed codes, and the secrets in links.
HEX_64, HEX_32, HEX_16 = "[0-9a-f]{64}", "[0-9a-f]{32}", "[0-9a-f]{16}"
RECOVERY, CODE = (f"[0-9A-Z]{{4}}(?:-[0-9A-Z]{{4}}){{{more}}}" for more in (6, 3))
SECRET = "(?<=#)[A-Za-z0-9_-]{44}(?![A-Za-z0-9_-])"
KINDS = (*(rf"\b{each}\b" for each in (HEX_64, HEX_32, HEX_16, RECOVERY, CODE)), SECRET)
NAMED = re.compile("|".join(KINDS))
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
EXIT_CODES = {"INVALID:": {1}, "INDETERMINATE:": {3}, "signedcert:": {2, 4}}
#: Only a shell understands these.
FOR_A_SHELL = re.compile(r"[|&;<>*?$`~]")


@dataclass
class Step:
    """A command, and the lines that the guide shows of what it prints."""

    command: str
    shown: list[str] = field(default_factory=list)

    @property
    def exit_codes(self) -> set[int]:
        first = self.shown[0].split(" ")[0] if self.shown else ""
        return EXIT_CODES.get(first, {0})


@dataclass
class Code:
    """A block of Python."""

    source: str


def steps(text: str) -> list[Step | Code]:
    found: list[Step | Code] = []
    for indent, language, body in BLOCKS.findall(text):
        lines = [line.removeprefix(indent) for line in body.splitlines()]
        if language == "python":
            found.append(Code("\n".join(lines)))
            continue
        inside: list[Step] = []
        for line in lines:
            if line.startswith("$ "):
                inside.append(Step(line.removeprefix("$ ")))
            elif line.strip():
                inside[-1].shown.append(line.rstrip())
        found += inside
    return found


class Reader:
    """Types what a guide says into a shell and a Python of its own, and compares what comes out."""

    def __init__(self) -> None:
        self.actual: dict[str, str] = {}
        self.names: dict[str, Any] = {}

    def follow(self, step: Step | Code) -> None:
        if isinstance(step, Code):
            self.execute(NAMED.sub(self.meant, step.source))
            return
        command = NAMED.sub(self.meant, step.command)
        output, exit_code = self.run(command)
        assert exit_code in step.exit_codes, f"$ {command}\n{output}"
        printed = iter(output.splitlines())
        for line in step.shown:
            assert any(self.is_what_is_shown(line, each) for each in printed), (
                f"$ {command}\nThe guide shows\n{line}\nbut this was printed:\n{output}"
            )

    def meant(self, found: re.Match[str]) -> str:
        assert found[0] in self.actual, f"no output of the guide shows {found[0]} before it is used"
        return self.actual[found[0]]

    def execute(self, source: str) -> None:
        """Runs a block of Python, which must show what one of its expressions comes to."""
        lines, compared = source.splitlines(), 0
        for statement in ast.parse(source).body:
            end = statement.end_lineno
            assert end is not None
            if not isinstance(statement, ast.Expr):
                exec(compile(ast.Module([statement], []), "guide", "exec"), self.names)
                continue
            value = eval(compile(ast.Expression(statement.value), "guide", "eval"), self.names)
            comment = lines[end - 1].encode()[statement.end_col_offset :].decode().strip()
            if comment:
                shown = comment.removeprefix("#").strip()
                assert str(value) == shown, ast.get_source_segment(source, statement)
                compared += 1
        assert compared, f"nothing shows what this comes to:\n{source}"

    def run(self, command: str) -> tuple[str, int]:
        words = shlex.split(command)
        if words[0] == "signedcert" and not FOR_A_SHELL.search(command):
            done = run_here(words[1:])
            assert "Traceback" not in done.output
            return done.output, done.exit_code
        ran = subprocess.run(
            ["sh", "-c", command],
            env=os.environ
            | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return ran.stdout.decode(), ran.returncode

    def is_what_is_shown(self, shown: str, line: str) -> bool:
        """Whether a line is the one shown; if so, its examples stand for what it says from now."""
        shown, line = (re.sub(" +", " ", each.strip()) for each in (shown, line))
        examples, pattern, position = [], "", 0
        for found in re.finditer(rf"{NAMED.pattern}|{TIME}|…", shown):
            pattern += re.escape(shown[position : found.start()])
            position = found.end()
            if found[0] == "…":
                pattern += ".*"
            elif re.fullmatch(TIME, found[0]):
                pattern += TIME
            elif found[0] in self.actual:
                pattern += self.actual[found[0]]
            else:
                kind = next(each for each in KINDS if re.compile(each).match(shown, found.start()))
                examples.append(found[0])
                pattern += f"({kind})"
        matched = re.fullmatch(pattern + re.escape(shown[position:]), line)
        if matched is None:
            return False
        for example, actual in zip(examples, matched.groups(), strict=True):
            self.actual[example] = actual
            # A fingerprint begins with the kid of its key.
            self.actual.setdefault(example[:16], actual[:16])
        return True


@pytest.mark.parametrize("guide", RUN)
def test_the_code_of_the_guide_does_what_it_says(
    guide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in ("sh", "tar", "openssl"):
        assert shutil.which(program), f"the guides use {program}; install it"
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("SIGNEDCERT_TRUST", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SIGNEDCERT_PASSPHRASE", "of the signing keys")
    monkeypatch.setenv("SIGNEDCERT_ROOT_PASSPHRASE", "of the root keys")
    read = steps((GUIDES / f"{guide}.md").read_text(encoding="utf-8"))
    assert len(read) > 5
    reader = Reader()
    for step in read:
        reader.follow(step)


@pytest.mark.parametrize("guide", RUN)
def test_all_code_of_the_guide_stands_in_a_block_that_is_run(guide: str) -> None:
    text = (GUIDES / f"{guide}.md").read_text(encoding="utf-8")
    assert re.findall(r"^ *```(\w*)$", text, re.MULTILINE).count("") == len(BLOCKS.findall(text))
    assert text.count("```") == 2 * len(BLOCKS.findall(text))


@pytest.mark.parametrize("guide", [*RUN, "signers", "bulk", "scale"])
def test_the_links_of_the_guide_lead_somewhere(guide: str) -> None:
    text = (GUIDES / f"{guide}.md").read_text(encoding="utf-8")
    for target, _, anchor in (
        link.partition("#") for link in re.findall(r"\]\((?!https?:)([^)]+)\)", text)
    ):
        page = GUIDES / target if target else GUIDES / f"{guide}.md"
        assert page.exists(), target
        assert not anchor or anchor in anchors(page.read_text(encoding="utf-8")), anchor


def anchors(text: str) -> set[str]:
    """The anchors that headings get: lower case, hyphens for spaces, no other punctuation."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_a_command_that_prints_something_else_than_the_guide_shows_is_noticed() -> None:
    reader = Reader()
    reader.follow(Step("echo one; echo two", ["one", "two"]))
    for shown in (["two", "one"], ["three"], ["on"]):
        with pytest.raises(AssertionError, match="The guide shows"):
            reader.follow(Step("echo one; echo two", shown))
    with pytest.raises(AssertionError, match="false"):
        reader.follow(Step("false"))
    with pytest.raises(AssertionError, match="true"):
        reader.follow(Step("true", ["INVALID: do not rely on it."]))


def test_an_example_stands_for_what_was_printed_first() -> None:
    reader, example, key = Reader(), "ab" * 32, "printf 'key '; printf 'cd%.0s' $(seq 32)"
    reader.follow(Step(key, [f"key {example}"]))
    assert reader.actual == {example: "cd" * 32, example[:16]: "cd" * 8}
    shown = [f"{example[:16]}.pem, of 2030-01-01T00:00:00Z …"]
    reader.follow(Step(f"echo {example[:16]}.pem, of 2026-11-02T10:00:00Z or so", shown))
    reader.follow(Step(key, [f"key {example}"]))
    with pytest.raises(AssertionError, match="The guide shows"):
        reader.follow(Step(key.replace("cd", "ef"), [f"key {example}"]))
    with pytest.raises(AssertionError, match="no output of the guide shows"):
        reader.follow(Step(f"echo {'9' * 64}"))


def test_python_that_comes_to_something_else_than_the_guide_shows_is_noticed() -> None:
    reader = Reader()
    reader.follow(Code("one = 1\none + 1  # 2"))
    reader.follow(Code("[\n    one,\n    'é',\n]  # [1, 'é']"))
    with pytest.raises(AssertionError, match="one"):
        reader.follow(Code("one  # 2"))
    with pytest.raises(AssertionError, match="nothing shows"):
        reader.follow(Code("two = 2  # 2"))
    reader.follow(Step("printf '#%s\\n' $(printf 'a%.0s' $(seq 44))", ["#" + "b" * 44]))
    reader.follow(Code(f"'#{'b' * 44}'[1:3]  # aa"))
