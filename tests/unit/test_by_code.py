"""Certificates that are opened by their printed codes: what the ledger keeps, what is published."""

import contextlib
import html.parser
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

import signedcert as sc
from issuing import minimal
from signedcert.model.code import code_from_id
from signedcert.model.issued_record import VisibleRecord
from signedcert.model.issuer_document import KeyUse
from signedcert.workspace.closing import close
from signedcert.workspace.creation import Plan, Secrets, create_workspace
from signedcert.workspace.issuing import issue_recorded
from signedcert.workspace.ledger import LedgerError, Recording
from signedcert.workspace.publication import PageChoice, publish
from signedcert.workspace.reissue import reissue
from signedcert.workspace.site.by_code import by_code_page, by_code_start
from signedcert.workspace.site.folder import InTheWayError
from signedcert.workspace.site.paths import MANIFEST_FILE, by_code_path

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
PAGE = "https://learn.example.edu/c/"
HOSTILE = '"><script>alert(1)</script>&#x27;'


def never(_):
    raise AssertionError("a key in the clear needs no passphrase")


@pytest.fixture
def owner(tmp_path):
    plan = Plan(issuer="learn.example.edu", page=PAGE, now=NOW)
    return create_workspace(tmp_path / "w", plan, lambda: Secrets(None, None))


@pytest.fixture
def site(tmp_path):
    return tmp_path / "site"


def issued(owner, count=1, **fields):
    """Certificates and their tokens, in the order of their ids."""
    signer = owner.signer(KeyUse.STATEMENTS, NOW, never)
    made = [minimal(id=sc.new_id(), issued_at=NOW, **fields) for _ in range(count)]
    with owner.open_ledger(NOW) as ledger:
        return [
            issue_recorded(ledger, each, signer, NOW) for each in sorted(made, key=lambda c: c.id)
        ]


def allow(owner, *certificates, at=NOW):
    with owner.open_ledger(at) as ledger:
        ledger.allow_by_code([each.id for each in certificates], at)


def page_of(site, certificate):
    return site / by_code_path(certificate.code)


def codes_in(site):
    return {path.name for path in (site / "v").glob("*") if path.is_dir()}


class Page(html.parser.HTMLParser):
    """What stands in a page: elements with their attributes, and texts."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(data.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts += [data.strip()] if data.strip() else []

    def meta(self, name):
        (found,) = [
            each["content"]
            for tag, each in self.elements
            if tag == "meta" and name in (each.get("name"), each.get("http-equiv"))
        ]
        return found

    @property
    def link(self):
        (found,) = [each["href"] for tag, each in self.elements if tag == "a"]
        return found


class TestPage:
    def test_it_leads_on_without_script_and_says_code_and_issuer_alone(self, owner):
        ((certificate, token),) = issued(owner, learner=sc.Person(name="Jacob Ångström"))
        data = by_code_page(certificate.code, owner.issuer, token, None)
        page = Page(data)
        assert page.link.startswith("../../c/#A")
        assert sc.token_from_text(page.link.partition("#")[2]) == token
        assert page.meta("refresh") == f"0; url={page.link}"
        assert {tag for tag, _ in page.elements} == {
            "html", "head", "meta", "title", "body", "main", "h1", "p", "a",
        }  # fmt: skip
        assert page.meta("Content-Security-Policy").startswith("default-src 'none'")
        assert (page.meta("referrer"), page.meta("robots").split(",")[0]) == (
            "no-referrer", "noindex",
        )  # fmt: skip
        assert page.texts == [
            f"Certificate {certificate.code}",
            f"Certificate {certificate.code}",
            "Published by learn.example.edu. This address proves nothing: the next page checks.",
            "Check this certificate",
        ]

    def test_nothing_in_a_certificate_becomes_part_of_it(self, owner, site):
        course = minimal().course.model_copy(update={"title": HOSTILE, "institution": HOSTILE})
        made = issued(owner, learner=sc.Person(name=HOSTILE), course=course)
        allow(owner, made[0][0])
        publish(owner, site, never, NOW)
        data = page_of(site, made[0][0]).read_bytes()
        assert b"alert" not in data
        assert not any(tag == "script" for tag, _ in Page(data).elements)

    def test_what_could_end_an_attribute_is_escaped(self, owner):
        ((_, token),) = issued(owner)
        data = by_code_page("'><script>", '"><script>', token, "https://a.example/?a=\"'<&b")
        page = Page(data)
        assert page.link.startswith("https://a.example/?a=\"'<&b#A")
        assert page.texts[0] == "Certificate '><script>"
        assert not any(tag == "script" for tag, _ in page.elements)

    def test_the_start_is_for_who_leaves_out_the_code(self):
        assert Page(by_code_start(None)).link == "../c/"
        assert Page(by_code_start(PAGE)).link == PAGE
        assert Page(by_code_start(None)).meta("refresh") == "0; url=../c/"


class TestLedger:
    def test_it_keeps_what_was_allowed_until_it_is_withdrawn(self, owner):
        (one, token), (other, _) = issued(owner, 2)
        with owner.open_ledger(NOW) as ledger:
            ledger.allow_by_code([other.id, one.id], NOW)
            found = [*ledger.open_by_code()]
            assert [(each.id, each.allowed_at) for each in found] == [
                (one.id, NOW),
                (other.id, NOW),
            ]
            assert (found[0].token, len(found[0].digest)) == (token, 16)
            ledger.allow_by_code([one.id], LATER)
            assert [each.allowed_at for each in ledger.open_by_code()] == [LATER, NOW]
            assert ledger.withdraw_by_code([one.id, one.id]) == [one.id]
            assert ledger.withdraw_by_code([one.id]) == []
            assert [each.id for each in ledger.open_by_code()] == [other.id]
            assert (ledger.is_open_by_code(one.id), ledger.is_open_by_code(other.id)) == (
                False, True,
            )  # fmt: skip

    @pytest.mark.parametrize("change", ["allow_by_code", "withdraw_by_code"])
    def test_of_several_all_or_none(self, owner, change):
        ((certificate, _),) = issued(owner)
        if change == "withdraw_by_code":
            allow(owner, certificate)
        reserved = sc.new_id()
        with owner.open_ledger(NOW) as ledger:
            ledger.reserve([reserved], NOW)
            before = [*ledger.open_by_code()]
            for unknown in (sc.new_id(), reserved):
                more = (NOW,) if change == "allow_by_code" else ()
                with pytest.raises(LedgerError, match=f"no certificate {code_from_id(unknown)}"):
                    getattr(ledger, change)([certificate.id, unknown], *more)
            assert [*ledger.open_by_code()] == before

    def test_a_course_record_is_never_opened_by_its_code(self, owner):
        record = Recording(
            b"a record..", b"token", b"kid-one.", VisibleRecord.media_type, NOW, None
        )
        with owner.open_ledger(NOW) as ledger:
            ledger.record_many([record])
            with pytest.raises(LedgerError, match=r"is a course record.*signedcert share"):
                ledger.allow_by_code([record.id], NOW)
            assert [*ledger.open_by_code()] == []

    def test_many_are_read_page_by_page(self, owner, monkeypatch):
        monkeypatch.setattr("signedcert.workspace.ledger.by_code._PAGE", 3)
        made = [certificate for certificate, _ in issued(owner, 10)]
        allow(owner, *made)
        with owner.open_ledger(NOW) as ledger:
            assert [each.id for each in ledger.open_by_code()] == [each.id for each in made]

    def test_a_restored_backup_that_forgot_a_withdrawal_is_noticed(self, owner):
        ((certificate, _),) = issued(owner)
        allow(owner, certificate)
        with contextlib.closing(sqlite3.connect(owner.ledger_file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = owner.ledger_file.read_bytes()
        with owner.open_ledger(NOW) as ledger:
            ledger.withdraw_by_code([certificate.id])
        for end in ("-wal", "-shm"):
            owner.ledger_file.with_name(owner.ledger_file.name + end).unlink(missing_ok=True)
        # Into the same file, as cp does: only the mark shows it.
        with owner.ledger_file.open("r+b") as file:
            file.write(before)
            file.truncate()
        with owner.open_ledger(NOW) as ledger:
            assert ledger.restored_at_open
            assert [each.id for each in ledger.open_by_code()] == [certificate.id]


class TestPublishing:
    def test_the_next_publication_writes_and_removes_them(self, owner, site):
        (one, token), (other, _) = issued(owner, 2)
        assert publish(owner, site, never, NOW).by_code == 0
        assert not (site / "v").exists()
        allow(owner, one, other)
        done = publish(owner, site, never, NOW)
        assert done.by_code == 2
        assert {f"v/{each.code}/index.html" for each in (one, other)} | {"v/index.html"} == {
            path for path in done.files if path.startswith("v/")
        }
        link = Page(page_of(site, one).read_bytes()).link
        assert sc.token_from_text(link.partition("#")[2]) == token
        with owner.open_ledger(NOW) as ledger:
            ledger.withdraw_by_code([one.id])
        assert publish(owner, site, never, NOW).by_code == 1
        assert codes_in(site) == {other.code}
        with owner.open_ledger(NOW) as ledger:
            ledger.withdraw_by_code([other.id])
        publish(owner, site, never, NOW)
        assert not (site / "v").exists()

    def test_published_again_they_are_the_same_bytes(self, owner, site):
        ((certificate, _),) = issued(owner)
        allow(owner, certificate)
        publish(owner, site, never, NOW)
        before = page_of(site, certificate).read_bytes()
        publish(owner, site, never, LATER)
        assert page_of(site, certificate).read_bytes() == before

    def test_no_list_of_them_is_published(self, owner, site):
        ((certificate, _),) = issued(owner)
        allow(owner, certificate)
        publish(owner, site, never, NOW)
        others = {path for path in site.rglob("*") if path.is_file()} - {page_of(site, certificate)}
        for path in others:
            assert certificate.code.encode() not in path.read_bytes()
        assert "v/index.html" in (site / MANIFEST_FILE).read_text()
        headers = (site / "_headers").read_text()
        _, _, rule = headers.partition("\n/v/*\n")
        assert "X-Robots-Tag: noindex" in rule.split("\n\n")[0]
        assert "Referrer-Policy: no-referrer" in rule.split("\n\n")[0]

    def test_users_own_files_there_stay_and_stand_in_the_way(self, owner, site):
        (one, _), (other, _) = issued(owner, 2)
        allow(owner, one)
        publish(owner, site, never, NOW)
        page_of(site, other).parent.mkdir()
        page_of(site, other).write_bytes(b"<!doctype html>mine")
        (site / "v" / one.code / "more.txt").write_bytes(b"mine")
        publish(owner, site, never, NOW)
        with owner.open_ledger(NOW) as ledger:
            ledger.withdraw_by_code([one.id])
        publish(owner, site, never, NOW)
        assert page_of(site, other).read_bytes() == b"<!doctype html>mine"
        assert not page_of(site, one).exists()
        assert (site / "v" / one.code / "more.txt").read_bytes() == b"mine"
        allow(owner, other)
        with pytest.raises(InTheWayError, match="was not published by signedcert"):
            publish(owner, site, never, NOW)
        assert page_of(site, other).read_bytes() == b"<!doctype html>mine"

    def test_without_the_page_they_lead_to_where_links_lead(self, owner, site):
        ((certificate, _),) = issued(owner)
        allow(owner, certificate)
        publish(owner, site, never, NOW, page=PageChoice(whole=False))
        assert Page(page_of(site, certificate).read_bytes()).link.startswith(f"{PAGE}#A")
        assert Page((site / "v" / "index.html").read_bytes()).link == PAGE

    def test_what_is_revoked_keeps_its_page_and_what_is_signed_anew_gets_its_new_token(
        self, owner, site
    ):
        (one, _), (other, token) = issued(owner, 2)
        allow(owner, one, other)
        with owner.open_ledger(NOW) as ledger:
            found = ledger.find(one.id)
            ledger.revoke(found.reference, one.id, "reason", NOW)
            signer = owner.signer(KeyUse.STATEMENTS, LATER, never)
            anew = reissue(ledger, ledger.find(other.id), signer, LATER)
        publish(owner, site, never, LATER)
        assert codes_in(site) == {one.code, other.code}
        link = Page(page_of(site, other).read_bytes()).link
        assert sc.token_from_text(link.partition("#")[2]) == anew.token != token

    @pytest.mark.parametrize("kept", ["ledger", "file", "another file", "nowhere"])
    def test_the_token_comes_from_the_ledger_or_from_what_was_issued(self, owner, site, kept):
        (certificate, token), (_, other_token) = issued(owner, 2)
        allow(owner, certificate)
        file = owner.make_issued_folder() / f"{certificate.code}.cose"
        if kept != "ledger":
            with contextlib.closing(sqlite3.connect(owner.ledger_file)) as connection:
                connection.execute("UPDATE issued SET token = NULL")
                connection.commit()
            if kept != "nowhere":
                file.write_bytes(token if kept == "file" else other_token)
        told = []
        done = publish(owner, site, never, NOW, tell=told.append)
        if kept in ("ledger", "file"):
            assert (done.by_code, told) == (1, [])
            link = Page(page_of(site, certificate).read_bytes()).link
            assert sc.token_from_text(link.partition("#")[2]) == token
        else:
            assert done.by_code == 0
            assert told == [
                f"{certificate.code} cannot be opened by its code: the ledger has not kept its "
                f"token. Put the token's file into {file.parent} as {file.name}; or take back that "
                f"it may be: signedcert by-code withdraw {certificate.code}"
            ]


class TestRestored:
    """A workspace put back from a backup that does not know of a withdrawal."""

    @pytest.fixture
    def made(self, owner, site, tmp_path):
        """One that was withdrawn since the backup, and one that was not."""
        (gone, _), (kept, _) = issued(owner, 2)
        allow(owner, gone, kept)
        publish(owner, site, never, NOW)
        shutil.copytree(owner.folder, tmp_path / "backup")
        with owner.open_ledger(NOW) as ledger:
            ledger.withdraw_by_code([gone.id])
        publish(owner, site, never, NOW)
        shutil.rmtree(owner.folder)
        shutil.copytree(tmp_path / "backup", owner.folder)
        return gone, kept

    def test_what_is_not_in_the_site_any_more_is_not_published_again(self, owner, site, made):
        gone, kept = made
        for _ in range(2):
            told = []
            assert publish(owner, site, never, LATER, tell=told.append).by_code == 1
            assert codes_in(site) == {kept.code}
            assert [each for each in told if gone.code in each] == told
        assert told == []  # it was entered into the ledger, and told once
        allow(owner, gone, at=LATER)
        publish(owner, site, never, LATER)
        assert codes_in(site) == {gone.code, kept.code}

    def test_what_is_allowed_after_it_is_published(self, owner, site, made):
        gone, kept = made
        with owner.open_ledger(LATER) as ledger:  # notices the restore
            ledger.allow_by_code([gone.id], LATER)
        publish(owner, site, never, LATER)
        assert codes_in(site) == {gone.code, kept.code}


class TestClosed:
    def test_learners_may_still_agree_and_withdraw(self, owner, site):
        (one, _), (other, _) = issued(owner, 2)
        allow(owner, one)
        close(owner, lambda: owner.root_signer(never), NOW)
        allow(owner, other)
        publish(owner, site, never, LATER)
        assert codes_in(site) == {one.code, other.code}
        with owner.open_ledger(LATER) as ledger:
            ledger.withdraw_by_code([one.id])
        publish(owner, site, never, LATER)
        assert codes_in(site) == {other.code}

    def test_without_the_ledger_the_pages_stay_as_they_are(self, owner, site):
        (one, _), (other, _) = issued(owner, 2)
        allow(owner, one, other)
        close(owner, lambda: owner.root_signer(never), NOW)
        publish(owner, site, never, LATER)
        before = page_of(site, one).read_bytes()
        for path in owner.folder.glob("ledger.*"):
            path.unlink()
        shutil.rmtree(page_of(site, other).parent)
        assert publish(owner, site, never, LATER).by_code == 1
        assert codes_in(site) == {one.code}
        assert page_of(site, one).read_bytes() == before
