"""``signedcert portrait`` and ``issue --portrait``: the digest is signed, the salt is kept."""

import hashlib
import io
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from own_issuer import OwnIssuer
from PIL import Image
from sample_certificate import CERTIFICATE

PHOTO_MATCH = {"method": "photo_match", "performed_by": "Example Proctors"}


@pytest.fixture(scope="module")
def photo(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("photos") / "jacob.jpg"
    content = io.BytesIO()
    Image.effect_noise((120, 160), 60).convert("RGB").save(content, "JPEG")
    path.write_bytes(content.getvalue())
    return path


@pytest.fixture
def issuer(run, tmp_path) -> OwnIssuer:
    return OwnIssuer(run, tmp_path)


def signed_checks(run, token_file: object) -> list[dict[str, Any]]:
    shown = json.loads(run("inspect", token_file, "--json").stdout)
    checks: list[dict[str, Any]] = shown["statement"]["identity_checks"]
    return checks


def test_the_digest_is_printed_with_its_new_salt(run, photo: Path) -> None:
    printed = [json.loads(run("portrait", photo, "--json").stdout) for _ in range(2)]
    assert printed[0]["salt"] != printed[1]["salt"]
    for each in printed:
        salt = bytes.fromhex(each["salt"])
        assert len(salt) == 16
        digest = hashlib.sha256(salt + photo.read_bytes()).hexdigest()
        assert each["portrait_digest"] == digest
    told = run("portrait", photo, "--salt", printed[0]["salt"]).stdout
    assert printed[0]["salt"] in told
    assert printed[0]["portrait_digest"] in told


def test_a_salt_may_be_in_a_file(run, photo: Path, tmp_path) -> None:
    file = tmp_path / "salt"
    file.write_text("00" * 16 + "\n")
    printed = json.loads(run("portrait", photo, "--salt", file, "--json").stdout)
    assert printed["salt"] == "00" * 16


@pytest.mark.parametrize("salt", ["00" * 15, "00" * 17, "5ecre7" * 5 + "00", ""])
def test_what_is_no_salt_is_not_repeated(run, photo: Path, salt: str) -> None:
    result = run("portrait", photo, "--salt", salt)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "32 hexadecimal digits" in result.stderr
    assert not salt or salt not in result.stderr


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"%PDF-1.7", b"\xff\xd8\xff" + bytes(50), bytes(1_000_001)]
)
def test_what_is_no_photo_is_refused(run, tmp_path, content: bytes) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(content)
    result = run("portrait", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("signedcert: ")
    assert len(result.stderr.splitlines()) == 1
    assert run("portrait", tmp_path / "missing.jpg").exit_code == 2


def test_issuing_puts_the_digest_into_the_check_and_keeps_the_salt(
    run, issuer: OwnIssuer, photo: Path
) -> None:
    checks = [{"method": "typing_pattern"}, PHOTO_MATCH]
    printed = issuer.issue("--portrait", photo, identity_checks=checks)
    salt_file = Path(printed["portrait_salt_file"])
    assert salt_file == issuer.out / f"{printed['code']}.portrait-salt"
    if os.name != "nt":
        assert stat.S_IMODE(salt_file.stat().st_mode) == 0o600
    salt = bytes.fromhex(salt_file.read_text())
    typing, match = signed_checks(run, printed["token_file"])
    assert "portrait_digest" not in typing
    assert match == PHOTO_MATCH | {
        "portrait_digest": hashlib.sha256(salt + photo.read_bytes()).hexdigest()
    }
    told = issuer.told(
        "issue",
        "-",
        "--out",
        issuer.out,
        "--portrait",
        photo,
        stdin=json.dumps(CERTIFICATE | {"identity_checks": [PHOTO_MATCH]}),
    )
    (second,) = set(issuer.out.glob("*.portrait-salt")) - {salt_file}
    assert f"salt   {second}" in told
    # The salt is in that file alone.
    for text in (told, json.dumps(printed), issuer.notes):
        assert salt.hex() not in text
        assert second.read_text().strip() not in text


def test_a_record_can_have_a_portrait_too(run, issuer: OwnIssuer, photo: Path) -> None:
    record = {
        "learner": CERTIFICATE["learner"],
        "course": CERTIFICATE["course"],
        "identity_checks": [PHOTO_MATCH],
    }
    printed = issuer.do(
        "issue", "-", "--record", "--portrait", photo, "--out", issuer.out, stdin=json.dumps(record)
    )
    salt = bytes.fromhex(Path(printed["portrait_salt_file"]).read_text())
    shown = run("inspect", printed["token_file"], "--json").stdout
    assert hashlib.sha256(salt + photo.read_bytes()).hexdigest() in shown


def test_without_a_portrait_nothing_is_said_of_one(issuer: OwnIssuer) -> None:
    printed = issuer.issue(identity_checks=[PHOTO_MATCH])
    assert "portrait_salt_file" not in printed
    assert not list(issuer.out.glob("*.portrait-salt"))


@pytest.mark.parametrize(
    ("checks", "says"),
    [
        ([], "there is none"),
        ([PHOTO_MATCH, PHOTO_MATCH], "2 have the method photo_match"),
        ([{"method": "typing_pattern"}] * 2, "none have the method photo_match"),
        ([PHOTO_MATCH | {"portrait_digest": "00" * 32}], "already"),
    ],
)
def test_where_it_is_not_clear_whose_photo_it_is_nothing_is_signed(
    issuer: OwnIssuer, photo: Path, checks, says: str
) -> None:
    text = json.dumps(CERTIFICATE | {"identity_checks": checks})
    refusal = issuer.refused("issue", "-", "--portrait", photo, "--out", issuer.out, stdin=text)
    assert says in refusal
    assert not list(issuer.out.glob("*")) if issuer.out.exists() else True


def test_where_nothing_was_signed_no_salt_is_left_and_no_other_one_is_lost(
    issuer: OwnIssuer, photo: Path
) -> None:
    printed = issuer.issue("--portrait", photo, identity_checks=[PHOTO_MATCH])
    salt_file = Path(printed["portrait_salt_file"])
    kept = salt_file.read_bytes()
    again = json.dumps(CERTIFICATE | {"id": printed["code"], "identity_checks": [PHOTO_MATCH]})
    command = ("issue", "-", "--portrait", photo, "--out")
    assert "nothing was signed" in issuer.refused(*command, issuer.out, stdin=again)
    assert salt_file.read_bytes() == kept
    elsewhere = issuer.folder / "elsewhere"
    assert "was issued already" in issuer.refused(*command, elsewhere, stdin=again)
    assert not list(elsewhere.iterdir())


def test_what_was_signed_keeps_its_salt_also_if_its_files_cannot_be_written(
    run, issuer: OwnIssuer, photo: Path
) -> None:
    code = "0000-0000-0000-000G"
    issuer.out.mkdir()
    (issuer.out / f"{code}.png").write_bytes(b"in the way")
    text = json.dumps(CERTIFICATE | {"id": code, "identity_checks": [PHOTO_MATCH]})
    result = run(
        "issue", "-", "--portrait", photo, "--workspace", issuer.workspace, "--out", issuer.out,
        stdin=text,
    )  # fmt: skip
    assert result.exit_code == 2
    assert "is signed and in the ledger" in result.stderr
    salt = bytes.fromhex((issuer.out / f"{code}.portrait-salt").read_text())
    (again,) = issuer.do("reissue", code, "--out", issuer.folder / "again")
    (check,) = signed_checks(run, again["token_file"])
    digest = hashlib.sha256(salt + photo.read_bytes()).hexdigest()
    assert check["portrait_digest"] == digest
