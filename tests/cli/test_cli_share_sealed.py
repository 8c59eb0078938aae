"""share open of sealed shares: with the right file, without one, and with a wrong one."""

from pathlib import Path

import pytest
from record_issuer import AUDIENCE, RecordIssuer, withheld


def test_a_sealed_share_with_its_file_or_its_folder(shown):
    file = Path(shown.sealed["sealed_file"])
    site = shown.school.site / "r" / "sealed"
    for given in (file, file.parent, site, site / file.name):
        verdict = shown.school.opened(shown.sealed["url"], "--sealed", given)
        assert verdict["status"] == "VALID"
        assert withheld(verdict) == {"learner", "final_score", "identity_checks"}
    # The name of the file is nothing that counts.
    moved = shown.school.folder / "attachment.bin"
    moved.write_bytes(file.read_bytes())
    assert shown.school.opened(shown.sealed["url"], "--sealed", moved)["status"] == "VALID"


def test_a_sealed_share_without_its_file(run, shown, tmp_path):
    store = ("--trust", shown.school.store)
    verified = run("verify", shown.sealed["url"], *store)
    assert verified.exit_code == 3
    assert "signedcert share open gets it" in verified.stdout
    name = f"{shown.sealed['sealed_name']}.cose"
    for options, words in (
        (("--offline",), f"its file is {name}: give it"),
        (("--sealed", tmp_path), "The link may have been reset: ask the learner for a new one"),
    ):
        for more in ((), ("--json",)):
            opened = run("share", "open", shown.sealed["url"], *store, *options, *more)
            assert (opened.exit_code, opened.stdout) == (4, "")
            assert words in opened.stderr
            assert shown.sealed["url"].partition("#")[2] not in opened.stderr


def test_a_sealed_file_that_is_not_the_one(shown, tmp_path):
    school = shown.school
    other = school.share(shown.record["code"], "--preset", "everything", "--sealed")
    data = Path(shown.sealed["sealed_file"]).read_bytes()
    damaged = {
        "swapped": Path(other["sealed_file"]).read_bytes(),
        "cut": data[:-1],
        "half": data[: len(data) // 2],
        "longer": data + b"\x00",
        "empty": b"",
        "garbage": bytes(len(data)),
        "huge": data * 20,
    } | {
        f"bit {at}": data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        for at in (0, 5, 20, 50, len(data) // 2, len(data) - 1)
    }
    for name, content in damaged.items():
        path = tmp_path / f"{shown.sealed['sealed_name']}.cose"
        path.write_bytes(content)
        verdict = school.opened(shown.sealed["url"], "--sealed", path)
        assert verdict["status"] == "INVALID", name
        assert verdict["findings"][0]["reason"] == "sealed_file_refused", name
        assert verdict["statement"] is None
        told = school.seen(shown.sealed["url"], "--sealed", path)
        assert "The sealed file is not the one that the link opens, or damaged." in told
        assert "93.25" not in told


def test_another_secret_does_not_open_it(shown):
    other = shown.school.share(shown.record["code"], "--preset", "everything", "--sealed")
    verdict = shown.school.opened(other["url"], "--sealed", shown.sealed["sealed_file"])
    assert verdict["findings"][0]["reason"] == "sealed_file_refused"
    assert verdict["statement"] is None


def test_a_page_of_ones_own_has_to_serve_the_file(run, tmp_path):
    page = "https://verify.example.edu/check/"
    school = RecordIssuer(run, tmp_path)
    code = school.record()["code"]
    told = school.told("share", "create", code, "--audience", AUDIENCE, "--preset", "summary",
                       "--sealed", "--page", page)  # fmt: skip
    [file] = school.sealed.iterdir()
    assert f"next   serve it as https://verify.example.edu/check/sealed/{file.name}" in told
    told = school.told("share", "create", code, "--audience", AUDIENCE, "--preset", "summary",
                       "--sealed")  # fmt: skip
    assert "next   signedcert publish: the link opens once the sealed file is on the site" in told


def test_an_empty_path_is_not_the_current_folder(run, shown, monkeypatch):
    # There it would be found.
    monkeypatch.chdir(Path(shown.sealed["sealed_file"]).parent)
    store = ("--trust", shown.school.store)
    result = run("share", "open", shown.sealed["url"], *store, "--sealed", "")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the path is empty" in result.stderr


@pytest.mark.parametrize("command", [("share", "open"), ("verify",)])
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_the_file_without_its_link(run, shown, command, options):
    file = shown.sealed["sealed_file"]
    result = run(*command, file, "--trust", shown.school.store, *options)
    assert result.exit_code == 1
    assert "INVALID" in result.stdout
    words = f"signedcert: {file}: this is the file of a sealed share, which says nothing without"
    assert words in result.stderr
    assert "signedcert share open LINK --sealed FILE" in result.stderr


def test_what_is_no_sealed_file_has_no_such_hint(run, shown, tmp_path):
    data = Path(shown.sealed["sealed_file"]).read_bytes()
    for at, other in enumerate((data[:-1], data + b"\0", data * 20, b"\xd0\x83\xff")):
        file = tmp_path / f"{at}.cose"
        file.write_bytes(other)
        result = run("verify", file, "--trust", shown.school.store)
        assert result.exit_code == 1
        assert "sealed share" not in result.stderr
