"""pdf: certificates and course records on paper, from the ledger and from what a learner holds."""

import io
import json
import stat

import pikepdf
import pytest
from sample_certificate import CERTIFICATE

from signedcert.documents import Design
from signedcert.workspace.workspace import Workspace

PAGE = "https://learn.example.edu/c/"


@pytest.fixture(scope="module")
def own(run, tmp_path_factory):
    """A workspace, its folder, and the code of what it issued."""
    folder = tmp_path_factory.mktemp("printing")
    workspace = folder / "ws"
    made = run("init", "--workspace", workspace, "--issuer", "learn.example.edu", "--no-passphrase")
    assert made.exit_code == 0, made.stderr
    source = folder / "certificate.json"
    codes = []
    for name in ("Jacob Ångström", "María José Carreño", "ليلى الهاشمي"):
        source.write_text(json.dumps(CERTIFICATE | {"learner": {"name": name}}), encoding="utf-8")
        issued = run("issue", source, "--workspace", workspace, "--out", folder / "out", "--json")
        assert issued.exit_code == 0, issued.stderr
        codes.append(json.loads(issued.stdout)["code"])
    return workspace, folder, codes


def attached(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return opened.attachments["certificate.cose"].get_file().read_bytes()


def test_by_code_into_the_workspace(run, own):
    workspace, folder, codes = own
    result = run("pdf", codes[0], "--workspace", workspace)
    assert result.exit_code == 0, result.stderr
    path = Workspace.open(workspace).issued_folder / f"{codes[0]}.pdf"
    assert str(path) in result.stdout
    assert "QR code of version" in result.stdout
    assert attached(path.read_bytes()) == (folder / "out" / f"{codes[0]}.cose").read_bytes()


def test_a_token_a_link_and_the_qr_picture_print_the_same(run, own, tmp_path):
    _, folder, codes = own
    token = folder / "out" / f"{codes[0]}.cose"
    sources = {
        "token": (token, "--page", PAGE),
        "picture": (folder / "out" / f"{codes[0]}.png",),
    }
    found = set()
    for name, source in sources.items():
        result = run("pdf", *source, "--out", tmp_path / name)
        assert result.exit_code == 0, result.stderr
        found.add((tmp_path / name / f"{codes[0]}.pdf").read_bytes())
    assert len(found) == 1


def test_everything_in_the_ledger_in_all_formats(run, own, tmp_path):
    workspace, _, codes = own
    result = run(
        "pdf", "--all", "--workspace", workspace, "--out", tmp_path, "--format", "pdf,png,svg",
        "--ppi", "72", "--design", "modern", "--paper", "us-letter", "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    made = json.loads(result.stdout)
    assert [each["input"] for each in made] == codes
    for code in codes:
        for suffix in (".pdf", "-page-1.png", "-page-1.svg"):
            assert (tmp_path / f"{code}{suffix}").exists()
    assert sorted(str(path) for path in tmp_path.iterdir()) == sorted(
        path for each in made for path in each["files"]
    )


def test_one_that_cannot_be_printed_does_not_stop_the_others(run, tmp_path):
    workspace = tmp_path / "ws"
    run("init", "--workspace", workspace, "--issuer", "learn.example.edu", "--no-passphrase")
    issued = []
    for name in ("Good Name", "தமிழ் பெயர்", "Another Name"):
        (tmp_path / "c.json").write_text(json.dumps(CERTIFICATE | {"learner": {"name": name}}))
        made = run("issue", tmp_path / "c.json", "--workspace", workspace, "--json")
        issued.append(json.loads(made.stdout)["code"])
    result = run("pdf", "--all", "--workspace", workspace, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert issued[1] in result.stderr
    assert "font" in result.stderr
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == sorted([f"{issued[0]}.pdf", f"{issued[2]}.pdf"])


def test_the_theme_of_the_workspace_is_found(run, own, tmp_path):
    workspace, _, codes = own
    theme = workspace / "theme.toml"
    theme.write_text('design = "modern"\npaper = "us-letter"\n')
    try:
        assert run("pdf", codes[0], "--workspace", workspace, "--out", tmp_path).exit_code == 0
    finally:
        theme.unlink()
    with pikepdf.open(tmp_path / f"{codes[0]}.pdf") as pdf:
        assert [float(each) for each in pdf.pages[0].MediaBox] == pytest.approx([0, 0, 792, 612])


def test_a_course_record_is_its_owners_alone(run, own, tmp_path):
    workspace, _, _ = own
    source = "docs/examples/course-record.json"
    made = run("issue", "--record", source, "--workspace", workspace, "--out", tmp_path, "--json")
    assert made.exit_code == 0, made.stderr
    code = json.loads(made.stdout)["code"]
    result = run("pdf", code, "--workspace", workspace, "--out", tmp_path)
    assert result.exit_code == 0, result.stderr
    assert stat.S_IMODE((tmp_path / f"{code}.pdf").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "INPUT"),
        (("--all",), "--workspace"),
        (("X", "--format", "docx"), "--format takes pdf, png, svg"),
        (("0000-0000-0000-0000",), "--workspace DIR"),
        (("TOKEN",), "--page URL"),
        (("TOKEN", "--page", PAGE, "--design", "baroque"), " or ".join(Design)),
        (("TOKEN", "--page", PAGE, "--paper", "a5"), "a4"),
        (("TOKEN", "--page", PAGE, "--fonts", "/nonexistent"), "no such folder"),
        (("TOKEN", "--page", PAGE, "--portrait", "x.png"), "go together"),
        (("TOKEN", "--page", PAGE, "--salt", "00" * 16), "go together"),
        (("TOKEN", "--page", "ftp://x/"), "http"),
        (("TOKEN", "--page", PAGE, "--theme", "/nonexistent.toml"), "nonexistent.toml"),
    ],
)
def test_wrong_usage_says_what_to_do(run, own, tmp_path, arguments, words):
    _, folder, codes = own
    token = str(folder / "out" / f"{codes[0]}.cose")
    given = [token if each == "TOKEN" else each for each in arguments]
    result = run("pdf", *given, "--out", tmp_path / "out")
    assert result.exit_code == 2, result.stdout
    assert words.replace(" or ", ", ") in result.stderr or words in result.stderr


def test_garbage_is_no_token(run, tmp_path):
    (tmp_path / "x.cose").write_bytes(b"\xd2garbage")
    result = run("pdf", tmp_path / "x.cose", "--page", PAGE, "--out", tmp_path)
    assert result.exit_code == 1
    assert not list(tmp_path.glob("*.pdf"))


def test_a_share_is_not_written_over_its_record(run, own, tmp_path):
    workspace, _, _ = own
    made = run(
        "issue", "--record", "docs/examples/course-record.json", "--workspace", workspace,
        "--out", tmp_path, "--json",
    )  # fmt: skip
    record = tmp_path / f"{json.loads(made.stdout)['code']}.cose"
    shared = run(
        "share", "create", record, "--preset", "final-score", "--audience", "Acme",
        "--workspace", workspace, "--out", tmp_path, "--json",
    )  # fmt: skip
    assert shared.exit_code == 0, shared.stderr
    url = json.loads(shared.stdout)["url"]
    out = tmp_path / "out"
    result = run("pdf", record, url, record, "--workspace", workspace, "--out", out)
    assert result.exit_code == 2
    assert "was written for" in result.stderr
    names = sorted(path.name for path in out.iterdir())
    assert len(names) == 2
    assert "-share-" in names[0] or "-share-" in names[1]


def test_one_that_is_no_token_does_not_stop_the_others(run, own, tmp_path):
    workspace, _, codes = own
    result = run(
        "pdf", codes[0], "nosuch.cose", "0000-0000-0000-0000", codes[1],
        "--workspace", workspace, "--out", tmp_path,
    )  # fmt: skip
    assert result.exit_code == 2
    assert "nosuch.cose" in result.stderr
    assert "no token of this code" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        f"{code}.pdf" for code in codes[:2]
    )


def test_what_was_withdrawn_or_has_expired_is_said(run, own, tmp_path):
    workspace, _, _ = own
    (tmp_path / "c.json").write_text(
        json.dumps(CERTIFICATE | {"expires_at": "2030-01-01T00:00:00Z"}), encoding="utf-8"
    )
    made = run("issue", tmp_path / "c.json", "--workspace", workspace, "--json")
    code = json.loads(made.stdout)["code"]
    late = run(
        "pdf", code, "--workspace", workspace, "--out", tmp_path, "--now", "2031-01-01T00:00:00Z"
    )
    assert late.exit_code == 0
    assert "it expired on 2030-01-01" in late.stderr
    assert run("revoke", code, "--workspace", workspace, "--reason", "mistake").exit_code == 0
    for command in ("pdf", "share-kit"):
        result = run(command, code, "--workspace", workspace, "--out", tmp_path / command)
        assert result.exit_code == 0, result.stderr
        assert "it is revoked" in result.stderr
