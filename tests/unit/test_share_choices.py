"""A record in its holder's hands: what is in it, and what a preset or a path reveals of it."""

import re
from datetime import date

import pytest

import signedcert as sc
from forging import claims
from issuing import check, issue, minimal, record, shared
from record_forging import decoy, disclosure, listing, record_from, record_of
from signedcert.share import HeldRecord, Preset

KINDS = [sc.AssessmentKind.QUIZ, sc.AssessmentKind.EXAM, "field report", sc.AssessmentKind.EXAM]
RECORD = record(
    assessments=tuple(
        sc.Assessment(
            title=f"Week {number}",
            kind=kind,
            score="4.5" if number == 2 else number,
            late=number == 3,
            submitted_on=date(2026, 10, 1 + number),
        )
        for number, kind in enumerate(KINDS)
    ),
    identity_checks=(
        sc.IdentityCheck(method="photo_match", performed_by="Example Proctoring"),
        sc.IdentityCheck(method="typing_pattern", assurance="low"),
    ),
)
TOKEN = issue(RECORD)
HELD = HeldRecord.open(TOKEN)
ROWS = [f"assessments[{number}]" for number in range(4)]
CHECKS = ["identity_checks[0]", "identity_checks[1]"]
WHOLE = ["learner", "final_score", *ROWS, *CHECKS]
EACH = {"assessments": ROWS, "identity_checks": CHECKS, "everything": WHOLE}


def chosen(*wanted: str) -> list[str]:
    """The paths that are revealed, having made sure that the share reveals just that."""
    choice = HELD.choose(list(wanted))
    assert list(choice.disclosures) == sorted(set(choice.disclosures))
    assert set(choice.disclosures) <= set(HELD.frame.disclosures)
    assert HELD.choose(choice.paths) == choice
    each = [path for name in choice.paths for path in EACH.get(name, [name])]
    assert paths_shown(check(shared(TOKEN, list(wanted))).statement) == each
    return list(choice.paths)


def paths_shown(statement: sc.SharedRecord) -> list[str]:
    """What is shown, found by comparing with what was signed."""
    found = []
    for name in ("learner", "final_score", "assessments", "identity_checks"):
        shown, signed = getattr(statement, name), getattr(RECORD, name)
        if shown is sc.WITHHELD:
            continue
        if not isinstance(signed, tuple):
            assert shown == signed
            found.append(name)
            continue
        rows = [row for row in shown if row is not sc.WITHHELD]
        # Titles and methods differ, so each row is one of those that were signed.
        found += [f"{name}[{signed.index(row)}]" for row in rows]
    return found


def refusal(*wanted: str, held: HeldRecord = HELD) -> str:
    with pytest.raises(sc.ShareError) as caught:
        held.choose(list(wanted))
    return str(caught.value)


def test_everything_that_can_be_chosen():
    assert list(HELD.paths) == WHOLE
    assert HELD.record() == RECORD
    assert HELD.visible.subject == RECORD.code
    assert HELD.frame.to_bytes() == TOKEN


@pytest.mark.parametrize("path", WHOLE)
def test_each_path_reveals_itself_alone(path):
    assert chosen(path) == [path]


def test_several_paths():
    assert chosen() == []
    assert chosen("assessments[3]", "final_score", "assessments[1]") == [
        "final_score",
        "assessments[1]",
        "assessments[3]",
    ]
    assert chosen("final_score", "final_score", "assessments[1]", "assessments[1]") == [
        "final_score",
        "assessments[1]",
    ]
    assert chosen(*reversed(WHOLE)) == WHOLE
    assert chosen("everything") == chosen("learner", "everything") == ["everything"]
    assert HELD.choose(iter(["learner"])).paths == ("learner",)


def test_a_whole_list():
    assert chosen("assessments") == ["assessments"]
    assert chosen("assessments[1]", "assessments", "assessments[2]") == ["assessments"]
    assert chosen("identity_checks", "assessments[0]") == [ROWS[0], "identity_checks"]
    # It is the proof that there are no more, while one row is not.
    assert check(shared(TOKEN, ["assessments"])).statement.assessments == RECORD.assessments
    rows = check(shared(TOKEN, ROWS)).statement.assessments
    assert tuple(row for row in rows if row is not sc.WITHHELD) == RECORD.assessments
    assert sc.WITHHELD in rows


BY_VALUE = {
    "assessments[kind=exam]": ["assessments[1]", "assessments[3]"],
    "assessments[kind=quiz]": ["assessments[0]"],
    "assessments[kind=field report]": ["assessments[2]"],
    "assessments[title=Week 2]": ["assessments[2]"],
    "assessments[score=4.5]": ["assessments[2]"],
    "assessments[score=0]": ["assessments[0]"],
    "assessments[late=true]": ["assessments[3]"],
    "assessments[submitted_on=2026-10-02]": ["assessments[1]"],
    "identity_checks[method=photo_match]": ["identity_checks[0]"],
    "identity_checks[assurance=low]": ["identity_checks[1]"],
    "identity_checks[performed_by=Example Proctoring]": ["identity_checks[0]"],
}


@pytest.mark.parametrize(("path", "paths"), BY_VALUE.items())
def test_rows_by_a_value(path, paths):
    assert chosen(path) == paths


def test_values_with_an_equals_sign_or_of_any_script():
    titles = ("a=b", "=", "漢字", "x" * 200)
    rows = tuple(sc.Assessment(title=title, kind="essay") for title in titles)
    held = HeldRecord.open(issue(record(assessments=rows)))
    for number, title in enumerate(titles):
        assert held.choose([f"assessments[title={title}]"]).paths == (f"assessments[{number}]",)


# Presets


def test_presets():
    paths = {
        Preset.FINAL_SCORE: ("final_score",),
        Preset.SUMMARY: ("learner", "final_score", "identity_checks"),
        Preset.EVERYTHING: ("everything",),
    }
    shown = {
        Preset.FINAL_SCORE: ["final_score"],
        Preset.SUMMARY: ["learner", "final_score", *CHECKS],
        Preset.EVERYTHING: WHOLE,
    }
    assert list(paths) == list(Preset)
    for preset in Preset:
        assert HELD.choose(preset).paths == paths[preset]
        statement = check(shared(TOKEN, preset)).statement
        assert paths_shown(statement) == shown[preset]
        assert statement.is_complete is (preset is Preset.EVERYTHING)
    assert HELD.choose(Preset.EVERYTHING).disclosures == HELD.frame.disclosures


def test_presets_are_chosen_by_name():
    assert [str(preset) for preset in Preset] == ["final-score", "summary", "everything"]
    assert Preset("summary") is Preset.SUMMARY


def test_what_a_record_does_not_have_is_left_out_of_a_preset():
    bare = HeldRecord.open(issue(record(final_score=None, assessments=())))
    assert bare.choose(Preset.SUMMARY).paths == ("learner",)
    assert bare.choose(Preset.EVERYTHING).paths == ("everything",)
    with pytest.raises(sc.ShareError, match="none of what this preset reveals"):
        bare.choose(Preset.FINAL_SCORE)
    # That there is nothing more is shown, too.
    statement = check(shared(bare.frame.to_bytes(), Preset.EVERYTHING)).statement
    assert (statement.final_score, statement.assessments) == (None, ())


# What means nothing


NO_PATHS = [
    "", "score", "Learner", "final_score ", " learner", "learner\n", "*", "course", "status",
    "summary", "Everything", "learner.name", "assessments[]", "assessments[-1]", "assessments[1",
    "assessments[1]x", "assessments[0001]", "assessments[x]", "assessments[kind=]",
    "assessments[=exam]", "assessments[١]", "assessments[1].title",
    "assessments[kind=" + "x" * 301 + "]", "assessments[Kind=exam]", 5, None, b"learner",
]  # fmt: skip


@pytest.mark.parametrize("path", NO_PATHS)
def test_what_is_no_path(path):
    message = refusal("learner", path)
    assert message.startswith(f"{path!r} is no path; choose among learner, final_score, ")
    assert "assessments[kind=exam]" in message


REFUSALS = {
    "learner[0]": "learner[0]: learner is one, and has no rows to choose from",
    "final_score[grade=A]": "final_score[grade=A]: final_score is one, and has no rows",
    "assessments[4]": "assessments[4]: the record has 4 assessments, counted from 0",
    "assessments[999]": "assessments[999]: the record has 4 assessments, counted from 0",
    "identity_checks[2]": "identity_checks[2]: the record has 2 identity_checks, counted from 0",
    "assessments[method=x]": (
        "assessments[method=x]: assessments have no method; there are title, kind, score, maximum, "
        "weight, submitted_on, attempts, late"
    ),
    "assessments[additional=x]": "assessments have no additional; there are title, kind",
    "assessments[kind=essay]": "assessments[kind=essay]: none of the assessments is so",
    "assessments[late=false]": "assessments[late=false]: none of the assessments is so",
    "assessments[weight=0]": "assessments[weight=0]: none of the assessments is so",
    "identity_checks[method=exam]": "identity_checks[method=exam]: none of the identity_checks",
}


@pytest.mark.parametrize(("path", "message"), REFUSALS.items())
def test_paths_that_mean_nothing_here(path, message):
    assert message in refusal(path)
    assert message in refusal("learner", path)


@pytest.mark.parametrize(
    "path", ["final_score", "assessments", "assessments[0]", "assessments[kind=x]"]
)
def test_what_the_record_does_not_have(path):
    bare = HeldRecord.open(issue(record(final_score=None, assessments=())))
    name = re.match("[a-z_]+", path)[0]
    assert refusal(path, held=bare) == f"{path}: the record has no {name}"


@pytest.mark.parametrize("wanted", ["final_score", "summary", "assessments[0]", ""])
def test_text_is_no_list_of_paths(wanted):
    with pytest.raises(TypeError, match="a Preset, or a list of paths"):
        HELD.choose(wanted)


# Opening


def refused_opening(token: bytes) -> str:
    with pytest.raises(sc.ShareError) as caught:
        HeldRecord.open(token)
    return str(caught.value)


def test_only_a_whole_record_is_shared_from():
    forged = record_from(claims(RECORD))
    assert HeldRecord.open(forged.token()).record() == RECORD
    for number in range(len(forged.disclosures)):
        left = forged.disclosures[:number] + forged.disclosures[number + 1 :]
        token = forged.revealing(*left).token()
        # Without its list, a row has no place.
        verdict = check(token)
        if verdict.finding(sc.Check.SCHEMA).outcome is sc.Outcome.FAILED:
            with pytest.raises(sc.DecodeError):
                HeldRecord.open(token)
        else:
            assert "is not complete" in refused_opening(token)
    assert "as its issuer gave it out" in refused_opening(forged.revealing().token())


def test_a_record_whose_issuer_hides_a_row_from_its_holder():
    row = disclosure({0: "Week 1", 1: 0})
    hidden = listing(6, row, decoy(10))
    name = disclosure("Jacob Ångström", 0)
    assert "not complete" in refused_opening(record_of(name, hidden, rows=[row]).token())
    assert "not complete" in refused_opening(record_of(name, hidden, rows=[decoy(10)]).token())
    both = HeldRecord.open(record_of(name, hidden, rows=[row, decoy(10)]).token())
    assert both.paths == ("learner", "assessments[0]")


def test_a_record_that_does_not_say_whose_it_is():
    assert "whose it is" in refused_opening(record_of(disclosure({0: 92}, 5)).token())


def test_what_is_no_record():
    for token in (issue(minimal()), shared(TOKEN)):
        with pytest.raises(sc.DecodeError, match="not the token of a course record") as caught:
            HeldRecord.open(token)
        assert caught.value.reason is sc.Reason.WRONG_TYPE
    for token in (b"", TOKEN[:-1], b"x"):
        with pytest.raises(sc.DecodeError):
            HeldRecord.open(token)


def test_rows_are_counted_without_decoys():
    rows = [decoy(10), disclosure({0: "A", 1: 0}), decoy(11), disclosure({0: "B", 1: 0})]
    name = disclosure("Jacob Ångström", 0)
    held = HeldRecord.open(record_of(name, listing(6, *rows), rows=rows).token())
    assert held.paths == ("learner", "assessments[0]", "assessments[1]")
    statement = check(shared(held.frame.to_bytes(), ["assessments[1]"])).statement
    assert [getattr(row, "title", None) for row in statement.assessments] == [None, None, None, "B"]
    assert [row.title for row in held.record().assessments] == ["A", "B"]


def test_what_its_holder_could_not_choose_is_not_shared_unseen():
    forged = record_of(disclosure("Jacob Ångström", 0), disclosure("later", 200))
    # Verifiers show it; but no path names it, so its holder would not know what everything is.
    assert check(forged.token()).statement.additional == {200: "later"}
    message = refused_opening(forged.token())
    assert "label 200" in message
    assert "newer signedcert" in message


def test_titles_may_have_brackets():
    rows = (sc.Assessment(title="Quiz [1]", kind="quiz"), sc.Assessment(title="Q", kind="quiz"))
    held = HeldRecord.open(issue(record(assessments=rows)))
    assert held.choose(["assessments[title=Quiz [1]]"]).paths == ("assessments[0]",)
