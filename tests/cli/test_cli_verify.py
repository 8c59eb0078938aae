"""verify: every kind of input, every exit code, and output that nothing hostile gets into."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import segno
from PIL import Image, ImageFilter, PngImagePlugin

import signedcert as sc
from conftest import key_file
from signedcert import qr
from signedcert.cli import presented
from signedcert.codec.digits import to_digits
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import Frame, protected_header, sig_structure

PAGE = "https://learn.example.edu/c/"


def verify(run, given, trust, *more, stdin=b""):
    result = run("verify", given, "--trust", trust, "--json", *more, stdin=stdin)
    return result.exit_code, json.loads(result.stdout) if result.stdout else None, result.stderr


def test_every_form_of_one_token_has_one_verdict(
    run, issued, token, *, trust_file, qr_png, tmp_path
):
    (tmp_path / "link.txt").write_text(f"\ufeff{issued['url']}\r\n", encoding="utf-8")
    (tmp_path / "url").write_text(issued["url"])
    digits = to_digits(sc.pack(token))
    forms = [
        issued["url"],
        issued["url"].partition("#")[2],
        digits,
        f"HTTPS://OTHER.EXAMPLE/#{digits}",
        issued["token_file"],
        tmp_path / "link.txt",
        tmp_path / "url",
        qr_png,
    ]
    answers = [verify(run, form, trust_file) for form in forms]
    piped = (token, issued["url"].encode(), qr_png.read_bytes(), digits.encode())
    answers += [verify(run, "-", trust_file, stdin=data) for data in piped]
    for code, verdict, stderr in answers:
        assert code == 0
        assert stderr == ""
        # A picture has more to tell, of itself.
        verdict.pop("document", None)
        assert verdict == answers[0][1]


def test_json_has_exactly_the_members_of_the_contract(run, workspace, issued, trust_file):
    _, verdict, _ = verify(run, issued["url"], trust_file)
    assert list(verdict) == ["status", "as_of", "findings", "statement"]
    assert verdict["status"] == "VALID"
    # The document is older than the status list.
    document = json.loads(run("keys", "--workspace", workspace, "--json").stdout)
    assert verdict["as_of"] == document["issued_at"]
    assert [finding["check"] for finding in verdict["findings"]] == list(sc.Check)[:8]
    assert all(list(f)[:3] == ["check", "outcome", "reason"] for f in verdict["findings"])
    # Those that rest on a document or list say of when it is.
    dated = {f["check"]: f["as_of"] for f in verdict["findings"] if list(f)[3:] == ["as_of"]}
    assert {f["check"] for f in verdict["findings"] if len(f) > 3} == set(dated)
    assert "STATUS" in dated
    assert min(dated.values()) == verdict["as_of"]
    assert verdict["statement"]["id"] == issued["code"]


def test_people_get_the_answer_first_and_every_field(run, issued, trust_file):
    result = run("verify", issued["url"], "--trust", trust_file)
    assert result.exit_code == 0
    assert result.stdout.startswith("VALID: ")
    for text in ("Jacob Ångström", "Process analysis", "5 to 7", "no degree credit",
                 issued["code"], "does not prove", "As of "):  # fmt: skip
        assert text in result.stdout
    assert "cannot be withdrawn" not in result.stdout


def test_without_the_status_list_it_is_undecided(run, issued, jwks_file):
    code, verdict, _ = verify(run, issued["url"], jwks_file)
    assert code == 3
    assert verdict["findings"][-1] == {
        "check": "STATUS", "outcome": "UNKNOWN", "reason": "status_list_missing",
    }  # fmt: skip
    assert verdict["statement"]["id"] == issued["code"]


def test_one_that_cannot_be_withdrawn_needs_no_status_list(
    run, workspace, jwks_file, trust_file, tmp_path
):
    text = json.dumps({"learner": {"name": "B"}, "course": {"title": "T", "institution": "I"},
                       "completed_on": "2026-11-02"})  # fmt: skip
    arguments = ("--workspace", workspace, "--out", tmp_path, "--no-status", "--json")
    url = json.loads(run("issue", "-", *arguments, stdin=text).stdout)["url"]
    for trust in (jwks_file, trust_file):
        shown = run("verify", url, "--trust", trust)
        assert shown.exit_code == 0
        assert "cannot be withdrawn" in shown.stdout


def test_a_changed_token_is_invalid_and_shows_nothing(run, token, trust_file, tmp_path):
    path = tmp_path / "changed.cose"
    path.write_bytes(token.replace(b"Jacob", b"Jakob"))
    code, verdict, _ = verify(run, path, trust_file)
    assert code == 1
    assert verdict["status"] == "INVALID"
    assert verdict["statement"] is None
    shown = run("verify", path, "--trust", trust_file)
    assert shown.exit_code == 1
    assert shown.stdout.startswith("INVALID: ")
    assert "Ångström" not in shown.output
    assert "changed after signing" in shown.stdout


def test_an_unknown_issuer_is_undecided(run, issued, other_trust):
    code, verdict, _ = verify(run, issued["url"], other_trust)
    assert code == 3
    assert verdict["status"] == "INDETERMINATE"
    assert verdict["statement"] is None
    shown = run("verify", issued["url"], "--trust", other_trust)
    assert shown.exit_code == 3
    assert shown.stdout.startswith("INDETERMINATE: ")
    assert "No issuer that you trust" in shown.stdout


@pytest.mark.parametrize(
    "data",
    [b"garbage", b"\xd2garbage", b"\xff\xfd\x00", b"\xd2", b"#AAAA", b"1" * 70_000, b"BM\x00",
     b"...", b"\xd2" + b"\x9b" + b"\xff" * 8, b"A" * 10_000_000, b"\xd2" * 10_000_000,
     b"\x1f\x8b\x08"],
)  # fmt: skip
def test_garbage_is_invalid(run, trust_file, data):
    code, verdict, _ = verify(run, "-", trust_file, stdin=data)
    assert code == 1
    assert verdict["status"] == "INVALID"
    assert verdict["findings"][0]["outcome"] == "FAILED"


def test_more_than_the_bound_is_never_read(run, trust_file, monkeypatch):
    monkeypatch.setattr(presented, "INPUT_MAX", 100_000)
    code, verdict, _ = verify(run, "/dev/zero", trust_file)
    assert code == 1
    assert verdict["findings"][0]["reason"] == "too_large"


def test_one_byte_more_than_the_bound_tells_that_there_is_more(monkeypatch):
    monkeypatch.setattr(presented, "INPUT_MAX", 5)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xd2" + bytes(20))))
    assert len(presented.present("-").content) == 6


def test_a_byte_order_mark_is_no_part_of_a_fragment(run, issued, trust_file, tmp_path):
    path = tmp_path / "fragment.txt"
    path.write_text("\ufeff" + issued["url"].partition("#")[2], encoding="utf-8")
    assert verify(run, path, trust_file)[0] == 0


def png(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, format=options.pop("format", "png"), **options)
    return buffer.getvalue()


def _bomb():
    return png(Image.new("1", (20_000, 20_000)))


def _text_bomb():
    info = PngImagePlugin.PngInfo()
    info.add_text("comment", "x" * 80_000_000, zip=True)
    return png(Image.new("L", (10, 10)), pnginfo=info)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("blank", "no QR code"),
        ("jpeg", "no QR code"),
        ("cut", "damaged"),
        ("magic", "damaged"),
        ("bomb", "million pixels"),
        ("text_bomb", "damaged"),
        ("other", ""),
    ],
)
def test_a_picture_without_a_readable_code_is_nothing(run, trust_file, name, words, qr_png):
    pictures = {
        "blank": lambda: png(Image.new("L", (300, 300), "white")),
        "jpeg": lambda: png(Image.new("L", (300, 300), "white"), format="jpeg"),
        "cut": lambda: qr_png.read_bytes()[:300],
        "magic": lambda: b"\x89PNG\r\n\x1a\n",
        "bomb": _bomb,
        "text_bomb": _text_bomb,
        "other": lambda: b"\xff\xd8\xff" + b"\x00" * 100,
    }
    code, printed, stderr = verify(run, "-", trust_file, stdin=pictures[name]())
    assert code == 4
    assert list(printed) == ["error"]
    assert words in stderr
    assert len(stderr.splitlines()) == 1


def test_a_large_picture_file_is_not_read(run, trust_file, monkeypatch, qr_png):
    monkeypatch.setattr(presented, "INPUT_MAX", 100)
    code, _, stderr = verify(run, qr_png, trust_file)
    assert code == 4
    assert "larger than" in stderr


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("missing.png", "no such file"),
        ("no/such/file", "no such file"),
        ("~/missing", "no such file"),
        ("", "empty"),
        ("  ", "empty"),
        (".", "directory"),
    ],
)
def test_what_cannot_be_read_at_all(run, trust_file, given, words):
    code, _, stderr = verify(run, given, trust_file)
    assert code == 4
    assert words in stderr


@pytest.mark.parametrize("data", [b"", b"\n\n"])
def test_empty_input_is_nothing(run, trust_file, tmp_path, data):
    (tmp_path / "empty").write_bytes(data)
    assert verify(run, tmp_path / "empty", trust_file)[0] == 4
    assert verify(run, "-", trust_file, stdin=data)[0] == 4


def test_a_word_may_have_been_meant_as_a_file(run, trust_file):
    result = run("verify", "certificate", "--trust", trust_file)
    assert result.exit_code == 1
    assert "no file named 'certificate'" in result.stderr


def test_a_link_without_its_fragment(run, trust_file):
    code, verdict, _ = verify(run, PAGE, trust_file)
    assert code == 1
    assert verdict["findings"][0]["reason"] == "no_fragment"


def test_names_that_no_system_takes_are_text(run, trust_file):
    for given in ("A" * 5000, "AAAA\0BBBB"):
        assert verify(run, given, trust_file)[0] == 1


def side_by_side(run, trust_file, qr_png, other_code):
    ours, other = Image.open(qr_png).convert("L"), Image.open(io.BytesIO(other_code)).convert("L")
    both = Image.new("L", (ours.width + other.width, max(ours.height, other.height)), "white")
    both.paste(ours, (0, 0))
    both.paste(other, (ours.width, 0))
    return verify(run, "-", trust_file, stdin=png(both))


def test_a_certificate_beside_another_kind_of_code(run, trust_file, qr_png, issued):
    buffer = io.BytesIO()
    segno.make_qr("https://advertisement.example/").save(buffer, kind="png", scale=8, border=4)
    code, verdict, _ = side_by_side(run, trust_file, qr_png, buffer.getvalue())
    assert code == 0
    assert verdict["statement"]["id"] == issued["code"]


def test_two_certificates_in_one_picture_disagree(run, workspace, trust_file, qr_png, tmp_path):
    text = json.dumps({"learner": {"name": "B"}, "course": {"title": "T", "institution": "I"},
                       "completed_on": "2026-11-02"})  # fmt: skip
    run("issue", "-", "--workspace", workspace, "--out", tmp_path / "o", stdin=text)
    (path,) = (tmp_path / "o").glob("*.png")
    code, verdict, _ = side_by_side(run, trust_file, qr_png, path.read_bytes())
    assert code == 1
    assert verdict["status"] == "INVALID"
    assert verdict["findings"][-1]["reason"] == "sources_disagree"
    assert verdict["statement"] is None


class TestPictures:
    """A printed and photographed code holds the same token."""

    def check(self, run, image, trust_file, issued, **options):
        code, verdict, stderr = verify(run, "-", trust_file, stdin=png(image, **options))
        assert code == 0, stderr
        assert verdict["statement"]["id"] == issued["code"]

    @pytest.mark.parametrize("radius", [1, 2, 3])
    def test_blurred(self, run, qr_png, trust_file, issued, radius):
        image = Image.open(qr_png).convert("L").filter(ImageFilter.GaussianBlur(radius))
        self.check(run, image, trust_file, issued)

    @pytest.mark.parametrize("angle", [3, 17, 90, 180, 271])
    def test_rotated(self, run, qr_png, trust_file, issued, angle):
        image = (
            Image.open(qr_png)
            .convert("L")
            .rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
        )
        self.check(run, image, trust_file, issued)

    @pytest.mark.parametrize("quality", [60, 20])
    def test_jpeg(self, run, qr_png, trust_file, issued, quality):
        image = Image.open(qr_png).convert("L").filter(ImageFilter.GaussianBlur(1))
        self.check(run, image, trust_file, issued, format="jpeg", quality=quality)

    @pytest.mark.parametrize("scale", [2, 3, 20])
    def test_small_and_large(self, run, token, trust_file, issued, scale):
        image = Image.open(io.BytesIO(qr.png(qr.encode(PAGE, token), scale=scale)))
        self.check(run, image, trust_file, issued)

    def test_light_on_dark(self, run, qr_png, trust_file, issued):
        image = Image.open(qr_png).convert("L").point(lambda value: 255 - value)
        self.check(run, image, trust_file, issued)

    def test_transparent(self, run, qr_png, trust_file, issued):
        grey = Image.open(qr_png).convert("L")
        image = Image.new("RGBA", grey.size, (0, 0, 0, 0))
        image.paste((0, 0, 0, 255), mask=grey.point(lambda value: 255 - value))
        self.check(run, image, trust_file, issued)

    def test_damaged_within_what_level_m_mends(self, run, qr_png, trust_file, issued):
        image = Image.open(qr_png).convert("L")
        middle = image.width // 2
        image.paste(255, (middle, middle, middle + 50, middle + 50))
        self.check(run, image, trust_file, issued)


def test_the_worst_of_several(run, issued, token, trust_file, tmp_path):
    bad = tmp_path / "bad.cose"
    bad.write_bytes(token[:-1] + bytes((token[-1] ^ 1,)))
    stranger = sc.SoftwareSigner.generate()
    unknown = tmp_path / "unknown.cose"
    unknown.write_bytes(sc.issue(_statement(), stranger))
    good, missing = issued["token_file"], tmp_path / "missing.cose"
    expected = {(good, good): 0, (good, unknown): 3, (unknown, bad, good): 1,
                (good, bad, missing, unknown): 4}  # fmt: skip
    for inputs, code in expected.items():
        result = run("verify", *inputs, "--trust", trust_file, "--json")
        assert result.exit_code == code
        printed = json.loads(result.stdout)
        assert len(printed) == len(inputs)
        assert [each["input"] for each in printed] == [str(given) for given in inputs]
        assert all(next(iter(each)) == "input" for each in printed)
    assert printed[2] == {"input": str(missing), "error": f"{missing}: no such file"}
    shown = run("verify", good, bad, "--trust", trust_file).stdout
    assert str(good) in shown
    assert str(bad) in shown


def _statement(**fields):
    given = {
        "id": bytes(10), "issuer": "learn.example.edu",
        "issued_at": datetime.now(UTC), "learner": sc.Person(name="A"),
        "course": sc.Course(title="T", institution="I"), "completed_on": date(2026, 11, 2),
    }  # fmt: skip
    return sc.Certificate(**given | fields)


@pytest.fixture(scope="module")
def signer(workspace):
    return sc.SoftwareSigner.from_pem(key_file(workspace).read_bytes())


@pytest.mark.parametrize(
    ("fields", "code", "reason"),
    [
        ({"issuer": "other.example.org"}, 1, "other_issuer"),
        ({"issued_at": datetime.now(UTC) + timedelta(minutes=4)}, 0, None),
        ({"issued_at": datetime.now(UTC) + timedelta(hours=1)}, 1, "issued_in_future"),
        ({"issued_at": datetime(2020, 1, 1, tzinfo=UTC)}, 1, "before_key_period"),
        ({"valid_from": datetime(2199, 1, 1, tzinfo=UTC)}, 1, "not_yet_valid"),
        ({"status": sc.StatusReference(list=7, index=2)}, 3, "status_list_missing"),
    ],
)
def test_each_refusal_has_its_own_words(run, signer, *, trust_file, tmp_path, fields, code, reason):
    path = tmp_path / "t.cose"
    path.write_bytes(sc.issue(_statement(**fields), signer))
    got, verdict, _ = verify(run, path, trust_file)
    assert got == code
    if reason:
        assert reason in [finding["reason"] for finding in verdict["findings"]]


def test_now_decides_what_has_expired(run, signer, trust_file, tmp_path):
    path = tmp_path / "t.cose"
    expires = datetime.now(UTC) + timedelta(days=10)
    path.write_bytes(sc.issue(_statement(expires_at=expires), signer))
    assert verify(run, path, trust_file)[0] == 0
    code, verdict, _ = verify(run, path, trust_file, "--now", "2199-01-01T00:00:00+01:00")
    assert code == 1
    assert verdict["findings"][6]["reason"] == "expired"
    assert "It has expired." in run("verify", path, "--trust", trust_file, "--now",
                                    "2199-01-01T00:00:00Z").stdout  # fmt: skip


def crafted(payload_of, signer):
    """A token that our own signer signed over a payload no library of ours would write."""
    frame = parse_frame(sc.issue(_statement(), signer))
    payload = payload_of(frame.payload)
    message = sig_structure(protected_header(frame.media_type, frame.kid), payload)
    return Frame(frame.media_type, frame.kid, payload, signer.sign(message)).to_bytes()


def test_hostile_text_that_was_signed_reaches_no_terminal(run, signer, trust_file, tmp_path):
    # The learner's name, "A", becomes an escape sequence of the same kind.
    token = crafted(lambda payload: payload.replace(b"\x00\x61A", b"\x00\x65\x1b[31m"), signer)
    path = tmp_path / "t.cose"
    path.write_bytes(token)
    shown = run("verify", path, "--trust", trust_file)
    assert shown.exit_code == 1
    assert "\x1b" not in shown.output
    inspected = run("inspect", path)
    assert inspected.exit_code == 1
    assert "learner" in inspected.stdout
    assert "\x1b" not in inspected.output
    assert "\x1b" not in run("inspect", path, "--json").output


def test_markup_in_names_is_text(run, signer, trust_file, tmp_path):
    name = "[bold red]VALID[/] [link=https://evil.example]x[/link] :skull: \\[x]"
    path = tmp_path / "t.cose"
    path.write_bytes(sc.issue(_statement(learner=sc.Person(name=name)), signer))
    for command in (("verify", path, "--trust", trust_file), ("inspect", path)):
        shown = run(*command, FORCE_COLOR="1", COLUMNS="200")
        assert shown.exit_code == 0
        assert name in shown.stdout
        assert "evil.example\x1b" not in shown.stdout


def test_line_feeds_of_a_description_cannot_look_like_a_verdict(run, signer, trust_file, tmp_path):
    course = sc.Course(title="T", institution="I", description="x\nVALID: all is well.\ny")
    path = tmp_path / "t.cose"
    path.write_bytes(sc.issue(_statement(course=course), signer))
    stdout = run("verify", path, "--trust", trust_file).stdout
    assert [line[:6] for line in stdout.splitlines()].count("VALID:") == 1


def test_hostile_names_of_inputs_reach_no_terminal(run, trust_file):
    result = run("verify", "\x1b[31m.png", "--trust", trust_file)
    assert result.exit_code == 4
    assert "\x1b" not in result.output


class TestTrust:
    def test_several_files(self, run, issued, trust_file, other_trust):
        result = run("verify", issued["url"], "--trust", other_trust, "--trust", trust_file)
        assert result.exit_code == 0

    def test_a_set_without_a_name_needs_one(self, run, issued, jwks_file, tmp_path):
        document = json.loads(jwks_file.read_text())
        del document["iss"]
        path = tmp_path / "nameless.json"
        path.write_text(json.dumps(document))
        refused = run("verify", issued["url"], "--trust", path)
        assert refused.exit_code == 2
        assert "--issuer HOST" in refused.stderr
        arguments = ("verify", issued["url"], "--trust", path, "--issuer")
        # Nothing but the status list is missing.
        assert run(*arguments, "learn.example.edu").exit_code == 3
        same = run(*arguments, "https://learn.example.edu", "--json")
        unsure = [f for f in json.loads(same.stdout)["findings"] if f["outcome"] != "PASSED"]
        assert [finding["reason"] for finding in unsure] == ["status_list_missing"]
        # The key is then another issuer's, who did not sign this.
        assert run(*arguments, "other.example.org").exit_code == 1
        assert run(*arguments, "Not A Host").exit_code == 2

    def test_issuer_names_only_the_sets_without_a_name(
        self, run, issued, trust_file, other_jwks, tmp_path
    ):
        document = json.loads(other_jwks.read_text())
        del document["iss"]
        nameless = tmp_path / "nameless.json"
        nameless.write_text(json.dumps(document))
        files = ("--trust", trust_file, "--trust", nameless)
        assert run("verify", issued["url"], *files, "--issuer", "b.example").exit_code == 0

    def test_an_issuer_that_is_no_host(self, run, issued, trust_file):
        result = run("verify", issued["url"], "--trust", trust_file, "--issuer", "Not A Host")
        assert result.exit_code == 2
        assert "--issuer" in result.stderr

    def test_a_set_of_another_issuer_than_said(self, run, issued, trust_file):
        result = run("verify", issued["url"], "--trust", trust_file, "--issuer", "other.example")
        assert result.exit_code == 2
        assert "other.example" in result.stderr
        assert "learn.example.edu" in result.stderr

    def test_the_same_issuer_twice(self, run, issued, trust_file, jwks_file, tmp_path):
        again = ("--trust", trust_file, "--trust", trust_file)
        assert run("verify", issued["url"], *again).exit_code == 0
        # Two key sets of one issuer have no order, and nothing says which is right.
        other = tmp_path / "other.json"
        other.write_text(json.dumps(json.loads(jwks_file.read_text()) | {"iat": 5}))
        for pair in ((jwks_file, other), (trust_file, jwks_file)):
            result = run("verify", issued["url"], "--trust", pair[0], "--trust", pair[1])
            assert result.exit_code == 2
            assert "trusted already" in result.stderr

    @pytest.mark.parametrize(
        "content",
        [b"", b"{", b"[]", b"\xff", b'{"keys": 1}', b'{"iss": 5, "keys": []}',
         b'{"iss": "a.example", "keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]}',
         b'{"iss": "a.example", "keys": [{"kty": "OKP", "d": "AA"}]}', b" " * 1_048_577],
    )  # fmt: skip
    def test_a_file_that_is_no_key_set(self, run, issued, tmp_path, content):
        path = tmp_path / "trust.json"
        path.write_bytes(content)
        result = run("verify", issued["url"], "--trust", path)
        assert result.exit_code == 2
        assert str(path) in result.stderr
        assert len(result.stderr.splitlines()) == 1

    def test_a_file_that_is_missing_or_a_folder(self, run, issued, tmp_path):
        for path in (tmp_path / "missing.json", tmp_path):
            result = run("verify", issued["url"], "--trust", path)
            assert result.exit_code == 2
            assert str(path) in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("x",),
        ("x", "--trust"),
        ("x", "--nonsense"),
        ("x", "--trust", "T", "--now", "2026-11-02T10:00:00"),
        ("x", "--trust", "T", "--now", "yesterday"),
        ("x", "--trust", "T", "--now", "2026-13-02T10:00:00Z"),
        ("x", "--trust", "T", "--max-staleness", "7"),
        ("x", "--trust", "T", "--max-staleness", "-1d"),
    ],
)
def test_wrong_usage(run, arguments, trust_file):
    given = [trust_file if argument == "T" else argument for argument in arguments]
    result = run("verify", *given)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr


def test_max_staleness_is_accepted(run, issued, trust_file):
    for value in ("7d", "12h", "90m", "30s"):
        arguments = ("--trust", trust_file, "--max-staleness", value)
        assert run("verify", issued["url"], *arguments).exit_code == 0


def test_reading_a_pipe_that_is_a_file(process, issued, trust_file):
    data = Path(issued["token_file"]).read_bytes()
    result = process("verify", "/dev/stdin", "--trust", trust_file, input=data)
    assert result.returncode == 0
