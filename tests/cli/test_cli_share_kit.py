"""``signedcert share-kit``: a folder for the learner, whole or not at all."""

import io
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from own_issuer import OwnIssuer
from PIL import Image
from sample_certificate import CERTIFICATE

FILES = {
    "certificate.pdf", "certificate.png", "certificate.svg", "badge.png", "badge.svg",
    "preview.png", "embed.html", "open-graph.html", "linkedin.txt", "cv.txt", "README.txt",
}  # fmt: skip


@pytest.fixture(scope="module")
def issuer(run, tmp_path_factory) -> OwnIssuer:
    return OwnIssuer(run, tmp_path_factory.mktemp("issuer"))


@pytest.fixture(scope="module")
def issued(issuer: OwnIssuer) -> dict[str, Any]:
    return issuer.issue()


def names(folder: Path) -> set[str]:
    """The names of files, but those of further pages."""
    found = (path.name for path in folder.iterdir())
    return {name for name in found if not re.fullmatch(r"certificate-[2-9]\.(png|svg)", name)}


def test_by_its_code_a_certificate_gets_a_kit_that_verifies(
    issuer: OwnIssuer, issued: dict[str, Any], tmp_path
) -> None:
    out = tmp_path / "for" / "jacob"
    printed = issuer.do("share-kit", issued["code"], "--out", out)
    assert names(out) == FILES
    assert {Path(each) for each in printed["files"]} == set(out.iterdir())
    assert (printed["code"], printed["url"]) == (issued["code"], issued["url"])
    assert printed["linkedin"] in (out / "linkedin.txt").read_text(encoding="utf-8")
    (address,) = parse_qs(urlsplit(printed["linkedin"]).query)["certUrl"]
    assert address == printed["url"]
    assert "/v/" not in (out / "cv.txt").read_text(encoding="utf-8")
    assert issuer.published_verdict(printed["url"])[0] == "VALID"
    (link,) = re.findall('href="([^"]*)"', (out / "embed.html").read_text("ascii"))
    assert issuer.verdict(link)[0] == "VALID"


def test_a_token_file_or_a_link_gets_the_same_without_a_workspace(
    run, issuer: OwnIssuer, issued: dict[str, Any], tmp_path
) -> None:
    for at, given in enumerate((issued["token_file"], issued["url"])):
        page = () if at else ("--page", "https://learn.example.edu/c/")
        out = tmp_path / str(at)
        if at:
            out.mkdir()  # an empty folder will do
        result = run("share-kit", given, "--out", out, *page)
        assert result.exit_code == 0, result.output
        assert names(out) == FILES
        assert issued["url"] in (out / "cv.txt").read_text("utf-8")
        assert f"wrote {out / 'README.txt'}" in result.stdout
        assert "can read everything" in result.stdout


def test_a_certificate_that_is_open_by_code_gets_its_short_address(
    issuer: OwnIssuer, tmp_path
) -> None:
    issued = issuer.issue("--by-code")
    printed = issuer.do(
        "share-kit", issued["code"], "--out", tmp_path / "kit",
        "--linkedin-id", 1337, "--at", "https://example.edu/jacob",
    )  # fmt: skip
    short = f"https://learn.example.edu/v/{issued['code']}/"
    assert f"certUrl={short.replace(':', '%3A').replace('/', '%2F')}&" in printed["linkedin"]
    assert "organizationId=1337&" in printed["linkedin"]
    assert short in (tmp_path / "kit" / "cv.txt").read_text("utf-8")
    embed = (tmp_path / "kit" / "embed.html").read_text("ascii")
    assert 'src="https://example.edu/jacob/badge.png"' in embed


def test_with_a_portrait_it_is_in_the_pdf(issuer: OwnIssuer, tmp_path) -> None:
    photo = tmp_path / "jacob.jpg"
    content = io.BytesIO()
    Image.effect_noise((120, 160), 60).convert("RGB").save(content, "JPEG")
    photo.write_bytes(content.getvalue())
    checks = [{"method": "photo_match"}]
    issued = issuer.issue("--portrait", photo, identity_checks=checks)
    salt = issued["portrait_salt_file"]
    out = tmp_path / "kit"
    issuer.do("share-kit", issued["code"], "--out", out, "--portrait", photo, "--salt", salt)
    assert "salt" in (out / "README.txt").read_text("utf-8")
    refusal = issuer.refused(
        "share-kit", issued["code"], "--out", tmp_path / "other",
        "--portrait", photo, "--salt", "00" * 16,
    )  # fmt: skip
    assert "not the portrait" in refusal
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    "at",
    ["example.edu", "javascript:alert(1)", 'https://e.edu/"x', "https://e.edu/?q", "https:///x"],
)
def test_an_address_that_is_no_folder_on_the_web_is_refused(
    issuer: OwnIssuer, issued: dict[str, Any], tmp_path, at: str
) -> None:
    out = tmp_path / "kit"
    assert "--at takes" in issuer.refused("share-kit", issued["code"], "--out", out, "--at", at)
    assert not out.exists()


def test_nothing_is_ever_overwritten(issuer: OwnIssuer, issued: dict[str, Any], tmp_path) -> None:
    for name in ("cv.txt", ".hidden"):
        out = tmp_path / name.strip(".")
        out.mkdir()
        (out / name).write_text("mine")
        refusal = issuer.refused("share-kit", issued["code"], "--out", out)
        assert "it is not empty" in refusal
        assert names(out) == {name}
        assert (out / name).read_text() == "mine"
    file = tmp_path / "file"
    file.write_text("mine")
    assert "no folder" in issuer.refused("share-kit", issued["code"], "--out", file)


def test_what_cannot_be_written_leaves_nothing(
    issuer: OwnIssuer, issued: dict[str, Any], tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, made = os.link, []

    def full_disk(source, target, **options) -> None:
        if len(made) == 5:
            raise OSError(28, "No space left on device", str(target))
        made.append(target)
        link(source, target, **options)

    monkeypatch.setattr(os, "link", full_disk)
    out = tmp_path / "kit"
    result = issuer.run("share-kit", issued["code"], "--workspace", issuer.workspace, "--out", out)
    assert len(made) == 5
    assert result.exit_code == 2
    assert "No space left" in result.stderr
    assert not out.exists()


def test_a_course_record_is_refused_before_anything_is_made(issuer: OwnIssuer, tmp_path) -> None:
    record = {"learner": CERTIFICATE["learner"], "course": CERTIFICATE["course"]}
    issued = issuer.do("issue", "-", "--record", "--out", issuer.out, stdin=json.dumps(record))
    out = tmp_path / "kit"
    for given in (issued["code"], issued["token_file"]):
        refusal = issuer.refused("share-kit", given, "--out", out)
        assert "signedcert share create" in refusal
    assert not out.exists()


def test_a_code_that_is_not_in_the_ledger_is_refused(issuer: OwnIssuer, tmp_path) -> None:
    out = tmp_path / "kit"
    refusal = issuer.refused("share-kit", "0000-0000-0000-0000", "--out", out)
    assert "0000-0000-0000-0000" in refusal
    assert not out.exists()
