"""inspect: everything is shown, nothing is called true."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import cbor2
import pytest

import signedcert as sc
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import Frame


def inspect(run, given, **options):
    result = run("inspect", given, "--json", **options)
    return result.exit_code, json.loads(result.stdout) if result.stdout else None


def reframed(token, payload):
    frame = parse_frame(token)
    return Frame(frame.media_type, frame.kid, payload, frame.signature).to_bytes()


def test_a_whole_token(run, issued, token):
    code, shown = inspect(run, issued["url"])
    assert code == 0
    assert shown["verified"] is False
    frame = parse_frame(token)
    typ = "application/vnd.signedcert.certificate"
    assert shown["header"] == {"alg": -19, "kid": frame.kid.hex(), "typ": typ}
    assert shown["signature"] == frame.signature.hex()
    assert shown["sizes"]["token"] == len(token)
    assert shown["sizes"]["packed"] == len(sc.pack(token))
    assert shown["statement"]["learner"] == {"name": "Jacob Ångström"}
    assert shown["faults"] == []
    for_people = run("inspect", issued["token_file"])
    assert for_people.exit_code == 0
    assert for_people.stdout.startswith("Nothing here was verified.")
    for text in ("Jacob Ångström", frame.kid.hex(), frame.signature.hex(), typ, "-19"):
        assert text in for_people.stdout
    for word in ("VALID", "authentic", "✓"):
        assert word not in for_people.stdout


def test_a_tampered_token_comes_apart_like_any_other(run, token):
    code, shown = inspect(run, "-", stdin=token.replace(b"Jacob", b"Jakob"))
    assert code == 0
    assert shown["statement"]["learner"] == {"name": "Jakob Ångström"}
    assert shown["verified"] is False


def test_unknown_fields_are_shown_with_their_labels(run, token):
    claims = cbor2.loads(parse_frame(token).payload)
    claims[-65537][23] = "new"
    claims[-65537][1][0] = ""
    changed = reframed(token, cbor2.dumps(claims))
    code, shown = inspect(run, "-", stdin=changed)
    assert code == 1
    assert shown["statement"]["body"]["label 23"] == "new"
    assert shown["statement"]["body"]["course"]["syllabus"][0]["title"] == "Process analysis"
    assert {(fault["reason"], fault["path"]) for fault in shown["faults"]} == {
        ("unknown_field", "payload"),
        ("schema_violation", "course.title"),
    }
    for_people = run("inspect", "-", stdin=changed)
    assert for_people.exit_code == 1
    assert "course.title: expected text of 1 to 300 characters" in for_people.stdout
    assert "does not know label 23" in for_people.stdout
    assert "Ångström" in for_people.stdout


def test_additional_fields_are_shown(run, workspace, tmp_path):
    statement = sc.Certificate(
        id=bytes(10), issuer="learn.example.edu", issued_at=datetime.now(UTC),
        learner=sc.Person(name="A"), course=sc.Course(title="T", institution="I"),
        completed_on=date(2026, 11, 2), additional={200: ("x", {1: b"\x07"})},
        additional_claims={300: "y\x0az"}, result=sc.Result(with_distinction=True),
        status=sc.StatusReference(list=1, index=2),
    )  # fmt: skip
    path = tmp_path / "t"
    path.write_bytes(sc.issue(statement, sc.SoftwareSigner.generate()))
    for_people = run("inspect", path)
    assert for_people.exit_code == 0
    assert "[200]" in for_people.stdout
    assert "[300]" in for_people.stdout
    assert "with distinction" in for_people.stdout
    additional = inspect(run, path)[1]["statement"]["additional"]
    assert additional == {"200": ["x", {"1": {"base64url": "Bw"}}]}


@pytest.mark.parametrize("payload", [b"\xff", b"\x18\x01", cbor2.dumps({1: 1.5}), b"\xa0" * 3])
def test_a_payload_that_is_no_strict_cbor_is_shown_as_it_is(run, token, payload):
    code, shown = inspect(run, "-", stdin=reframed(token, payload))
    assert code == 1
    assert shown["statement"] == {"payload": payload.hex()}
    assert [fault["reason"] for fault in shown["faults"]] == ["not_deterministic"]


@pytest.mark.parametrize("value", [5, [1], {}, {1: 2}, {-65537: 3}, {-65537: {0: {5: [1, b"x"]}}}])
def test_other_payloads_are_named_as_far_as_they_are_known(run, token, value):
    code, shown = inspect(run, "-", stdin=reframed(token, cbor2.dumps(value)))
    assert code == 1
    assert shown["faults"]
    assert run("inspect", "-", stdin=reframed(token, cbor2.dumps(value))).exit_code == 1


def test_a_frame_that_is_not_ours_shows_its_header(run, token):
    header = cbor2.dumps({1: -8, 4: b"12345678", 16: "application/x", 99: b"\x01"})
    other = cbor2.dumps(cbor2.CBORTag(18, [header, {}, b"payload", bytes(64)]))
    code, shown = inspect(run, "-", stdin=other)
    assert code == 1
    assert shown["error"]["reason"] == "wrong_algorithm"
    assert shown["header"]["alg"] == -8
    assert shown["header"]["label 99"] == "01"
    for_people = run("inspect", "-", stdin=other)
    assert for_people.exit_code == 1
    assert "3132333435363738" in for_people.stdout


@pytest.mark.parametrize(
    ("given", "code"),
    [("AAAA", 1), ("missing.png", 4), ("", 4), ("https://learn.example.edu/c/", 1)],
)
def test_what_cannot_be_taken_apart(run, given, code):
    result = run("inspect", given)
    assert result.exit_code == code
    assert result.output


def test_garbage_bytes(run):
    for data in (b"\xd2", b"\xd2\x84", b"\xd2\x80", b"\xd2\x81\x40", b"\xd2\x84\x05\xa0", b"\xff"):
        assert inspect(run, "-", stdin=data)[0] == 1


def test_a_picture(run, qr_png, issued):
    code, shown = inspect(run, qr_png)
    assert code == 0
    assert shown["statement"]["id"] == issued["code"]
    assert Path(qr_png).exists()
