"""``trust refresh``: newer is taken, older or forked is refused, one bad issuer spoils no other."""

import functools
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from published_issuers import finding, printed, signedcert
from written_sites import AT, DOCUMENT, FINGERPRINT, LISTS, add, files, other_document, write

import signedcert as sc
from issuing import ISSUER, SIGNER
from signedcert.fetch.published import FolderSite, fetched_lists
from signedcert.model.issuer_document import KeyEnd, KeyRevocation
from trusting import (
    DAY,
    PUBLISHED_AT,
    ROOTS,
    STATUS_KEY,
    STRANGER,
    content,
    document,
    handover,
    handovers,
    key,
    referring,
    signed_document,
    status_list,
)

USAGE = 2
GOOD = "good.example.org"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "trust.bundle"
    site = write(tmp_path / "first", files(document(2), status_list(issued_at=PUBLISHED_AT + DAY)))
    add(path, site)
    return path


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token.cose"
    path.write_bytes(referring())
    return path


def refresh(store: Path, site: Path, exit_code: int = 0) -> tuple[Any, str]:
    """What ``trust refresh --json`` prints, and what it says on standard error."""
    arguments = ("trust", "refresh", ISSUER, "--site", site, "--trust", store, "--json")
    done = signedcert(*arguments, exit_code=exit_code)
    (result,) = json.loads(done.stdout)
    return result, done.stderr


def refused(store: Path, site: Path) -> str:
    """What is said where a refresh changes nothing."""
    before = store.read_bytes()
    result, message = refresh(store, site, USAGE)
    assert result["issuer"] == ISSUER
    assert result["error"] in message
    assert message.startswith(f"signedcert: {ISSUER}: ")
    assert store.read_bytes() == before
    return message


def without_lists(store: Path, site: Path) -> str:
    """What is said where a refresh takes the newer document, and no list."""
    before = printed("trust", "show", "--trust", store)["issuers"][0]
    result, message = refresh(store, site, USAGE)
    assert result["error"] in message
    after = printed("trust", "show", "--trust", store)["issuers"][0]
    assert (before["version"], after["version"]) == (2, 3)
    assert before["status_lists"] == after["status_lists"]
    return message


def test_a_newer_document_and_a_newer_list_are_taken(
    store: Path, tmp_path: Path, token: Path
) -> None:
    listed = status_list(values=[(7, 1)], issued_at=PUBLISHED_AT + 2 * DAY)
    site = write(tmp_path / "newer", files(document(3), listed))
    result, message = refresh(store, site)
    assert result["version"] == 3
    assert result["status_lists"][0]["issued_at"] == "2026-11-03T00:00:00Z"
    assert message == ""
    verdict = printed("verify", token, "--trust", store, *AT, exit_code=1)
    expected = {"outcome": "FAILED", "reason": "revoked", "as_of": "2026-11-03T00:00:00Z"}
    assert finding(verdict, "STATUS") == expected


def test_the_same_site_again_changes_nothing(store: Path, tmp_path: Path) -> None:
    before = store.read_bytes()
    result, _ = refresh(store, tmp_path / "first")
    assert result["version"] == 2
    assert store.read_bytes() == before


def test_one_who_slept_through_six_handovers_arrives(store: Path, tmp_path: Path) -> None:
    site = write(tmp_path / "later", files(document(9, 7), status_list(issued_at=_later())))
    result, _ = refresh(store, site)
    assert (result["epoch"], result["roots"]) == (7, [ROOTS[6].public_key.thumbprint.hex()])


def _later() -> Any:
    return PUBLISHED_AT + 2 * DAY


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (document(1), "has version 1; version 2 is known already"),
        (document(2, home_page="https://example.org/"), "there is another issuer document"),
        (document(3, signer=STRANGER), "not signed by a root that is trusted"),
        (document(3, 2, handovers=(*content(1, 2).handovers[:1], document())), "handover"),
        (other_document(GOOD), f"the site has {GOOD}'s document"),
        (b"", "not an issuer document"),
    ],
    ids=["rollback", "fork", "stranger", "broken handover", "other issuer", "nothing"],
)
def test_a_document_that_is_no_successor_is_refused(
    data: bytes, expected: str, store: Path, tmp_path: Path
) -> None:
    assert expected in refused(store, write(tmp_path / "bad", files(data)))


def test_an_earlier_epoch_is_a_rollback_whatever_its_version(tmp_path: Path) -> None:
    store = tmp_path / "trust.bundle"
    add(store, write(tmp_path / "second epoch", files(document(2, 2))))
    old = write(tmp_path / "first epoch", files(document(9, 1)))
    assert "of epoch 1 of its roots; epoch 2 is known already" in refused(store, old)


def test_an_older_list_stays_out_and_the_rest_is_taken(store: Path, tmp_path: Path) -> None:
    """A freeze: somebody serves the list from before the withdrawal, and has to be noticed."""
    tokens = status_list(issued_at=PUBLISHED_AT), status_list(2)
    site = write(tmp_path / "frozen", files(document(3), *tokens))
    result, message = refresh(store, site, USAGE)
    assert result["version"] == 3
    assert [(each["number"], each["issued_at"]) for each in result["status_lists"]] == [
        (1, "2026-11-02T00:00:00Z"),
        (2, "2026-11-01T00:00:00Z"),
    ]
    assert result["error"] in message
    assert "the newer one stays" in message
    assert "2026-11-01 00:00:00" in message


@pytest.mark.parametrize(
    "token",
    [
        status_list(signer=STRANGER, issued_at=PUBLISHED_AT + 2 * DAY),
        status_list(signer=SIGNER, issued_at=PUBLISHED_AT + 2 * DAY),
        status_list(subject=f"https://{GOOD}/status/1.cwt", issued_at=PUBLISHED_AT + 2 * DAY),
        status_list(issued_at=PUBLISHED_AT + 2 * DAY)[:-1],
    ],
    ids=["stranger", "key for statements", "other issuer's", "truncated"],
)
def test_a_list_that_is_not_genuine_is_refused_and_the_document_counts(
    token: bytes, store: Path, tmp_path: Path
) -> None:
    assert "status list" in without_lists(store, write(tmp_path / "bad", files(document(3), token)))


@pytest.mark.parametrize("listed", [None, b'{"status_lists": []}'])
def test_a_site_that_hides_its_lists_is_reported(
    listed: bytes | None, store: Path, tmp_path: Path
) -> None:
    content = files(document(3))
    del content[LISTS]
    site = write(tmp_path / "hiding", content if listed is None else content | {LISTS: listed})
    expected = "status lists that are known already did not come: 1\n"
    assert expected in without_lists(store, site)


def test_a_list_outside_the_site_is_not_looked_for_in_a_folder(store: Path, tmp_path: Path) -> None:
    elsewhere = b'{"status_lists": ["https://learn.example.edu/../../1.cwt"]}'
    site = write(tmp_path / "far", files(document(3)) | {LISTS: elsewhere})
    message = without_lists(store, site)
    assert "none of its status lists; they are not fetched" in message
    assert "known already did not come: 1" in message


def newer(number: int) -> bytes:
    return status_list(number, issued_at=_later())


@pytest.fixture
def three(store: Path, tmp_path: Path) -> Path:
    """The trust store, with three lists known."""
    tokens = [status_list(number, issued_at=PUBLISHED_AT + DAY) for number in (1, 2, 3)]
    refresh(store, write(tmp_path / "three", files(document(2), *tokens)))
    return store


def dates(result: Any) -> list[str]:
    """On which days of November the lists are dated."""
    return [each["issued_at"][8:10] for each in result["status_lists"]]


@pytest.mark.parametrize("named", [[1, 1, 1], [1], [1, 1, 1, 4]])
def test_each_known_list_that_does_not_come_is_named(
    named: list[int], three: Path, tmp_path: Path
) -> None:
    """However many others come, or how often."""
    uris = [f"https://{ISSUER}/status/{number}.cwt" for number in named]
    content = files(document(3), *map(newer, (1, 2, 3, 4)))
    content[LISTS] = json.dumps({"status_lists": uris}).encode()
    result, message = refresh(three, write(tmp_path / "hiding", content), USAGE)
    assert message == f"signedcert: {ISSUER}: {result['error']}\n"
    assert result["error"].endswith("known already did not come: 2, 3")
    assert result["version"] == 3
    assert dates(result) == ["03", "02", "02", *(["03"] if 4 in named else [])]
    assert printed("trust", "show", "--trust", three)["issuers"][0]["version"] == 3


def test_lists_that_fail_do_not_keep_the_others_back(three: Path, tmp_path: Path) -> None:
    content = files(document(3), b"no token", newer(2), newer(2))
    result, message = refresh(three, write(tmp_path / "broken", content), USAGE)
    assert dates(result) == ["02", "03", "02"]
    first, second = message.splitlines()
    assert first.startswith(f"signedcert: {ISSUER}: status list 1: ")
    assert second.endswith("status list 3: the site has status list 2 in its place")
    assert all(line.partition(f"{ISSUER}: ")[2] in result["error"] for line in (first, second))


def test_what_is_known_is_shown_although_a_list_failed(three: Path, tmp_path: Path) -> None:
    site = write(tmp_path / "broken", files(document(3), b"no token", newer(2), newer(3)))
    arguments = ("trust", "refresh", ISSUER, "--site", site, "--trust", three)
    output = signedcert(*arguments, exit_code=USAGE).stdout
    assert "version 3" in output
    assert "of 2026-11-03T00:00:00Z" in output


def test_lists_of_too_many_bytes_are_left_out_and_named(
    three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = len(newer(1)) + len(newer(2))
    bounded = functools.partial(fetched_lists, bytes_max=most)
    monkeypatch.setattr("signedcert.fetch.published.fetched_lists", bounded)
    site = write(tmp_path / "large", files(document(3), *map(newer, (1, 2, 3))))
    result, message = refresh(three, site, USAGE)
    assert dates(result) == ["03", "03", "02"]
    assert f"3.cwt: with it, the lists have more than {most} bytes" in message
    assert "known already did not come: 3" in message


def test_a_list_of_another_trusted_issuer_counts_for_that_one_only(
    store: Path, tmp_path: Path
) -> None:
    """Both have the same key for lists; a site cannot speak for another issuer."""
    add(store, write(tmp_path / "good", files(other_document(GOOD), issuer=GOOD)), issuer=GOOD)
    theirs = status_list(subject=f"https://{GOOD}/status/1.cwt", issued_at=_later())
    _, message = refresh(store, write(tmp_path / "bad", files(document(3), theirs)), USAGE)
    assert f"which is none of {ISSUER}'s" in message
    known = {each["issuer"]: each for each in printed("trust", "show", "--trust", store)["issuers"]}
    assert (dates(known[GOOD]), dates(known[ISSUER])) == (["01"], ["02"])


# What is dated later than now would make all that is published until then a rollback.


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that shows the evening before what :func:`newer` makes."""
    moment = _later() - timedelta(hours=4)
    monkeypatch.setattr("signedcert.cli.trust.taking_in.clock", lambda: moment)


@pytest.mark.usefixtures("behind")
def test_a_document_dated_later_than_now_is_refused(store: Path, tmp_path: Path) -> None:
    site = write(tmp_path / "ahead", files(document(3, issued_at=_later())))
    message = refused(store, site)
    assert "the issuer document is dated 2026-11-03 00:00:00 UTC, later than now" in message
    assert "check the clocks, and tell the issuer" in message


@pytest.mark.usefixtures("behind")
def test_a_list_dated_later_than_now_bars_no_honest_one(store: Path, tmp_path: Path) -> None:
    message = without_lists(store, write(tmp_path / "ahead", files(document(3), newer(1))))
    assert "status list 1: it is dated 2026-11-03 00:00:00 UTC, later than now" in message
    honest = status_list(values=[(7, 1)], issued_at=_later() - timedelta(hours=5))
    result, _ = refresh(store, write(tmp_path / "honest", files(document(3), honest)))
    assert result["status_lists"][0]["issued_at"] == "2026-11-02T19:00:00Z"


def test_verify_says_what_is_dated_later_than_the_clock(store: Path, token: Path) -> None:
    """A little ahead is no reason to refuse; what is said must not look like the past."""
    early = ("--now", "2026-11-01T23:58:00Z")
    output = signedcert("verify", token, "--trust", store, *early, exit_code=1).stdout
    assert "As of 2026-11-02T00:00:00Z, dated later than your clock." in output
    assert "As of 2026-11-01T00:00:00Z: the oldest" in output
    exact = ("--now", "2026-11-02T00:00:00Z")
    output = signedcert("verify", token, "--trust", store, *exact, exit_code=1).stdout
    assert "later than your clock" not in output


def test_one_bad_issuer_spoils_no_other(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are refreshed at once from the web; here the web is two folders."""
    add(store, write(tmp_path / "good", files(other_document(GOOD), issuer=GOOD)), issuer=GOOD)
    sites = {
        ISSUER: write(tmp_path / "old", files(document(1))),
        GOOD: write(tmp_path / "good", {DOCUMENT: other_document(GOOD, 2)}),
    }
    _stand_in_for_the_web(monkeypatch, sites)
    done = signedcert("trust", "refresh", "--trust", store, "--json", exit_code=USAGE)
    good, bad = json.loads(done.stdout)
    assert (good["issuer"], good["version"]) == (GOOD, 2)
    assert bad["issuer"] == ISSUER
    assert "version 2 is known already" in bad["error"]
    known = {each["issuer"]: each for each in printed("trust", "show", "--trust", store)["issuers"]}
    assert (known[GOOD]["version"], known[ISSUER]["version"]) == (2, 2)


def _stand_in_for_the_web(monkeypatch: pytest.MonkeyPatch, sites: dict[str, Path]) -> None:
    def site_of(issuer: str, *_: object, **__: object) -> FolderSite:
        return FolderSite(sites[issuer])

    # The package has the command under the module's name.
    monkeypatch.setattr(sys.modules["signedcert.cli.trust.refresh"], "site_of", site_of)


def test_a_site_goes_with_one_issuer(store: Path, tmp_path: Path) -> None:
    add(store, write(tmp_path / "good", files(other_document(GOOD), issuer=GOOD)), issuer=GOOD)
    arguments = ("trust", "refresh", "--site", tmp_path, "--trust", store)
    assert "--site is for one issuer" in signedcert(*arguments, exit_code=USAGE).stderr


def test_who_is_not_trusted_is_not_refreshed(store: Path, tmp_path: Path) -> None:
    before = store.read_bytes()
    arguments = ("trust", "refresh", GOOD, "--site", tmp_path, "--trust", store)
    message = signedcert(*arguments, exit_code=USAGE).stderr
    assert f"not trusted yet: signedcert trust add {GOOD}" in message
    assert store.read_bytes() == before


def test_a_compromise_reaches_the_verifier_with_its_reason(
    store: Path, tmp_path: Path, token: Path
) -> None:
    stolen = KeyRevocation(end=KeyEnd.COMPROMISED, since=PUBLISHED_AT + DAY, why="stolen")
    data = signed_document(content(3, keys=(key(revocation=stolen), STATUS_KEY)), ROOTS[0])
    refresh(store, write(tmp_path / "after", files(data, status_list(issued_at=_later()))))
    verdict = printed("verify", token, "--trust", store, *AT, exit_code=1)
    assert finding(verdict, "KEY_PERIOD") == {"outcome": "FAILED", "reason": "key_compromised"}


def test_a_stale_document_is_undecided_with_its_date(store: Path, token: Path) -> None:
    late = ("--now", "2027-01-31T00:00:00Z")
    verdict = printed("verify", token, "--trust", store, *late, exit_code=3)
    expected = {
        "outcome": "UNKNOWN",
        "reason": "issuer_document_stale",
        "as_of": "2026-11-01T00:00:00Z",
    }
    assert finding(verdict, "ISSUER_TRUSTED") == expected
    lenient = ("--max-staleness", f"{timedelta(days=40).days}d")
    printed("verify", token, "--trust", store, *late, *lenient)


# A stolen root, as the guide on keys tells it: the thief has ROOTS[0], the issuer goes to ROOTS[1].

THIEF = sc.SoftwareSigner(b"h" * 32)
THIEFS_KEYS = {"keys": (key(THIEF), STATUS_KEY)}
THIEFS_DOCUMENTS = [
    document(100, **THIEFS_KEYS),
    document(100, 2, roots=[STRANGER], signer=STRANGER, **THIEFS_KEYS, handovers=(
        *handovers(1), handover(2, [STRANGER], ROOTS[0])
    )),
]  # fmt: skip
NEW_FINGERPRINT = ROOTS[1].public_key.thumbprint.hex()


@pytest.fixture
def new_site(tmp_path: Path) -> Path:
    """What the issuer publishes after the theft: new roots, handed over to by the old one."""
    return write(tmp_path / "after", files(document(3, 2), status_list(issued_at=_later())))


@pytest.mark.parametrize("theirs", THIEFS_DOCUMENTS, ids=["document", "handover"])
def test_after_the_new_roots_a_stolen_one_counts_for_nothing(
    theirs: bytes, store: Path, new_site: Path, tmp_path: Path
) -> None:
    refresh(store, new_site)
    refused(store, write(tmp_path / "thief", files(theirs)))


@pytest.mark.parametrize("theirs", THIEFS_DOCUMENTS, ids=["document", "handover"])
def test_who_took_the_thiefs_document_first_needs_the_new_fingerprint(
    theirs: bytes, store: Path, new_site: Path, token: Path, tmp_path: Path
) -> None:
    listed = status_list(issued_at=_later())
    result, _ = refresh(store, write(tmp_path / "thief", files(theirs, listed)))
    assert result["version"] == 100
    message = refused(store, new_site)
    assert "version 100 is known already" in message or "not signed by a root" in message
    printed("trust", "remove", ISSUER, "--trust", store)
    assert add(store, new_site, "--root", NEW_FINGERPRINT)["epoch"] == 2
    printed("verify", token, "--trust", store, *AT)


def test_an_old_fingerprint_is_the_thiefs_too(tmp_path: Path, new_site: Path) -> None:
    thief = write(tmp_path / "thief", files(THIEFS_DOCUMENTS[0]))
    assert add(tmp_path / "deceived", thief, "--root", FINGERPRINT)["version"] == 100
    arguments = ("trust", "add", ISSUER, "--site", thief, "--trust", tmp_path / "careful")
    signedcert(*arguments, "--root", NEW_FINGERPRINT, exit_code=USAGE)
    assert add(tmp_path / "careful", new_site, "--root", NEW_FINGERPRINT)["version"] == 3
