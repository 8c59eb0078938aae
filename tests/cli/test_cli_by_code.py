"""by-code: certificates that are opened by their printed codes, while their learners agree."""

import json

import pytest
from own_issuer import in_days
from sample_certificate import CERTIFICATE

from signedcert.model.code import id_from_code

RECORD = {
    "learner": {"name": "A"},
    "course": {"title": "T", "institution": "I"},
    "final_score": {"score": 90},
}


def codes_in(site):
    return {path.parent.name for path in site.glob("v/*/index.html")}


def listed(own):
    return [each["code"] for each in own.do("by-code", "list")]


def test_allowed_when_it_is_issued_and_withdrawn_later(own):
    one, other = own.issue("--by-code"), own.issue()
    assert own.publish()["by_code"] == 1
    assert codes_in(own.site) == {one["code"]}
    assert one["url"].partition("#")[2] in (
        own.site / "v" / one["code"] / "index.html"
    ).read_text()  # fmt: skip
    done = own.do("by-code", "allow", other["code"])
    assert done == [{"code": other["code"], "by_code": "allowed"}]
    assert codes_in(own.site) == {one["code"]}  # until it is published
    assert own.publish()["by_code"] == 2
    assert codes_in(own.site) == {one["code"], other["code"]}
    done = own.do("by-code", "withdraw", one["code"])
    assert done == [{"code": one["code"], "by_code": "withdrawn"}]
    assert own.publish()["by_code"] == 1
    assert codes_in(own.site) == {other["code"]}
    # The certificate itself is as valid as before.
    own.fetch()
    assert own.verdict(one["url"]) == ("VALID", "")


def test_people_are_told(own):
    one, other = own.issue("--by-code"), own.issue("--by-code")
    first, second = sorted([one["code"], other["code"]], key=id_from_code)
    lines = own.told("by-code", "list").splitlines()
    assert lines[0].split() == ["code", "since"]
    assert [line.split()[0] for line in lines[1:3]] == [first, second]
    assert lines[-1] == "2 certificates"
    told = own.told("by-code", "withdraw", first, second)
    assert told.splitlines() == [
        f"withdrawn  {first}",
        f"withdrawn  {second}",
        f"next       signedcert publish --workspace {own.workspace} --out SITE",
    ]
    assert own.told("by-code", "list") == "0 certificates\n"
    assert own.told("by-code", "allow", first).startswith(f"allowed    {first}\n")
    assert own.told("by-code", "list").endswith("\n1 certificate\n")
    assert f"wrote  {own.site / 'v'}, by code: 1\n" in own.told("publish", "--out", own.site)


def test_programs_get_the_address(own):
    printed, at = own.issue(), in_days(20)
    own.do("by-code", "allow", printed["code"], "--now", at)
    assert own.do("by-code", "list") == [
        {
            "code": printed["code"],
            "since": at,
            "address": f"https://learn.example.edu/v/{printed['code']}/",
        }
    ]


def test_codes_are_taken_as_people_type_them(own):
    printed = own.issue()
    typed = printed["code"].replace("-", " ").lower().replace("0", "o")
    assert own.do("by-code", "allow", typed)[0]["code"] == printed["code"]
    assert listed(own) == [printed["code"]]
    # Once more changes nothing.
    own.do("by-code", "allow", printed["code"], printed["code"])
    assert listed(own) == [printed["code"]]
    for _ in range(2):
        own.do("by-code", "withdraw", printed["code"])
        assert listed(own) == []


@pytest.mark.parametrize("command", ["allow", "withdraw"])
def test_what_is_no_code_of_a_certificate_changes_nothing(own, command):
    one, other = own.issue("--by-code")["code"], own.issue()["code"]
    unknown = "0000-0000-0000-0000"
    refused = own.refused("by-code", command, one, other, unknown)
    assert f"the ledger knows no certificate {unknown}; nothing was changed" in refused
    assert "16 Crockford" in own.refused("by-code", command, one, "nonsense")
    assert listed(own) == [one]


def test_a_course_record_is_refused(own):
    text = json.dumps(RECORD)
    refused = own.refused("issue", "-", "--record", "--by-code", stdin=text)
    assert "nobody opens a course record by its code" in refused
    record = own.do("issue", "-", "--record", "--out", own.out, stdin=text)
    refused = own.refused("by-code", "allow", record["code"])
    assert f"{record['code']} is a course record, which nobody opens by its code" in refused
    assert listed(own) == []
    again = own.refused("supersede", record["code"], "-", "--record", "--by-code", stdin=text)
    assert again.endswith("its learner says with signedcert share")


def test_a_corrected_certificate_is_another_one_to_agree_to(own):
    old = own.issue("--by-code")
    text = json.dumps(CERTIFICATE)
    new = own.do("supersede", old["code"], "-", "--out", own.out, stdin=text)
    assert f"If its learner agrees: signedcert by-code allow {new['code']}" in own.notes
    own.publish()
    # Whoever types the code of the faulty one learns that it does not count any more.
    assert codes_in(own.site) == {old["code"]}
    own.fetch()
    assert own.verdict(old["url"]) == ("INVALID", "revoked")
    newer = own.do("supersede", new["code"], "-", "--by-code", "--out", own.out, stdin=text)
    assert own.notes == ""
    assert {*listed(own)} == {old["code"], newer["code"]}


def test_a_certificate_that_is_not_recorded_is_not_allowed(own):
    text = json.dumps(CERTIFICATE | {"id": "0123-4567-89AB-CDEF"})
    command = ("issue", "-", "--out", own.out)
    own.do(*command, stdin=text)
    result = own.run(*command, "--by-code", "--workspace", own.workspace, stdin=text)
    assert result.exit_code == 2
    assert listed(own) == []


def test_help(run):
    shown = run("by-code", "--help", COLUMNS="200").stdout
    for name in ("allow", "withdraw", "list"):
        assert name in shown
    assert "its learner agreed" in run("by-code", "allow", "--help", COLUMNS="200").stdout
