"""Checks of published files, on documents and answers that no command of ours makes."""

from datetime import datetime, timedelta
from typing import Any

import cbor2
import pytest

import signedcert as sc
from cbor_oracle import dumps
from forging import header, signed
from issuing import ISSUER, OTHER_SIGNER, SIGNER
from signedcert.fetch.doctor.checks import Expected, Report, check_site
from signedcert.fetch.doctor.document import check_document
from signedcert.fetch.doctor.findings import Finding, Level, check_not_ahead, quoted
from signedcert.fetch.doctor.headers import check_server
from signedcert.fetch.doctor.keys import check_keys
from signedcert.fetch.doctor.lists import check_lists
from signedcert.fetch.doctor.snapshot import FileRead, Snapshot
from signedcert.fetch.published import LISTS_PATH
from signedcert.fetch.response import Response
from signedcert.model.issuer_document import KeyRevocation, SigningKey
from signedcert.trust.status_token import STATUS_LIST_TYPE
from trusting import (
    DAY,
    NEXT_UPDATE,
    P256,
    PUBLISHED_AT,
    ROOTS,
    STATUS_KEY,
    STATUS_SIGNER,
    STRANGER,
    content,
    document,
    forged_document,
    handover,
    key,
    status_list,
)

OK, NOTE, WARNING, FAULT = Level
SECOND = timedelta(seconds=1)
YEAR = 365 * DAY
THIRD_SIGNER = sc.SoftwareSigner(b"3" * 32)


def read(data: bytes = b"", path: str = "x", **fields: Any) -> FileRead:
    return FileRead(path, data, PUBLISHED_AT, **fields)


def found(findings: Any, check: str) -> list[tuple[Level, str]]:
    return [(each.level, each.says) for each in findings if each.check == check]


def levels(findings: Any, check: str) -> list[Level]:
    return [level for level, _ in found(findings, check)]


class TestDocument:
    def checked(self, data: bytes, now: datetime = PUBLISHED_AT, issuer: str | None = None):
        return check_document(read(data), now, issuer)

    def test_every_epoch_is_walked_from_the_first_root(self):
        checked = self.checked(document(epoch=7))
        assert levels(checked.findings, "handovers") == [OK]
        [(_, says)] = found(checked.findings, "fingerprint")
        assert ROOTS[6].public_key.thumbprint.hex() in says

    @pytest.mark.parametrize(
        "handovers",
        [
            (handover(1, [ROOTS[0]], STRANGER), handover(2, [ROOTS[1]], ROOTS[0])),
            (handover(1), handover(2, [ROOTS[1]], STRANGER)),
            (handover(1), handover(3, [ROOTS[1]])),
            (b"x", handover(2, [ROOTS[1]])),
            (handover(1)[:-1] + bytes([handover(1)[-1] ^ 1]), handover(2, [ROOTS[1]])),
            (handover(1, [STRANGER], STRANGER), handover(2, [ROOTS[1]])),
            (handover(1, issuer="other.example.org"), handover(2, [ROOTS[1]])),
        ],
        ids=["first", "second", "number", "damaged", "signature", "another root", "another issuer"],
    )
    def test_a_broken_chain_is_a_fault_though_the_present_root_signed(self, handovers):
        checked = self.checked(document(epoch=2, handovers=handovers))
        assert checked.document is not None
        assert levels(checked.findings, "issuer_document") == [OK]
        assert levels(checked.findings, "handovers") == [FAULT]
        assert found(checked.findings, "fingerprint") == []

    def test_a_document_without_handovers_has_no_chain(self):
        for handovers in ([], None):
            checked = self.checked(forged_document({7: handovers}))
            assert checked.document is None
            assert levels(checked.findings, "issuer_document") == [FAULT]

    def test_a_document_that_its_own_roots_did_not_sign_is_none(self):
        checked = self.checked(document(signer=STRANGER))
        assert checked.document is None
        assert levels(checked.findings, "issuer_document") == [FAULT]

    @pytest.mark.parametrize(
        ("before", "level"),
        [(SECOND, WARNING), (45 * DAY, WARNING), (45 * DAY + SECOND, OK), (0 * SECOND, FAULT)],
    )
    def test_when_to_renew(self, before, level):
        checked = self.checked(document(), NEXT_UPDATE - before)
        assert levels(checked.findings, "next_update") == [level]

    @pytest.mark.parametrize(
        ("page", "level"),
        [
            (f"https://{ISSUER}/c/", OK),
            (f"https://{ISSUER.upper()}/c/", OK),
            ("https://verify.example.org/c/", NOTE),
            (f"http://{ISSUER}/c/", WARNING),
            (None, NOTE),
        ],
    )
    def test_the_verify_page(self, page, level):
        checked = self.checked(document(verify_url=page))
        assert levels(checked.findings, "verify_page") == [level]

    def test_an_issuer_with_a_path_has_its_page_on_its_host(self):
        data = document(issuer="example.edu/learn", verify_url="https://example.edu/c/")
        assert levels(self.checked(data).findings, "verify_page") == [OK]

    def test_lists_on_another_host_are_noted(self):
        data = document(status_lists="https://lists.example.org/{number}")
        assert levels(self.checked(data).findings, "status_lists") == [NOTE]
        assert levels(self.checked(document()).findings, "status_lists") == []


class TestKeys:
    def findings(self, *keys: SigningKey, now: datetime = PUBLISHED_AT, **fields: Any):
        return check_keys(content(keys=(*keys, STATUS_KEY), **fields), now)

    def test_a_successor_that_begins_in_time_is_well(self):
        for begin in (YEAR, YEAR - SECOND, 0 * DAY):
            later = key(
                OTHER_SIGNER, valid_from=PUBLISHED_AT + begin, valid_until=PUBLISHED_AT + 2 * YEAR
            )
            findings = self.findings(later, key(), now=PUBLISHED_AT + 350 * DAY)
            [(level, says), *rest] = found(findings, "statement_keys")
            assert (level, "2028-10-31" in says) == (OK, True)
            assert [level for level, _ in rest] == ([NOTE] if begin > 350 * DAY else [])

    def test_three_keys_cover_a_time_that_two_do_not(self):
        ends = [100 * DAY, 200 * DAY, 300 * DAY]
        keys = [
            key(signer, valid_from=PUBLISHED_AT + end - 100 * DAY, valid_until=PUBLISHED_AT + end)
            for signer, end in zip((SIGNER, OTHER_SIGNER, THIRD_SIGNER), ends, strict=True)
        ]
        assert levels(self.findings(*reversed(keys)), "statement_keys") == [OK, NOTE]
        [(level, says), _] = found(self.findings(keys[0], keys[2]), "statement_keys")
        assert level is WARNING
        assert "From 2027-02-09 00:00 UTC until 2027-05-20 00:00 UTC no key" in says
        now = PUBLISHED_AT + 70 * DAY
        assert levels(self.findings(keys[0], keys[2], now=now), "statement_keys") == [FAULT, NOTE]

    def test_a_long_key_is_not_cut_short_by_a_shorter_one_within(self):
        short = key(OTHER_SIGNER, valid_from=PUBLISHED_AT + DAY, valid_until=PUBLISHED_AT + 2 * DAY)
        assert levels(self.findings(key(), short), "statement_keys") == [OK, NOTE]

    @pytest.mark.parametrize("end", ["retired", "compromised"])
    def test_a_key_that_ended_signs_nothing(self, end):
        ended = key(revocation=KeyRevocation(end=end, since=PUBLISHED_AT))
        assert levels(self.findings(ended), "statement_keys") == [FAULT]
        notes = levels(self.findings(ended), "compromised_keys")
        assert notes == ([NOTE] if end == "compromised" else [])

    def test_a_compromised_key_for_lists_is_noted_without_talk_of_certificates(self):
        ended = key(
            OTHER_SIGNER, "status", revocation=KeyRevocation(end="compromised", since=PUBLISHED_AT)
        )
        [(level, says)] = found(self.findings(key(), ended), "compromised_keys")
        assert (level, "status lists signed with it are refused" in says) == (NOTE, True)

    def test_no_key_at_all(self):
        [(level, says)] = found(self.findings(), "statement_keys")
        assert (level, "lists no key" in says) == (FAULT, True)

    def test_keys_of_unknown_kinds_are_noted_and_do_not_sign(self):
        unknown = SigningKey(
            key=P256, use="statements", valid_from=PUBLISHED_AT, valid_until=PUBLISHED_AT + YEAR
        )
        assert levels(self.findings(unknown), "statement_keys") == [FAULT, NOTE]

    def test_a_closed_issuer_needs_none(self):
        assert levels(self.findings(final=True), "statement_keys") == [OK]


class TestLists:
    def findings(self, *tokens: bytes, now: datetime = PUBLISHED_AT, **fields: Any):
        paths = [f"status/{number}.cwt" for number in range(1, len(tokens) + 1)]
        site = Snapshot(
            read(),
            {LISTS_PATH: read(b"{}")},
            tuple(read(token, path) for token, path in zip(tokens, paths, strict=True)),
        )
        return check_lists(site, content(**fields), now)

    @pytest.mark.parametrize(
        ("lifetime", "left", "level"),
        [
            (30 * DAY, 7 * DAY, WARNING),
            (30 * DAY, 7 * DAY + SECOND, OK),
            (1 * DAY, DAY / 4, WARNING),
            (1 * DAY, DAY / 4 + SECOND, OK),
            (1 * DAY, SECOND, WARNING),
            (1 * DAY, 0 * DAY, FAULT),
        ],
    )
    def test_when_to_publish_again(self, lifetime, left, level):
        token = status_list(expires_at=PUBLISHED_AT + lifetime)
        checked = self.findings(token, now=PUBLISHED_AT + lifetime - left)
        assert levels(checked.findings, "status_list") == [level]

    def test_a_list_without_an_end_lasts_as_long_as_its_ttl(self):
        token = status_list(expires_at=None, ttl=timedelta(hours=12))
        checked = self.findings(token, now=PUBLISHED_AT + timedelta(hours=12))
        assert levels(checked.findings, "status_list") == [FAULT]

    def test_the_shortest_ttl_counts(self):
        tokens = [status_list(n, ttl=timedelta(hours=h)) for n, h in ((1, 12), (2, 2), (3, 7))]
        checked = self.findings(*tokens, status_list(4, ttl=None))
        assert levels(checked.findings, "status_list") == [OK] * 4
        assert checked.ttl == timedelta(hours=2)
        assert self.findings(tokens[1], tokens[0]).findings[1].level is FAULT

    def test_a_list_of_the_future(self):
        checked = self.findings(status_list(issued_at=PUBLISHED_AT + DAY))
        assert levels(checked.findings, "status_list") == [WARNING, OK]

    def test_a_list_that_counts_only_later(self):
        begin = int((PUBLISHED_AT + DAY).timestamp())
        claims = cbor2.loads(cbor2.loads(status_list()).value[2]) | {5: begin}
        head = header(STATUS_SIGNER, STATUS_LIST_TYPE)
        token = signed(dumps(claims), head, signer=STATUS_SIGNER)
        assert FAULT in levels(self.findings(token).findings, "status_list")
        later = self.findings(token, now=PUBLISHED_AT + DAY)
        assert levels(later.findings, "status_list") == [OK]

    @pytest.mark.parametrize("signer", [STRANGER, SIGNER, ROOTS[0]])
    def test_a_list_signed_by_a_key_that_may_not(self, signer):
        checked = self.findings(status_list(signer=signer))
        assert levels(checked.findings, "status_list") == [FAULT]

    def test_an_issuer_without_lists_is_noted(self):
        site = Snapshot(read())
        checked = check_lists(site, content(status_lists=None), PUBLISHED_AT)
        assert levels(checked.findings, "status_lists") == [NOTE]
        checked = check_lists(site, content(), PUBLISHED_AT)
        assert levels(checked.findings, "status_lists") == [FAULT]

    def test_lists_under_another_template_are_told_by_their_uri(self):
        template = "https://lists.example.org/{number}"
        token = status_list(subject="https://lists.example.org/1")
        site = Snapshot(
            read(), {LISTS_PATH: read(b"{}")}, (read(token, "https://lists.example.org/1"),)
        )
        checked = check_lists(site, content(status_lists=template), PUBLISHED_AT)
        assert levels(checked.findings, "status_list") == [OK]


class TestServer:
    def findings(
        self, headers: dict[str, str], date: datetime | None = PUBLISHED_AT, count: int = 1
    ) -> list[Finding]:
        answered = read(response=Response(b"", headers, date))
        others = {f"{n}": answered._replace(path=f"file-{n}") for n in range(1, count)}
        site = Snapshot(answered, others)
        return check_server(site, lambda _: "application/json; a=b", timedelta(hours=1))

    @pytest.mark.parametrize(
        ("sent", "level"),
        [
            ("application/json", OK),
            ("Application/JSON ; charset=utf-8", OK),
            ("text/html", WARNING),
            ("", WARNING),
        ],
    )
    def test_media_types_are_compared_without_parameters(self, sent, level):
        assert levels(self.findings({"content-type": sent}), "content_type") == [level]

    @pytest.mark.parametrize(
        ("sent", "level"),
        [
            ("max-age=3600", OK),
            ("MAX-AGE=3601", WARNING),
            ('max-age="3601"', WARNING),
            ("x-max-age=9999", OK),
            ("private, max-age=9999", WARNING),
            ("no-cache", OK),
            ("max-age=9999999999", WARNING),
            ("max-age=", OK),
        ],
    )
    def test_how_long_caches_may_keep(self, sent, level):
        assert levels(self.findings({"cache-control": sent}), "cache") == [level]

    @pytest.mark.parametrize(
        ("apart", "level"),
        [
            (timedelta(minutes=5), OK),
            (timedelta(minutes=-5), OK),
            (timedelta(minutes=5, seconds=1), WARNING),
            (timedelta(minutes=-5, seconds=-1), WARNING),
            (400 * DAY, WARNING),
        ],
    )
    def test_clocks(self, apart, level):
        assert levels(self.findings({}, PUBLISHED_AT + apart), "clock") == [level]

    def test_a_date_near_the_end_of_time_and_an_age_are_no_trouble(self):
        end = datetime.max.replace(tzinfo=PUBLISHED_AT.tzinfo)
        for age in ("9" * 40, "-1", "²"):
            assert levels(self.findings({"age": age}, end), "clock") == [WARNING]

    def test_many_files_are_not_all_named(self):
        [(_, says)] = found(self.findings({}, count=9), "cors")
        assert "x, file-1, file-2 and 6 more" in says


def test_a_document_that_proves_nothing_ends_the_checks():
    never = Expected(lambda _: pytest.fail("asked for"), lambda _: pytest.fail("asked for"))
    report = check_site(Snapshot(read(b"junk")), PUBLISHED_AT, never)
    assert isinstance(report, Report)
    assert (report.document, report.faults, report.warnings) == (None, 1, 0)


def test_clocks_may_differ_by_five_minutes():
    for apart, count in ((300, 0), (301, 1)):
        at = PUBLISHED_AT + timedelta(seconds=apart)
        assert len(check_not_ahead("x", "It", at, PUBLISHED_AT)) == count


def test_quotations_are_cut_off():
    assert quoted("a" * 100) == f'"{"a" * 100}"'
    assert quoted("a" * 101) == f'"{"a" * 100}…"'
