"""What is read from a site or a folder, and what a site can make a verifier read: its own files."""

import json
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
    read_document,
    read_status_lists,
)

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
