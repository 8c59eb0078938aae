"""Certificates as PDFs and pictures on the command line: read back, compared, and rendered anew."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

import signedcert as sc
from conftest import trust_of
from edited_pdfs import attached, blank, box, edited, linked, pictured, text
from signedcert.cli import document_files
from signedcert.codec.text import verify_url
from signedcert.documents import Portrait, Printed, Printer
from signedcert.documents.portrait import portrait_digest
from signedcert.documents.reading.pdf_task import answer

PAGE = "https://learn.example.edu/c/"
PHOTO_SALT = bytes(range(16))
NAME_AT = (150, 300, 540, 120)


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 400), (120, 140, 160)).save(buffer, "jpeg")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def printer():
    with Printer() as made:
        yield made


@pytest.fixture(scope="module")
def pdf(printer: Printer, token: bytes) -> bytes:
    return printer.pdf(Printed.of_token(token, PAGE))


@pytest.fixture(scope="module")
def other_token(run, workspace, tmp_path_factory) -> bytes:
    out = tmp_path_factory.mktemp("other")
    certificate = {"learner": {"name": "Mallory Fake"},
                   "course": {"title": "Rocket Science", "institution": "I"},
                   "completed_on": "2026-11-02"}  # fmt: skip
    run("issue", "-", "--workspace", workspace, "--out", out, stdin=json.dumps(certificate))
    (path,) = out.glob("*.cose")
    return path.read_bytes()


@pytest.fixture
def verify(run, trust_file, tmp_path):
    """What ``verify --json`` says of a file's bytes, and its exit code."""

    def check(data: bytes, *options: object, name: str = "given.pdf") -> tuple[int, Any]:
        path = tmp_path / name
        path.write_bytes(data)
        result = run("verify", path, "--trust", trust_file, "--json", *options)
        return result.exit_code, json.loads(result.stdout)

    return check


@pytest.fixture
def seen(run, trust_file, tmp_path):
    """What ``verify`` prints for people."""

    def check(data: bytes, *options: object) -> str:
        path = tmp_path / "given.pdf"
        path.write_bytes(data)
        return run("verify", path, "--trust", trust_file, *options).stdout

    return check


def document_finding(verdict: Any) -> list[str]:
    return [each["reason"] for each in verdict["findings"] if each["check"] == "DOCUMENT"]


class TestGenuine:
    def test_a_pdf(self, verify, seen, pdf, issued):
        code, verdict = verify(pdf)
        assert (code, verdict["status"]) == (0, "VALID")
        assert verdict["statement"]["id"] == issued["code"]
        document = verdict["document"]
        assert [each["source"] for each in document["sources"]] == ["attachment", "qr_code", "link"]
        assert document["report"]["outcome"] == "no_contradiction_in_text_layer"
        assert document_finding(verdict) == []
        printed = seen(pdf)
        assert "attached file, QR code, link, which agree" in printed
        assert "no contradiction in the text layer" in printed
        assert "passed" not in printed.lower()
        assert "given.pdf --render OUT.pdf" in printed

    def test_pictures_say_that_nothing_was_compared(self, verify, printer, token):
        printed = Printed.of_token(token, PAGE)
        png, svg = printer.png(printed, ppi=110)[0], printer.svg(printed)[0]
        buffer = io.BytesIO()
        Image.open(io.BytesIO(png)).convert("RGB").rotate(7, expand=True).save(
            buffer, "jpeg", quality=70
        )
        for data, kind in ((png, "png"), (svg, "svg"), (buffer.getvalue(), "jpeg")):
            code, verdict = verify(data)
            assert (code, verdict["document"]["kind"]) == (0, kind)
            assert verdict["document"]["report"]["outcome"] == "not_checked"
            assert verdict["document"]["report"]["reason"] == "picture"

    def test_other_commands_take_a_pdf_too(self, run, pdf, tmp_path, issued):
        path = tmp_path / "c.pdf"
        path.write_bytes(pdf)
        inspected = json.loads(run("inspect", path, "--json").stdout)
        assert inspected["statement"]["id"] == issued["code"]
        assert run("qr", path, "--page", PAGE, "--out", tmp_path / "q.png").exit_code == 0

    def test_from_standard_input(self, run, trust_file, pdf):
        result = run("verify", "-", "--trust", trust_file, stdin=pdf)
        assert result.exit_code == 0
        assert "verify INPUT --render OUT.pdf" in result.stdout

    def test_links_to_a_host_that_is_not_the_issuers(self, printer, token, seen):
        other = printer.pdf(Printed.of_token(token, "https://evil.example/c/"))
        assert "evil.example, which is not the issuer's own host learn.example.edu" in seen(other)


class TestDisagreement:
    def test_another_token_beside_ours(
        self, run, verify, seen, *, trust_file, pdf, other_token, tmp_path
    ):
        swapped = edited(pdf, attached("certificate.cose", other_token))
        code, verdict = verify(swapped)
        assert (code, verdict["status"], verdict["statement"]) == (1, "INVALID", None)
        assert document_finding(verdict) == ["sources_disagree"]
        assert verdict["document"]["report"] is None
        printed = seen(swapped)
        assert printed.startswith("INVALID: it holds different certificates.")
        assert "Jacob" not in printed
        assert "Mallory" not in printed
        opening = ("share", "open", "--offline", "--trust", trust_file)
        for command in (("inspect",), ("qr", "--page", PAGE), opening):
            result = run(*command, tmp_path / "given.pdf")
            assert result.exit_code == 1, command
            assert "it holds different certificates" in result.stderr

    def test_both_are_genuine_and_it_is_still_invalid(self, verify, pdf, other_token):
        assert verify(edited(pdf, linked(verify_url(PAGE, other_token))))[0] == 1

    def test_a_damaged_one_beside_a_good_one(self, verify, seen, pdf, token):
        damaged = edited(pdf, attached("certificate.cose", token[:-1]))
        code, verdict = verify(damaged)
        assert code == 1
        assert [each["whole"] for each in verdict["document"]["sources"]] == [False, True, True]
        assert "attached file (damaged)" in seen(damaged)

    def test_several_inputs(self, run, trust_file, pdf, other_token, tmp_path):
        for name, data in (("a", pdf), ("b", edited(pdf, attached("x", other_token)))):
            (tmp_path / name).write_bytes(data)
        result = run("verify", tmp_path / "a", tmp_path / "b", "--trust", trust_file, "--json")
        assert result.exit_code == 1
        assert [each["status"] for each in json.loads(result.stdout)] == ["VALID", "INVALID"]


class TestContradiction:
    @pytest.fixture
    def forged(self, pdf) -> bytes:
        return edited(pdf, box(*NAME_AT), text("Mallory Fake", 250, 345, 40))

    def test_another_name_is_printed(self, verify, seen, forged, issued):
        code, verdict = verify(forged)
        assert (code, verdict["status"]) == (1, "INVALID")
        assert document_finding(verdict) == ["contradiction"]
        # What was signed is still shown: it is what the document is compared with.
        assert verdict["statement"]["id"] == issued["code"]
        report = verdict["document"]["report"]
        assert report["outcome"] == "contradiction_found"
        first = report["contradictions"][0]
        assert (first["field"], first["signed"], first["printed"]) == (
            "learner.name", "Jacob Ångström", "Mallory Fake",
        )  # fmt: skip
        printed = seen(forged)
        assert printed.startswith("INVALID: the token in it is VALID, but the document contradicts")
        assert "printed instead: Mallory Fake" in printed

    def test_what_is_printed_cannot_steer_the_terminal(self, seen, pdf):
        forged = edited(pdf, box(*NAME_AT), text("Mal\x1b[31mlory", 250, 345, 40))
        printed = seen(forged)
        assert "lory" in printed
        assert "\x1b" not in printed

    def test_nothing_is_compared_with_what_nobody_vouches_for(self, run, other_trust, pdf):
        result = run("verify", "-", "--trust", other_trust, "--json", stdin=pdf)
        verdict = json.loads(result.stdout)
        assert result.exit_code == 3
        assert verdict["document"]["report"] is None
        assert verdict["statement"] is None


class TestRendering:
    def test_what_was_signed_is_printed_anew(self, run, trust_file, pdf, tmp_path):
        forged = edited(pdf, box(*NAME_AT), text("Mallory Fake", 250, 345, 40))
        out = tmp_path / "fresh.pdf"
        result = run("verify", "-", "--trust", trust_file, "--render", out, stdin=forged)
        assert result.exit_code == 1
        assert f"wrote {out}" in result.stderr
        found = json.loads(answer(out.read_bytes()))
        words = "".join(run_[0] for page in found["pages"] for run_ in page["runs"])
        assert "Jacob Ångström" in words
        assert "Mallory" not in words
        assert all(link.startswith(PAGE) for link in found["links"])

    @pytest.mark.parametrize("option", ["--render", "--save-portrait"])
    def test_what_is_examined_is_not_written_over(self, run, trust_file, pdf, tmp_path, option):
        path = tmp_path / "given.pdf"
        path.write_bytes(pdf)
        (tmp_path / "link.pdf").symlink_to(path)
        for out in (path, tmp_path / "link.pdf"):
            result = run("verify", path, "--trust", trust_file, option, out)
            assert result.exit_code == 2
            assert "is what is to be checked" in result.stderr
        assert path.read_bytes() == pdf

    def test_nothing_that_is_no_file_is_replaced(self, run, trust_file, pdf, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "other").write_bytes(b"another file")
        (tmp_path / "link").symlink_to(tmp_path / "other")
        for name in ("pipe", "link"):
            out = tmp_path / name
            result = run("verify", "-", "--trust", trust_file, "--render", out, stdin=pdf)
            assert result.exit_code == 2, result.stdout
            assert name in result.stderr
        assert (tmp_path / "pipe").is_fifo()
        assert (tmp_path / "other").read_bytes() == b"another file"

    def test_also_of_a_link(self, run, trust_file, issued, tmp_path):
        out = tmp_path / "fresh.pdf"
        assert run("verify", issued["url"], "--trust", trust_file, "--render", out).exit_code == 0
        assert out.read_bytes().startswith(b"%PDF-")

    def test_a_page_that_is_not_the_issuers_is_not_printed(self, run, trust_file, token, tmp_path):
        out = tmp_path / "fresh.pdf"
        url = verify_url("https://evil.example/c/", token)
        assert run("verify", url, "--trust", trust_file, "--render", out).exit_code == 0
        with pikepdf.open(out) as opened:
            assert b"evil.example" not in b"".join(str(each).encode() for each in opened.objects)

    @pytest.mark.parametrize("which", ["untrusted", "disagreeing", "damaged"])
    def test_nothing_unverified_is_printed(
        self, run, trust_file, other_trust, pdf, other_token, tmp_path, *, which
    ):  # fmt: skip
        out = tmp_path / "fresh.pdf"
        data = {
            "untrusted": pdf,
            "disagreeing": edited(pdf, attached("x", other_token)),
            "damaged": other_token[:-1],
        }[which]
        trust = other_trust if which == "untrusted" else trust_file
        result = run("verify", "-", "--trust", trust, "--render", out, stdin=data)
        assert result.exit_code == (3 if which == "untrusted" else 1)
        assert "nothing was written" in result.stderr
        assert not out.exists()

    def test_one_input_at_a_time(self, run, trust_file, issued, tmp_path):
        url = issued["url"]
        result = run("verify", url, url, "--trust", trust_file, "--render", tmp_path / "x.pdf")
        assert result.exit_code == 2
        assert "one input at a time" in result.stderr


class TestPortrait:
    @pytest.fixture(scope="class")
    @staticmethod
    def issued_portrait(run, workspace, tmp_path_factory) -> bytes:
        out = tmp_path_factory.mktemp("portrait")
        check = {
            "method": "photo_match",
            "portrait_digest": portrait_digest(PHOTO_SALT, photo()).hex(),
        }
        certificate = {
            "learner": {"name": "Jacob Ångström"},
            "course": {"title": "T", "institution": "I"},
            "completed_on": "2026-11-02",
            "identity_checks": [check],
            "signatories": [{"name": "Ann Lee"}],
        }
        text_ = json.dumps(certificate)
        result = run("issue", "-", "--workspace", workspace, "--out", out, stdin=text_)
        assert result.exit_code == 0, result.output
        (path,) = out.glob("*.cose")
        return path.read_bytes()

    @pytest.fixture(scope="class")
    @staticmethod
    def trust(workspace, issued_portrait, tmp_path_factory) -> Path:
        assert issued_portrait  # its place in the status list is known from then on
        path = tmp_path_factory.mktemp("trust") / "trust.bundle"
        path.write_bytes(trust_of(workspace))
        return path

    @pytest.fixture
    def with_photo(self, printer, issued_portrait) -> bytes:
        return printer.pdf(Printed.of_token(issued_portrait, PAGE, Portrait(photo(), PHOTO_SALT)))

    def checked(self, run, trust, data: bytes, *options: object) -> tuple[int, Any, str]:
        result = run("verify", "-", "--trust", trust, "--json", *options, stdin=data)
        return result.exit_code, json.loads(result.stdout), result.stderr

    def test_the_attached_one_is_checked_and_written_out(self, run, trust, with_photo, tmp_path):
        out = tmp_path / "photo.jpg"
        code, verdict, _ = self.checked(run, trust, with_photo, "--save-portrait", out)
        assert (code, verdict["document"]["portrait"]) == (0, "signed")
        assert out.read_bytes() == photo()

    def test_that_none_is_attached_is_said(self, run, trust, printer, issued_portrait):
        code, verdict, _ = self.checked(
            run, trust, printer.pdf(Printed.of_token(issued_portrait, PAGE))
        )
        assert (code, verdict["document"]["portrait"]) == (0, "none_attached")

    def test_another_one_attached_is_invalid(self, run, trust, with_photo, tmp_path):
        forged = edited(with_photo, attached("portrait.jpeg", photo() + b"\0"))
        out = tmp_path / "photo.jpg"
        code, verdict, stderr = self.checked(run, trust, forged, "--save-portrait", out)
        assert (code, verdict["status"]) == (1, "INVALID")
        assert document_finding(verdict) == ["other_portrait"]
        assert "nothing was written" in stderr
        assert not out.exists()

    def test_a_photo_where_none_was_signed(self, verify, pdf):
        forged = edited(
            pdf,
            attached("portrait.jpg", photo()),
            attached("portrait-salt.txt", PHOTO_SALT.hex().encode()),
        )
        code, verdict = verify(forged)
        assert (code, verdict["document"]["portrait"]) == (1, "no_portrait_signed")

    def test_without_its_salt_nothing_is_known(self, run, trust, with_photo):
        def unsalted(opened: pikepdf.Pdf) -> None:
            del opened.attachments["portrait-salt.txt"]
            for each in opened.objects:
                if isinstance(each, pikepdf.Dictionary) and each.get("/UF") == "portrait-salt.txt":
                    each["/EF"] = pikepdf.Dictionary()

        code, verdict, _ = self.checked(run, trust, edited(with_photo, unsalted))
        assert (code, verdict["document"]["portrait"]) == (0, "no_salt")

    def test_a_photo_of_the_users_own(self, run, trust, issued_portrait, with_photo, tmp_path):
        same, other = tmp_path / "same.jpg", tmp_path / "other.jpg"
        same.write_bytes(photo())
        other.write_bytes(photo()[:-1])
        salt = ("--salt", PHOTO_SALT.hex())
        for data, options in ((issued_portrait, salt), (with_photo, ())):
            code, verdict, _ = self.checked(run, trust, data, "--portrait", same, *options)
            assert (code, verdict["portrait"]) == (0, "signed")
            code, verdict, _ = self.checked(run, trust, data, "--portrait", other, *options)
            assert (code, verdict["portrait"]) == (1, "not_the_signed_one")

    @pytest.mark.parametrize(
        ("options", "words", "code"),
        [
            (("--salt", "00" * 16), "--salt goes with --portrait", 2),
            (("--portrait", __file__), "needs the salt too", 2),
            (("--portrait", __file__, "--salt", "xyz"), "32 hexadecimal digits", 2),
            (("--portrait", "/nonexistent", "--salt", "00" * 16), "No such file", 4),
        ],
    )
    def test_what_is_missing(self, run, trust, issued_portrait, options, words, code):
        result = run("verify", "-", "--trust", trust, *options, stdin=issued_portrait)
        assert result.exit_code == code
        assert words in result.stderr
        assert "00" * 16 not in result.stderr


class TestNothingToCheck:
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (blank(text("Congratulations", 100, 300, 30)), "no certificate in the PDF"),
            (b"%PDF-1.7 but no more", "the PDF is damaged"),
        ],
    )
    def test_pdfs_without_any_certificate(self, verify, data, words):
        code, found = verify(data)
        assert code == 4
        assert words in found["error"]

    def test_a_password(self, verify, pdf):
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            written = io.BytesIO()
            opened.save(written, encryption=pikepdf.Encryption(owner="a", user="b"))
        code, found = verify(written.getvalue())
        assert code == 4
        assert "opens only with a password" in found["error"]

    def test_without_the_extra_it_says_what_to_install(self, verify, pdf, monkeypatch):
        monkeypatch.setattr(document_files, "_NEEDED", ("a_package_that_nobody_has",))
        code, found = verify(pdf)
        assert code == 4
        assert "pip install 'signedcert[pdf]'" in found["error"]

    def test_a_scan_is_read_and_not_compared(self, verify, printer, token):
        png = printer.png(Printed.of_token(token, PAGE), ppi=110)[0]
        code, verdict = verify(blank(pictured(png, 0, 0, 842)))
        assert code == 0
        assert [each["source"] for each in verdict["document"]["sources"]] == ["qr_code"]
        assert verdict["document"]["report"]["reason"] == "no_text"


def test_pictures_are_read_without_the_extra(trust_file, printer, token, pdf, tmp_path):
    """As in an installation of signedcert[cli] alone."""
    program = (
        "import sys\n"
        "for name in ('typst', 'pikepdf', 'pypdfium2', 'babel'):\n"
        "    sys.modules[name] = None\n"
        "from signedcert.cli import main\n"
        "main()\n"
    )
    png = tmp_path / "certificate.png"
    png.write_bytes(printer.png(Printed.of_token(token, PAGE), ppi=110)[0])
    (tmp_path / "certificate.pdf").write_bytes(pdf)
    given = [png, tmp_path / "certificate.pdf"]
    codes = []
    for path in given:
        arguments = ["verify", str(path), "--trust", str(trust_file)]
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments], capture_output=True, check=False
        )
        codes.append(done.returncode)
    assert codes == [0, 4]
    assert b"pip install 'signedcert[pdf]'" in done.stderr


def test_a_share_as_a_pdf_is_compared_when_it_is_opened(run, printer, tmp_path):
    workspace = tmp_path / "ws"
    run("init", "--workspace", workspace, "--issuer", "learn.example.edu", "--no-passphrase")
    source = "docs/examples/course-record.json"
    made = run("issue", "--record", source, "--workspace", workspace, "--out", tmp_path, "--json")
    record = tmp_path / f"{json.loads(made.stdout)['code']}.cose"
    shared = run(
        "share", "create", record, "--preset", "final-score", "--audience", "Acme",
        "--workspace", workspace, "--out", tmp_path, "--json",
    )  # fmt: skip
    url = json.loads(shared.stdout)["url"]
    trust = tmp_path / "trust.bundle"
    trust.write_bytes(trust_of(workspace))
    page, _, _ = url.partition("#")
    honest = printer.pdf(Printed.of_token(sc.token_from_text(url), page))
    path = tmp_path / "share.pdf"
    for data, code in ((honest, 0), (edited(honest, text("Mallory Fake", 80, 700, 40)), 1)):
        path.write_bytes(data)
        opened = run("share", "open", path, "--audience", "Acme", "--trust", trust, "--offline")
        assert opened.exit_code == code, opened.stdout
        assert run("verify", path, "--audience", "Acme", "--trust", trust).exit_code == code
    assert "contradict" in opened.stdout


def test_links_load_nothing_that_documents_need(trust_file, issued):
    program = (
        "import sys\n"
        "from signedcert.cli.app import app\n"
        "try:\n"
        "    app()\n"
        "finally:\n"
        "    assert not {'typst', 'pikepdf', 'pypdfium2', 'babel'} & set(sys.modules)\n"
    )
    arguments = ["verify", issued["url"], "--trust", str(trust_file)]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert b"VALID" in done.stdout


def test_a_token_is_no_pdf_whatever_is_written_in_it(run, workspace, tmp_path):
    certificate = {"learner": {"name": "%PDF-1.7"}, "course": {"title": "T", "institution": "I"},
                   "completed_on": "2026-11-02"}  # fmt: skip
    arguments = ("issue", "-", "--workspace", workspace, "--out", tmp_path)
    assert run(*arguments, stdin=json.dumps(certificate)).exit_code == 0
    (path,) = tmp_path.glob("*.cose")
    assert json.loads(run("inspect", path, "--json").stdout)["statement"]["learner"] == {
        "name": "%PDF-1.7"
    }
