"""What is read from a site or a folder, and what a site can make a verifier read: its own files."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from issuing import ISSUER
from loopback_site import ok, response, serving
from signedcert.fetch import Fetcher, FetchError, NotFoundError
from signedcert.fetch.published import (
    DOCUMENT_PATH,
    LISTS_PATH,
    FolderSite,
    WebSite,
    fetched_lists,
    named_lists,
    read_document,
    read_status_lists,
)
from signedcert.model.issuer_document import IssuerDocument
from trusting import content

TOP = f"https://{ISSUER}/"


def folder(path: Path, **files: bytes) -> FolderSite:
    for name, data in files.items():
        place = path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return FolderSite(path)


def lists(*uris: object) -> dict[str, bytes]:
    return {LISTS_PATH: json.dumps({"status_lists": list(uris)}).encode()}


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    files = {DOCUMENT_PATH: b"document", "status/1.cwt": b"one", "lists/b-2_.~": b"two"}
    site = folder(tmp_path, **files, **lists(f"{TOP}status/1.cwt", f"{TOP}lists/b-2_.~"))
    assert read_document(site) == b"document"
    assert read_status_lists(site, ISSUER) == [b"one", b"two"]


def test_the_same_files_of_a_site_on_the_web() -> None:
    files = {DOCUMENT_PATH: b"document", "status/1.cwt": b"one"} | lists(f"{TOP}status/1.cwt")
    with serving({f"/below/{path}": ok(data) for path, data in files.items()}) as server:
        site = WebSite(Fetcher(allow_loopback=True), server.url("/below/"))
        assert read_document(site) == b"document"
        assert read_status_lists(site, ISSUER) == [b"one"]


def test_an_issuer_with_a_path_has_its_lists_below_it(tmp_path: Path) -> None:
    files = {"status/1.cwt": b"one"} | lists(f"{TOP}law/status/1.cwt")
    assert read_status_lists(folder(tmp_path, **files), f"{ISSUER}/law") == [b"one"]
    with pytest.raises(FetchError, match="not on the site of"):
        read_status_lists(folder(tmp_path, **files), f"{ISSUER}/medicine")


def test_no_list_of_lists_is_no_lists(tmp_path: Path) -> None:
    assert read_status_lists(FolderSite(tmp_path), ISSUER) == []
    with serving(response("404 Not Found")) as server:
        web = WebSite(Fetcher(allow_loopback=True), server.url())
        assert read_status_lists(web, ISSUER) == []


def test_a_missing_file_is_named_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no such file") as caught:
        read_document(FolderSite(tmp_path))
    assert str(tmp_path / DOCUMENT_PATH) in str(caught.value)
    (tmp_path / ".well-known").write_bytes(b"a file where a folder should be")
    with pytest.raises(NotFoundError):
        read_document(FolderSite(tmp_path))


def test_a_listed_list_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"1\.cwt"):
        read_status_lists(folder(tmp_path, **lists(f"{TOP}status/1.cwt")), ISSUER)


def test_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / DOCUMENT_PATH).mkdir(parents=True)
    with pytest.raises(FetchError, match="directory"):
        read_document(FolderSite(tmp_path))


def test_a_file_has_at_most_its_limit(tmp_path: Path) -> None:
    site = folder(tmp_path, file=b"12345")
    assert site.read("file", 5) == b"12345"
    with pytest.raises(FetchError, match="more than 4 bytes"):
        site.read("file", 4)


@pytest.mark.parametrize(
    "uri",
    [
        f"{TOP}../secret",
        f"{TOP}status/../../secret",
        f"{TOP}status/./1.cwt",
        f"{TOP}.../1.cwt",
        f"{TOP}/etc/passwd",
        f"{TOP}status//1.cwt",
        f"{TOP}status/",
        TOP,
        f"{TOP}status/%2e%2e/secret",
        f"{TOP}status\\1.cwt",
        f"{TOP}status/1.cwt?x",
        f"{TOP}status/1.cwt#x",
        f"{TOP}a\0b",
        f"{TOP}1.cwt\n",
        f"https://{ISSUER}.evil.example/status/1.cwt",
        f"https://{ISSUER}@evil.example/status/1.cwt",
        f"http://{ISSUER}/status/1.cwt",
        "file:///etc/passwd",
        "",
    ],
)
def test_a_list_of_lists_leads_to_files_of_its_own_site_only(uri: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    inner = tmp_path / "site"
    with pytest.raises(FetchError, match="not on the site of"):
        read_status_lists(folder(inner, **lists(uri)), ISSUER)
    asked: list[str] = []

    def elsewhere(uri: str) -> bytes:
        asked.append(uri)
        return b"from elsewhere"

    assert read_status_lists(FolderSite(inner), ISSUER, elsewhere) == [b"from elsewhere"]
    assert asked == [uri]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"<html>",
        b"[]",
        b"null",
        b'{"status_lists": "https://learn.example.edu/status/1.cwt"}',
        b'{"status_lists": [null]}',
        b'{"lists": []}',
        b"[" * 100_000,
        b'{"status_lists": ' + b"1" * 5000 + b"}",
        json.dumps({"status_lists": ["x" * 2049]}).encode(),
        json.dumps({"status_lists": ["x"] * 10_001}).encode(),
    ],
    ids=range(12),
)
def test_what_is_no_list_of_lists_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="not a list of status lists"):
        read_status_lists(folder(tmp_path, **{LISTS_PATH: data}), ISSUER)


def test_a_list_of_lists_has_at_most_two_megabytes(tmp_path: Path) -> None:
    data = b'{"status_lists": []}'.ljust(2_000_001)
    with pytest.raises(FetchError, match="more than 2000000 bytes"):
        read_status_lists(folder(tmp_path, **{LISTS_PATH: data}), ISSUER)
    with serving(ok(data)) as server, pytest.raises(FetchError, match="larger than 2000000 bytes"):
        read_status_lists(WebSite(Fetcher(allow_loopback=True), server.url()), ISSUER)


# What follows from the issuer's document, which was verified.

DOCUMENT = content()
URI = f"{TOP}status/{{}}.cwt"


def test_the_number_of_a_list_is_read_from_its_uri() -> None:
    for number in (0, 1, 12, 2**53 - 1):
        assert DOCUMENT.status_list_number(URI.format(number)) == number
    twice = content(status_lists=f"{TOP}1/{{number}}/1")
    assert twice.status_list_number(f"{TOP}1/1/1") == 1
    assert content(status_lists=None).status_list_number(URI.format(1)) is None


@pytest.mark.parametrize(
    "uri",
    [
        "",
        URI,
        *map(URI.format, ("", "01", "-1", "+1", "1_0", "1 ", "1\n", "\u0661", "1/1", "{number}")),
        URI.format(2**53),
        URI.format("1" * 900),
        URI.format(1) + "?",
        URI.format(1).upper(),
        URI.format(1).replace(ISSUER, "evil.example"),
        URI.format(1).replace("https", "http"),
        "1",
    ],
)
def test_other_uris_are_none_of_its_lists(uri: str, tmp_path: Path) -> None:
    assert DOCUMENT.status_list_number(uri) is None
    site = folder(tmp_path, **lists(URI.format(3), uri, URI.format(1), URI.format(3)))
    assert named_lists(site, DOCUMENT) == ((3, 1), 1)


def test_no_list_of_lists_names_none(tmp_path: Path) -> None:
    assert named_lists(FolderSite(tmp_path), DOCUMENT) == ((), 0)
    with pytest.raises(FetchError, match="not a list of status lists"):
        named_lists(folder(tmp_path, **{LISTS_PATH: b"{}"}), DOCUMENT)


def test_each_list_is_read_when_it_is_asked_for() -> None:
    answers = {f"/status/{number}.cwt": ok(b"%d" % number) for number in (1, 2, 3)}
    with serving(answers) as server:
        site = WebSite(Fetcher(allow_loopback=True), server.url())
        found = fetched_lists(site, DOCUMENT, [3, 1, 2])
        for place, number in enumerate((3, 1)):
            assert len(server.requests) == place
            assert next(found) == (number, b"%d" % number)
        assert len(server.requests) == 2


def test_a_list_that_cannot_be_read_keeps_no_other_back(tmp_path: Path) -> None:
    site = folder(tmp_path, **{"status/2.cwt": b"two"})
    (first, missing), second = fetched_lists(site, DOCUMENT, [1, 2])
    assert first == 1
    assert isinstance(missing, NotFoundError)
    assert second == (2, b"two")


def test_the_bytes_of_all_lists_together_are_bounded(tmp_path: Path) -> None:
    site = folder(tmp_path, **{f"status/{number}.cwt": b"12345" for number in (1, 2, 3)})
    assert len(list(fetched_lists(site, DOCUMENT, [1, 2], bytes_max=10))) == 2
    found = fetched_lists(site, DOCUMENT, [1, 2, 3], bytes_max=14)
    assert [next(found)[0], next(found)[0]] == [1, 2]
    with pytest.raises(FetchError, match=r"3\.cwt: with it, the lists have more than 14 bytes"):
        next(found)


def test_the_time_for_all_lists_together_is_bounded() -> None:
    def slowly() -> Iterator[bytes]:
        head, body = ok(b"token")[:-5], b"token"
        yield head
        for byte in body:
            time.sleep(0.05)
            yield bytes([byte])

    with serving(slowly) as server:
        site = WebSite(Fetcher(allow_loopback=True), server.url())
        found = fetched_lists(site, DOCUMENT, [1, 2], seconds=0.1)
        assert next(found) == (1, b"token")
        with pytest.raises(FetchError, match=r"2\.cwt: the lists before it took more than 0\.1"):
            next(found)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("template", "uri"),
    [
        (f"{TOP}../{{number}}", f"{TOP}../1"),
        (f"{TOP}a/../../{{number}}", f"{TOP}a/../../1"),
        ("https://evil.example/{number}", "https://evil.example/1"),
    ],
)
def test_a_folder_is_left_at_no_issuers_word(template: str, uri: str, tmp_path: Path) -> None:
    (tmp_path / "1").write_bytes(b"secret")
    document: IssuerDocument = content(status_lists=template)
    site = folder(tmp_path / "site", **lists(uri))
    assert named_lists(site, document).numbers == (1,)
    ((_, found),) = fetched_lists(site, document, [1])
    assert isinstance(found, FetchError)
    assert found.problem == f"it is not on the site of {ISSUER}"
    assert list(fetched_lists(site, document, [1], str.encode)) == [(1, uri.encode())]
