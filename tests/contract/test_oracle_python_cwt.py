"""Another COSE library verifies our tokens and reads their claims.

python-cwt 3.3 knows the fully specified Ed25519 (-19, RFC 9864), so nothing is mapped or patched:
the token goes in as it is, through its COSE and its CWT interface. It lives in an environment of
its own, with a cbor2 of another major version, made once under ``build/oracle``. It does not know
our profile (which types, which headers), so of what it must refuse only damage is compared.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import cbor2
import pytest

import signedcert as sc
from forging import header, signed
from issuing import HOLDER, OTHER_SIGNER, SIGNER, check, issue, minimal, record, typical
from signedcert.codec.frames import parse_frame
from signedcert.codec.lower import lower

ROOT = Path(__file__).parents[2]
READER = Path(__file__).with_name("python_cwt_reader.py")
REQUIREMENT = "cwt==3.3.0"
STATEMENTS = {"minimal": minimal(), "typical": typical()}
TOKENS = {name: sc.issue(statement, SIGNER) for name, statement in STATEMENTS.items()}
RECORD = issue(record(final_score=None, assessments=()))


@pytest.fixture(scope="session")
def python() -> Path:
    """The interpreter of an environment that holds python-cwt and nothing of ours."""
    environment = ROOT / "build" / "oracle" / REQUIREMENT.replace("==", "-")
    interpreter = environment / "bin" / "python"
    if not interpreter.exists():
        environment.parent.mkdir(parents=True, exist_ok=True)
        # Made beside its place and moved there: several test processes may need it at once.
        workplace = Path(tempfile.mkdtemp(dir=environment.parent))
        uv = shutil.which("uv", path=Path(sys.executable).parent) or "uv"
        quiet = {**os.environ, "PYTHONWARNINGS": ""}
        for command in (
            [uv, "venv", "--quiet", "--python", sys.executable, workplace / "made"],
            [uv, "pip", "install", "--quiet", "--python", workplace / "made", REQUIREMENT],
        ):
            subprocess.run(command, check=True, env=quiet)
        try:
            (workplace / "made").rename(environment)
        except OSError:
            assert interpreter.exists()  # another process was faster
        shutil.rmtree(workplace)
    return interpreter


def read(python: Path, token: bytes, signer: sc.SoftwareSigner = SIGNER) -> dict[str, Any] | str:
    """What python-cwt reads in the token, or the name of its error."""
    raw, kid = signer.public_key.raw, SIGNER.public_key.kid
    done = subprocess.run(
        [python, "-I", READER, token.hex(), raw.hex(), kid.hex()],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": ""},
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout) if done.returncode == 0 else done.stdout.strip()


def as_pairs(value: Any) -> Any:
    if isinstance(value, dict):
        return [[key, as_pairs(item)] for key, item in value.items()]
    if isinstance(value, list):
        return [as_pairs(item) for item in value]
    return value.hex() if isinstance(value, bytes) else value


@pytest.mark.parametrize("name", TOKENS)
def test_it_verifies_our_tokens_and_reads_their_claims(python, name):
    found = read(python, TOKENS[name])
    assert not isinstance(found, str), found
    payload = lower(STATEMENTS[name])
    assert found["raw"] == payload.hex()
    assert found["claims"] == as_pairs(cbor2.loads(payload))
    media_type = STATEMENTS[name].media_type
    assert found["protected"] == [[1, -19], [4, SIGNER.public_key.kid.hex()], [16, media_type]]
    assert found["unprotected"] == []
    claims = dict(found["claims"])
    assert claims[1] == STATEMENTS[name].issuer
    assert claims[6] == int(STATEMENTS[name].issued_at.timestamp())
    assert claims[7] == STATEMENTS[name].id.hex()


def test_it_verifies_our_records_and_reads_what_is_visible(python):
    found = read(python, RECORD)
    assert not isinstance(found, str), found
    frame = parse_frame(RECORD)
    assert found["raw"] == frame.signed.payload.hex()
    ((sd_claims, disclosures),) = found["unprotected"]
    assert sd_claims == 17
    # Each of them is an array of a salt and more: short enough for a head of one byte.
    assert [bytes([0x40 | len(each) // 2]).hex() + each for each in disclosures[:3]] == [
        each.hex() for each in frame.disclosures[:3]
    ]
    claims = dict(found["claims"])
    assert claims[2] == record().code
    assert claims[8] == [[1, [[1, 1], [-1, 6], [-2, HOLDER.public_key.raw.hex()]]]]
    (course, (redacted, digests)) = claims[-65537]
    assert course[0] == 1
    assert redacted == [59]
    assert sorted(digests) == digests
    assert len(digests) == 4
    assert read(python, RECORD, OTHER_SIGNER) == "VerifyError"


def test_it_refuses_what_we_refuse_under_another_key(python):
    assert read(python, TOKENS["typical"], OTHER_SIGNER) == "VerifyError"


@pytest.mark.parametrize("part", ["header", "payload", "signature"])
def test_it_refuses_a_tampered_token(python, part):
    token = TOKENS["typical"]
    position = {"header": token.index(b"certificate"), "payload": token.index(b"Jacob")}.get(
        part, -1
    )
    tampered = bytearray(token)
    tampered[position] ^= 1
    assert check(bytes(tampered)).status is not sc.Status.VALID
    assert read(python, bytes(tampered)) == "VerifyError"


def test_it_reads_the_tests_own_forgeries(python):
    # The forger of the other tests is right about the structure: what it signs, python-cwt accepts.
    found = read(python, signed({1: "learn.example.edu", 6: 1}, header() | {3: 60}))
    assert not isinstance(found, str), found
    assert found["claims"] == [[1, "learn.example.edu"], [6, 1]]
