"""What the README says is run as it stands there."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import signedcert as sc
from command_line import run_here

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_in_python_runs() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    issuing, checking = block.split("\n\n")
    names: dict[str, object] = {}
    exec(issuing, names)
    signer = names["signer"]
    assert isinstance(signer, sc.SoftwareSigner)
    names["published_jwks"] = json.dumps({"keys": [jwk(signer.public_key)]}).encode()
    exec(checking, names)
    verdict = names["verdict"]
    assert isinstance(verdict, sc.Verdict)
    assert verdict.status is sc.Status.VALID


def jwk(key: sc.PublicKey) -> dict[str, str]:
    from signedcert.codec.base64url import to_base64url

    return {"kty": "OKP", "crv": "Ed25519", "x": to_base64url(key.raw)}


def test_the_first_twenty_lines_hold_the_promise_the_image_and_the_limits() -> None:
    head = "\n".join(README.splitlines()[:20])
    for part in (
        "offline",
        "docs/images/example-qr.png",
        "sc.issue(",
        "sc.verify_text(",
        "does not prove",
        "is an example",
    ):
        assert part in head


def test_the_qr_code_of_the_readme_is_valid_with_the_published_key() -> None:
    (command,) = re.findall(r"`signedcert (verify docs/images\S+ --trust \S+)`", README)
    arguments = [str(ROOT / word) if "/" in word else word for word in command.split()]
    result = run_here([*arguments, "--now", "2027-01-01T00:00:00Z"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)\)", README))))
def test_links_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


def test_the_commands_of_the_readme_run(tmp_path: Path) -> None:
    make, *blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    assert make.startswith("$ make")
    commands = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    assert commands[0].startswith("export PATH")
    # As they stand, but where build/ is a folder of the test's own.
    script = "set -e\n" + "\n".join(commands[1:]).replace("build/", f"{tmp_path}/")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    shown = done.stdout.decode()
    assert shown.count("\nVALID: the issuer signed exactly this") == 3
    assert "assessments         withheld" in shown
    assert "Acme HR" in shown.splitlines()[-2]


def test_no_placeholder_is_left() -> None:
    assert not {"BENCHTABLE", "TODO", "TBD", "XXX"} & set(re.findall(r"\w+", README))
