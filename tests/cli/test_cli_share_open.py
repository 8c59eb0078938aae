"""share open: what whoever is shown a share sees of it, and what is refused without showing it."""

import json
import re
from pathlib import Path

import pytest
from own_issuer import in_days
from record_issuer import AUDIENCE, RECORD, WITHHELD, reasons

from signedcert.codec.text import frame_from_text, verify_url
from signedcert.qr.read import read

PAGE = "https://learn.example.edu/r/"


def changed(link, old, new):
    """A share that says something else, as a link."""
    token = frame_from_text(link).to_bytes()
    assert token.count(old) == 1
    return verify_url(PAGE, token.replace(old, new))


def line_of(text, label):
    """What is said of a finding or a field."""
    (line,) = [line for line in text.splitlines() if label in line]
    return line.partition(label)[2].strip()


def test_the_same_in_every_form(run, shown, tmp_path):
    school, url, picture = shown.school, shown.link["url"], shown.link["qr_file"]
    (scanned,) = read(Path(picture).read_bytes())
    (tmp_path / "link.txt").write_text(f"{url}\n")
    (tmp_path / "share.cose").write_bytes(frame_from_text(url).to_bytes())
    expected = school.opened(url)
    assert expected["status"] == "VALID"
    for given in (picture, scanned, url.partition("#")[2], tmp_path / "link.txt",
                  tmp_path / "share.cose"):  # fmt: skip
        found = school.opened(given)
        document = found.pop("document", None)
        assert found == expected
        assert (document is not None) == (given == picture)
    verified = run("verify", url, "--trust", school.store, "--json")
    assert json.loads(verified.stdout) == expected


def test_what_is_hidden_is_withheld_and_neither_absent_nor_zero(shown):
    statement = shown.school.opened(shown.link["url"])["statement"]
    assert statement["learner"] == statement["identity_checks"] == WITHHELD
    assert statement["final_score"] == RECORD["final_score"]
    rows = statement["assessments"]
    assert [row for row in rows if row != WITHHELD] == RECORD["assessments"][2:]
    # Decoys among them, so that nobody can count.
    assert len(rows) == 8
    told = shown.school.seen(shown.link["url"])
    assert re.search(r"^learner +withheld$", told, re.MULTILINE)
    assert re.search(r"^identity checks +withheld$", told, re.MULTILINE)
    counts = re.findall(
        r"^up to (\d) withheld: how many there are is not known$", told, re.MULTILINE
    )
    assert sum(map(int, counts)) == 7
    assert re.search(r"^Final exam +exam +93.25 +2$", told, re.MULTILINE)
    assert "Jacob" not in told
    assert "Toyota" not in told


def test_other_lists_are_not_counted_either(shown):
    made = shown.school.share(shown.record["code"], "--show", "identity_checks[0]")
    told = shown.school.seen(made["url"])
    label, *rows = told[told.index("identity checks") : told.index("status")].splitlines()
    rows = [label.removeprefix("identity checks").strip(), *map(str.strip, rows)]
    assert "identity document" in rows
    counts = [row for row in rows if row != "identity document"]
    assert sum(int(row.split()[2]) for row in counts) == 3
    assert all(row.endswith("withheld: how many there are is not known") for row in counts)


def test_nobody_said_who_they_are(shown):
    verdict = shown.school.opened(shown.link["url"])
    assert verdict["findings"][8] == {
        "check": "AUDIENCE",
        "outcome": "NOT_APPLICABLE",
        "reason": "audience_not_asked",
    }
    told = shown.school.seen(shown.link["url"])
    words = f"Prepared for {AUDIENCE}. If that is not you, ask the learner."
    assert line_of(told, "prepared for you") == words


@pytest.mark.parametrize("name", [AUDIENCE, f"  {AUDIENCE}\u2003"])
def test_the_audience_itself(shown, name):
    verdict = shown.school.opened(shown.link["url"], "--audience", name)
    assert verdict["status"] == "VALID"
    assert verdict["findings"][8]["outcome"] == "PASSED"


@pytest.mark.parametrize("name", ["acme hr", "Acme", "Acme HR GmbH"])
def test_somebody_else(run, shown, name):
    options = ("--audience", name)
    verdict = shown.school.opened(shown.link["url"], *options)
    assert verdict["status"] == "INVALID"
    assert reasons(verdict) == {"AUDIENCE": "other_audience"}
    told = shown.school.seen(shown.link["url"], *options)
    assert line_of(told, "prepared for you") == "It was prepared for somebody else."
    verified = run("verify", shown.link["url"], "--trust", shown.school.store, *options)
    assert verified.exit_code == 1


@pytest.mark.parametrize("command", [("share", "open"), ("verify",)])
@pytest.mark.parametrize("name", ["", "  ", "\u2003"])
def test_a_blank_name_is_no_answer(run, shown, command, name):
    options = ("--trust", shown.school.store, "--audience", name)
    result = run(*command, shown.link["url"], *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the audience is blank; leave --audience out" in result.stderr
    assert "None" not in result.stderr


def test_after_its_end_the_link_has_ended_and_not_the_record(shown):
    later = ("--now", in_days(4))
    verdict = shown.school.opened(shown.link["url"], *later)
    assert verdict["status"] == "INVALID"
    assert reasons(verdict) == {"SHARE_VALIDITY": "share_expired"}
    told = shown.school.seen(shown.link["url"], *later)
    ended = "The link has ended; the record may well be valid. Ask for a new link."
    assert line_of(told, "period of the link") == ended
    assert line_of(told, "period of validity") == "It is valid at the moment of checking."
    assert "expired" not in told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Final exam", b"Final EXAM"),
        (b"Operations Management", b"Operations management"),
        (b"Acme HR", b"Acme Hr"),
        (b"learn.example.edu", b"learn.example.edv"),
    ],
)
def test_changed_it_is_invalid(shown, old, new):
    link = changed(shown.link["url"], old, new)
    verdict = shown.school.opened(link)
    assert verdict["status"] == "INVALID"
    assert new.decode() not in json.dumps(verdict["statement"])
    assert new.decode() not in shown.school.seen(link)


def test_an_issuer_whom_nobody_trusts(run, shown, other_trust):
    for given, sealed in ((shown.link["url"], ()), (shown.sealed["url"], ("--sealed", "FILE"))):
        file = [shown.sealed["sealed_file"] if part == "FILE" else part for part in sealed]
        result = run("share", "open", given, "--trust", other_trust, *file)
        assert result.exit_code == 3
        assert result.stdout.startswith("INDETERMINATE")
        assert "93.25" not in result.stdout


@pytest.mark.parametrize(
    ("named", "status", "reason", "code"),
    [("this", "PASSED", "ok", 0), ("other", "FAILED", "other_record", 1),
     ("none", "NOT_APPLICABLE", "no_record_id", 3)],
)  # fmt: skip
def test_beside_a_certificate(run, shown, named, status, reason, code):
    ids = {"this": {"record_id": shown.record["code"]},
           "other": {"record_id": "0000-0000-0000-0000"}, "none": {}}  # fmt: skip
    certificate = shown.school.issue(**ids[named])
    options = ("share", "open", shown.link["url"], "--trust", shown.school.store,
               "--certificate", certificate["url"])  # fmt: skip
    result = run(*options, "--json")
    assert result.exit_code == code
    printed = json.loads(result.stdout)
    assert printed["status"] == printed["certificate"]["status"] == "VALID"
    found = printed["record_link"]
    assert (found["outcome"], found["reason"]) == (status, reason)
    told = run(*options).stdout
    assert "belongs to the certificate" in told
    assert "The certificate by itself is VALID." in told


def test_one_share_and_one_certificate(run, shown):
    certificate, share = shown.school.issue()["url"], shown.link["url"]
    for given, beside, words in (
        (certificate, certificate, "this is a certificate; name it with --certificate"),
        (share, share, "is a course record, no certificate"),
    ):
        options = ("--trust", shown.school.store, "--certificate", beside)
        result = run("share", "open", given, *options)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr


def test_lists_from_after_this_moment_are_said_to_be(shown):
    told = shown.school.seen(shown.link["url"], "--now", in_days(-0.001))
    assert "dated later than your clock" in line_of(told, "reset of the link")
