"""What an issuer publishes: which files, what is in them, and how a host should answer for them."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

import signedcert as sc
from issuing import ISSUER, OTHER_SIGNER, SIGNER
from signedcert.model.additional import FrozenMap
from signedcert.model.code import code_from_id
from signedcert.model.issuer_document import (
    IssuerDocument,
    KeyEnd,
    KeyRevocation,
    KeyUse,
    SigningKey,
)
from signedcert.trust.key_entry import KeyEntry, Revocation
from signedcert.web import page_files, page_headers
from signedcert.workspace.site.files import site_files
from signedcert.workspace.site.headers import cache_seconds, expected_headers
from signedcert.workspace.site.paths import (
    aggregation_uri,
    by_code_path,
    is_by_code_path,
    is_sealed_path,
    page_paths,
    sealed_path,
    status_path,
)

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
BEGIN, END, SINCE = NOW, NOW + timedelta(days=365), NOW + timedelta(days=9)
TTL = timedelta(hours=6)
ROOT = sc.SoftwareSigner(bytes(31) + b"\x08").public_key.raw
STATUS_SIGNER = sc.SoftwareSigner(bytes(31) + b"\7")
THIRD_SIGNER = sc.SoftwareSigner(bytes(31) + b"\x09")


def signing(signer=SIGNER, use=KeyUse.STATEMENTS, end=None, vouched=None) -> SigningKey:
    ended = None if end is None else KeyRevocation(end=end, since=SINCE, vouched=vouched)
    return SigningKey(
        key=signer.public_key.raw, use=use, valid_from=BEGIN, valid_until=END, revocation=ended
    )


def document(*keys, issuer=ISSUER, template="https://learn.example.edu/status/{number}.cwt"):
    return IssuerDocument(
        issuer=issuer, issued_at=NOW, version=1, next_update=NOW + timedelta(days=30),
        roots=(ROOT,), handovers=(b"x",), keys=keys or (signing(),), status_lists=template,
    )  # fmt: skip


def files(published=None, tokens=None, ttl=TTL) -> dict[str, bytes]:
    return site_files(
        document() if published is None else published,
        b"document", {0: b"zero", 3: b"three"} if tokens is None else tokens, ttl=ttl,
    )  # fmt: skip


NAMES = [f"{number:032x}" for number in range(200)]
SEALED = {name: name.encode() for name in NAMES}


def rules(content: bytes) -> dict[str, dict[str, str]]:
    """A ``_headers`` file as Netlify and Cloudflare read it."""
    found: dict[str, dict[str, str]] = {}
    for line in content.decode("ascii").splitlines():
        if line.startswith("/"):
            assert line not in found
            headers = found[line] = {}
        elif line.strip() and not line.startswith("#"):
            name, separator, value = line.strip().partition(": ")
            assert separator
            assert name not in headers
            headers[name] = value
    return found


class TestFiles:
    def test_all_of_them(self):
        made = files()
        assert set(made) == {
            ".well-known/signedcert/issuer.cbor", ".well-known/jwks.json", ".well-known/did.json",
            "status/0.cwt", "status/3.cwt", "status/lists.json", "_headers",
        }  # fmt: skip
        assert made[".well-known/signedcert/issuer.cbor"] == b"document"
        assert (made["status/0.cwt"], made["status/3.cwt"]) == (b"zero", b"three")

    def test_an_issuer_with_a_path_has_its_did_document_where_did_web_looks_too(self):
        made = files(document(issuer="example.edu/learn", template=None), {})
        assert made["did.json"] == made[".well-known/did.json"]
        assert json.loads(made["did.json"])["id"] == "did:web:example.edu:learn"

    def test_without_status_lists_there_are_no_files_of_theirs(self):
        assert not any(path.startswith("status") for path in files(document(template=None), {}))

    def test_the_aggregation_lists_every_uri_by_number(self):
        made = files(tokens={10: b"", 9: b"", 0: b""})
        assert json.loads(made["status/lists.json"]) == {
            "status_lists": [f"https://{ISSUER}/status/{number}.cwt" for number in (0, 9, 10)]
        }
        assert json.loads(files(tokens={})["status/lists.json"]) == {"status_lists": []}
        assert aggregation_uri(ISSUER) == f"https://{ISSUER}/status/lists.json"

    @pytest.mark.parametrize(
        ("template", "path"),
        [
            ("https://learn.example.edu/status/{number}.cwt", "status/7.cwt"),
            ("https://learn.example.edu/a/{number}/list", "a/7/list"),
            ("https://learn.example.edu/s{number}", "s7"),
            ("https://cdn.example.net/x/{number}", "status/7.cwt"),
            ("https://learn.example.edu:444/x/{number}", "status/7.cwt"),
            ("https://learn.example.edu/x/{number}/", "status/7.cwt"),
            ("https://learn.example.edu/x//{number}", "status/7.cwt"),
            ("https://learn.example.edu/../x/{number}", "status/7.cwt"),
            ("https://learn.example.edu/./{number}", "status/7.cwt"),
        ],
    )
    def test_a_list_lies_where_its_uri_leads(self, template, path):
        published = document(template=template)
        assert status_path(published, 7) == path
        made = files(published, {7: b"seven"})
        assert made[path] == b"seven"
        assert template.replace("{number}", "7") in made["status/lists.json"].decode()

    def test_the_uri_of_a_site_below_a_path(self):
        template = "https://example.edu/learn/status/{number}.cwt"
        published = document(issuer="example.edu/learn", template=template)
        assert status_path(published, 1) == "status/1.cwt"
        outside = document(issuer="example.edu/lea", template=template)
        assert status_path(outside, 1) == "status/1.cwt"

    def test_sealed_shares_lie_where_their_links_lead(self):
        made = site_files(document(), b"document", {}, ttl=TTL, sealed=SEALED)
        assert made["r/sealed/0000000000000000000000000000000a.cose"] == NAMES[10].encode()
        assert {path for path in made if path.startswith("r/")} == {*map(sealed_path, NAMES)}

    def test_a_list_where_something_else_lies_is_refused(self):
        published = document(template="https://learn.example.edu/c/{number}")
        assert site_files(published, b"", {7: b"list"}, ttl=TTL)["c/7"] == b"list"
        with pytest.raises(ValueError, match="status list 7 would lie at c/7"):
            site_files(published, b"", {7: b"list"}, ttl=TTL, pages={"c/7": b"page"})

    def test_lists_without_a_uri_are_refused(self):
        with pytest.raises(ValueError, match="no URI"):
            files(document(template=None), {0: b""})


class TestKeySet:
    def test_trust_reads_back_periods_and_ends(self):
        vouched = bytes(16)
        published = document(
            signing(), signing(OTHER_SIGNER, end=KeyEnd.RETIRED),
            signing(THIRD_SIGNER, end=KeyEnd.COMPROMISED, vouched=vouched),
            signing(STATUS_SIGNER, KeyUse.STATUS),
        )  # fmt: skip
        trust = sc.Trust.from_jwks(ISSUER, files(published)[".well-known/jwks.json"])
        assert set(trust.keys) == {
            KeyEntry(ISSUER, SIGNER.public_key, BEGIN, END),
            KeyEntry(ISSUER, OTHER_SIGNER.public_key, BEGIN, END, Revocation.SUPERSEDED, SINCE),
            KeyEntry(ISSUER, THIRD_SIGNER.public_key, BEGIN, END, Revocation.COMPROMISED, SINCE),
        }
        assert trust.published == {ISSUER: NOW}

    def test_what_a_status_key_signed_is_not_taken_for_a_statement(self):
        published = document(signing(), signing(STATUS_SIGNER, KeyUse.STATUS))
        data = files(published)[".well-known/jwks.json"]
        assert len(sc.Trust.from_jwks(ISSUER, data).keys) == 1
        assert STATUS_SIGNER.public_key.kid.hex() not in data.decode()

    def test_the_members_of_a_key(self):
        content = json.loads(files()[".well-known/jwks.json"])
        assert (content["iss"], content["iat"]) == (ISSUER, int(NOW.timestamp()))
        (key,) = content["keys"]
        # RFC 8037, appendix A.2, has this key.
        assert key == {
            "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            "kid": "866eefbd6718c884", "use": "sig", "alg": "Ed25519",
            "iat": int(BEGIN.timestamp()), "nbf": int(BEGIN.timestamp()),
            "exp": int(END.timestamp()),
        }  # fmt: skip

    def test_a_key_of_an_unknown_kind_is_left_out(self):
        unknown = SigningKey(
            key=FrozenMap({1: 2, -1: 1}), use=KeyUse.STATEMENTS, valid_from=BEGIN, valid_until=END
        )
        data = files(document(unknown, signing()))[".well-known/jwks.json"]
        assert [entry.public_key for entry in sc.Trust.from_jwks(ISSUER, data).keys] == [
            SIGNER.public_key
        ]


class TestHeaders:
    def test_every_file_has_one_rule_with_what_is_expected(self):
        made = files()
        found = rules(made.pop("_headers"))
        assert found == {f"/{path}": dict(expected_headers(path, ttl=TTL)) for path in made}
        # Where no rule has a wildcard, no path matches two.
        assert not any(set("*:") & set(path) for path in found)

    @pytest.mark.parametrize(
        ("path", "media_type"),
        [
            (".well-known/signedcert/issuer.cbor", 'application/cose; cose-type="cose-sign1"'),
            (".well-known/jwks.json", "application/jwk-set+json"),
            (".well-known/did.json", "application/did+json"),
            ("did.json", "application/did+json"),
            ("status/lists.json", "application/json"),
            ("status/0.cwt", "application/statuslist+cwt"),
            ("lists/7", "application/statuslist+cwt"),
        ],
    )
    def test_media_types(self, path, media_type):
        headers = expected_headers(path, ttl=TTL)
        assert headers["Content-Type"] == media_type
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "public, max-age=10800"

    def test_all_sealed_shares_have_one_rule_together(self):
        sealed = sealed_path(NAMES[0])
        expected = {
            "Access-Control-Allow-Origin": "*",
            "Content-Type": 'application/cose; cose-type="cose-encrypt0"',
            "Cache-Control": "no-cache",
            "X-Content-Type-Options": "nosniff",
        }
        assert expected_headers(sealed, ttl=TTL) == expected
        made = site_files(document(), b"document", {3: b"three"}, ttl=TTL, sealed=SEALED)
        found = rules(made["_headers"])
        assert len(found) < 100
        assert found.pop("/r/sealed/*") == expected
        # No other rule is for anything there, and the others are as they are without.
        assert found == rules(files(tokens={3: b"three"})["_headers"])
        assert not any(path.startswith("/r/") for path in found)

    def test_pages_by_code_have_one_rule_together(self):
        codes = [code_from_id(bytes(8) + number.to_bytes(2, "big")) for number in range(200)]
        pages = {by_code_path(code): b"page" for code in codes} | {"v/index.html": b"start"}
        made = site_files(document(), b"document", {}, ttl=TTL, pages=pages)
        found = rules(made["_headers"])
        assert [path for path in found if path.startswith("/v/")] == ["/v/*"]
        assert found["/v/*"] == expected_headers(by_code_path(codes[0]), ttl=TTL)
        assert found["/v/*"]["X-Robots-Tag"] == "noindex"
        assert found["/v/*"]["Referrer-Policy"] == "no-referrer"
        # A user's own file there is not sent as something else.
        assert "Content-Type" not in found["/v/*"]

    @pytest.mark.parametrize("issuer", ["learn.example.edu", "example.edu/a/b"])
    def test_the_page_has_a_rule_for_each_file_and_for_its_folders(self, issuer):
        pages = {path: data for name, data in page_files().items() for path in page_paths(name)}
        published = document(issuer=issuer, template=None)
        made = site_files(published, b"document", {}, ttl=TTL, pages=pages)
        top = "/" + "".join(f"{part}/" for part in issuer.split("/")[1:])
        found = rules(made["_headers"])
        for name in page_files():
            for folder in ("c", "r"):
                assert found[f"{top}{folder}/{name}"] == page_headers(name)
                assert expected_headers(f"{folder}/{name}", ttl=TTL) == page_headers(name)
        assert found[f"{top}c/"] == found[f"{top}r/index.html"] == page_headers("index.html")
        assert expected_headers("c/", ttl=TTL) == page_headers("index.html")
        # What only looks so is a status list, where its issuer wants it.
        assert expected_headers("c/7", ttl=TTL)["Content-Type"] == "application/statuslist+cwt"

    def test_below_the_path_of_an_issuer(self):
        published = document(issuer="example.edu/a/b", template=None)
        made = site_files(published, b"document", {}, ttl=TTL, sealed=SEALED)
        assert [path for path in rules(made["_headers"]) if "sealed" in path] == ["/a/b/r/sealed/*"]

    @pytest.mark.parametrize(
        "path",
        [
            f"r/sealed/{'A' * 32}.cose", f"r/sealed/{'a' * 31}.cose", f"r/sealed/{'a' * 32}",
            f"x/r/sealed/{'a' * 32}.cose", f"r/sealed/{'a' * 32}.cose\n", "r/sealed/*",
        ],
    )  # fmt: skip
    def test_paths_of_no_sealed_share(self, path):
        assert is_sealed_path(sealed_path("a" * 32))
        assert not is_sealed_path(path)
        assert "encrypt0" not in expected_headers(path, ttl=TTL)["Content-Type"]

    @pytest.mark.parametrize(
        "path",
        [
            "v/index.html", "v/0123-4567-89AB-CDEF", "v/0123-4567-89AB-CDEU/index.html",
            "v/0123-4567-89ab-cdef/index.html", "v/0123456789ABCDEF/index.html",
            "v/0123-4567-89AB-CDEF/index.html\n", "x/v/0123-4567-89AB-CDEF/index.html",
        ],
    )  # fmt: skip
    def test_paths_of_no_page_by_code(self, path):
        assert is_by_code_path(by_code_path("0123-4567-89AB-CDEF"))
        assert not is_by_code_path(path)

    @pytest.mark.parametrize(
        ("ttl", "seconds"),
        [
            (timedelta(minutes=1), 30),
            (timedelta(seconds=1), 0),
            (timedelta(days=1), 43_200),
            (timedelta(days=30), 43_200),
        ],
    )
    def test_caches_keep_half_of_the_ttl_and_never_more_than_half_a_day(self, ttl, seconds):
        assert cache_seconds(ttl) == seconds

    @pytest.mark.parametrize("ttl", [timedelta(0), timedelta(seconds=-1)])
    def test_a_ttl_that_is_none(self, ttl):
        with pytest.raises(ValueError, match="ttl"):
            files(ttl=ttl)

    def test_rules_name_paths_from_the_root_of_the_host(self):
        published = document(issuer="example.edu/a/b", template=None)
        found = rules(files(published, {})["_headers"])
        assert set(found) == {
            "/a/b/.well-known/signedcert/issuer.cbor", "/a/b/.well-known/jwks.json",
            "/a/b/.well-known/did.json", "/a/b/did.json",
        }  # fmt: skip

    def test_it_says_to_people_what_it_is_for(self):
        text = files()["_headers"].decode()
        assert re.match(r"# Response headers .*\n# in the top folder", text)
        assert max(map(len, text.splitlines())) <= 100
