"""Recovery codes, share keys and the secrets of sealed links: nowhere but where they belong."""

import base64
import re
import stat
from pathlib import Path

import pytest
from record_issuer import AUDIENCE

from signedcert import SoftwareSigner
from signedcert.codec.text import secret_from_text
from signedcert.share.recovery_code import seed_of_code

CODE = re.compile("(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}")
EVERYTHING = ("--preset", "everything")


def forms(secret, text):
    """How a secret could be written down."""
    encodings = (bytes, base64.b64encode, base64.urlsafe_b64encode, base64.b16encode)
    return {
        text.encode(),
        text.replace("-", "").encode(),
        secret.hex().encode(),
        *(encode(secret).rstrip(b"=") for encode in encodings),
    }


def files_with(folder, wanted):
    """The files in a folder in which a secret stands."""
    found = set()
    for path in folder.rglob("*"):
        if path.is_file() and any(form in path.read_bytes() for form in wanted):
            found.add(path)
    return found


class Watched:
    """Runs commands and keeps all that they say."""

    def __init__(self, school):
        self.school, self.said = school, ""

    def __call__(self, *arguments, code=0, stdin="", **env):
        for more in ((), ("--json",)):
            result = self.school.run(*arguments, *more, stdin=stdin, **env)
            assert result.exit_code == code, result.output
            self.said += result.stdout + result.stderr
        return result


@pytest.fixture
def watched(school):
    return Watched(school)


def everyday(watched, record, share, *options, **env):
    """What is done with a record and its shares, with and without an error in it."""
    school, where = watched.school, ("--workspace", watched.school.workspace)
    watched("inspect", record["token_file"])
    watched("verify", record["token_file"], "--trust", school.store, code=3)
    watched("share", "show", record["token_file"])
    watched("share", "show", share["share"], *where)
    watched("share", "list", *where)
    watched("reissue", record["code"], *where, "--out", school.out)
    create = ("share", "create", record["code"], *where, *options)
    watched(*create, "--audience", "A", "--show", "nonsense", code=2, **env)
    watched("share", "open", share["url"], "--offline", "--trust", school.store, code=4)
    watched("publish", *where, "--out", school.site)


def test_a_recovery_code_is_printed_once_and_written_nowhere(school, watched):
    record = school.record("--recovery-code")
    code = record["recovery_code"]
    env = {"SIGNEDCERT_RECOVERY_CODE": code}
    school.publish_and_fetch()
    share = school.share(record["code"], *EVERYTHING, "--sealed", "--recovery-code", **env)
    everyday(watched, record, share, "--recovery-code", **env)
    watched("share", "create", record["token_file"], "--audience", "A", *EVERYTHING,
            "--recovery-code", **env)  # fmt: skip
    secret = forms(seed_of_code(code), code)
    assert files_with(school.folder, secret) == set()
    assert not CODE.search(watched.said)
    assert not any(form.decode("latin-1") in watched.said for form in secret)
    told = school.told("share", "reset", "--all", record["code"], "--recovery-code",
                       "--out", school.out)  # fmt: skip
    (new,) = CODE.findall(told)
    assert new != code
    assert not CODE.search(school.notes)
    assert files_with(school.folder, forms(seed_of_code(new), new)) == set()


def test_a_share_key_is_in_its_own_file_alone(school, watched):
    record = school.record()
    kept = Path(record["holder_key_file"])
    pem = kept.read_bytes()
    public = SoftwareSigner.from_pem(pem).public_key.raw
    body = b"".join(pem.splitlines()[1:-1])
    secret = forms(base64.b64decode(body)[-32:], body.decode())
    # The public half is in the record, so this looks where it should.
    assert files_with(school.out, {public}) == {Path(record["token_file"])}
    school.publish_and_fetch()
    share = school.share(record["code"], *EVERYTHING, "--sealed")
    everyday(watched, record, share)
    assert files_with(school.folder, secret) == {kept}
    assert not any(form.decode("latin-1") in watched.said for form in secret)


def test_the_secret_of_a_sealed_link_is_in_the_link_alone(school, watched):
    record = school.record()
    school.publish_and_fetch()
    share = school.share(record["code"], *EVERYTHING, "--sealed")
    secret = secret_from_text(share["url"])
    wanted = forms(secret, share["url"].partition("#")[2])
    everyday(watched, record, share)
    for arguments in (
        ("share", "show", share["url"]),
        ("share", "create", share["url"], "--audience", "A", *EVERYTHING),
    ):
        watched(*arguments, code=4)
    watched("share", "list", share["url"], "--workspace", school.workspace, code=2)
    watched("share", "reset", "--all", share["url"], "--workspace", school.workspace, code=2)
    school.do("share", "reset", share["share"])
    assert files_with(school.folder, wanted) == set()
    assert not any(form.decode("latin-1") in watched.said for form in wanted)


def test_a_site_says_nothing_of_learners_and_audiences(school):
    record = school.record()
    school.share(record["code"], *EVERYTHING)
    school.share(record["code"], *EVERYTHING, "--sealed")
    school.publish()
    words = {b"Jacob", "Ångström".encode(), AUDIENCE.encode(), b"Toyota",
             record["code"].encode()}  # fmt: skip
    assert files_with(school.out, words)
    assert files_with(school.site, words) == set()


def test_what_is_the_learners_is_for_its_owner_alone(run, school):
    key = school.folder / "mine.pem"
    run("share", "key", "--out", key, "--no-passphrase")
    learners = school.record("--holder-key", f"{key}.pub")
    kept = school.record()
    school.share_alone(learners["token_file"], *EVERYTHING, "--key", key, "--out", school.out)
    school.share(kept["code"], *EVERYTHING, "--sealed", "--out", school.out)
    school.do("reissue", kept["code"], "--out", school.folder / "again")
    school.do("share", "reset", "--all", kept["code"], "--out", school.folder / "anew")
    private = [
        key,
        *school.workspace.glob("holders/*.pem"),
        *school.workspace.glob("ledger.sqlite*"),
        *(path for name in ("out", "again", "anew")
          for path in (school.folder / name).iterdir() if path.suffix != ".lock"),
    ]  # fmt: skip
    assert {path.suffix for path in private} >= {".pem", ".cose", ".json", ".png", ".sqlite"}
    for path in private:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_share_key_file_with_a_passphrase(run, school):
    secret = {"SIGNEDCERT_PASSPHRASE": "learning-42"}
    key = school.folder / "mine.pem"
    made = run("share", "key", "--out", key, **secret)
    assert made.exit_code == 0, made.output
    assert "learning-42" not in made.output
    assert b"ENCRYPTED" in key.read_bytes()
    file = school.record("--holder-key", f"{key}.pub")["token_file"]
    assert school.share_alone(file, *EVERYTHING, "--key", key, **secret)["rows"] == ["everything"]
    arguments = ("share", "create", file, "--audience", "A", *EVERYTHING, "--key", key)
    for env, words in (({"SIGNEDCERT_PASSPHRASE": "guess-17"}, "wrong passphrase"),
                       ({}, "SIGNEDCERT_PASSPHRASE")):  # fmt: skip
        refused = run(*arguments, **env)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert words in refused.stderr
        assert "guess-17" not in refused.stderr
    again = run("share", "key", "--out", key, **secret)
    assert again.exit_code == 2
    assert "exists already; nothing was changed" in again.stderr
