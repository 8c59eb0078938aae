"""The built page as it lies in the package, and how a host should answer for it."""

import re

import pytest

from signedcert.web import (
    INDEX,
    WORKER,
    decoder_policy,
    media_type,
    page_files,
    page_headers,
    page_policy,
    retired_worker,
)
from signedcert.web import page as page_module


def test_what_a_host_serves_is_all_but_what_it_has_to_say():
    names = set(page_files())
    assert {INDEX, WORKER, "decoder.js", "zxing_reader.wasm", "manifest.webmanifest"} <= names
    assert {f"languages/{each}.json" for each in ("en", "ar", "zh")} <= names
    assert not {"csp.txt", "csp-decoder.txt", "retired-worker.js"} & names
    assert all(page_files().values())


def test_the_retired_worker_is_another_than_the_worker():
    assert retired_worker()
    assert retired_worker() != page_files()[WORKER]
    assert b"unregister" in retired_worker()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("sw.js", "text/javascript; charset=utf-8"),
        ("languages/en.json", "application/json"),
        ("zxing_reader.wasm", "application/wasm"),
        ("manifest.webmanifest", "application/manifest+json"),
        ("icon.svg", "image/svg+xml"),
        ("A.PNG", "image/png"),
        ("licences.txt", "text/plain; charset=utf-8"),
        ("unknown.end", "application/octet-stream"),
        ("no-end", "application/octet-stream"),
    ],
)
def test_media_types(name, expected):
    assert media_type(name) == expected


def test_every_file_has_a_media_type_of_its_own():
    assert [name for name in page_files() if media_type(name) == "application/octet-stream"] == []


def test_headers():
    for name in page_files():
        headers = page_headers(name)
        policy = headers["Content-Security-Policy"]
        assert policy == (decoder_policy() if name == "decoder.js" else page_policy())
        assert headers["Content-Type"] == media_type(name)
        assert headers["Cache-Control"] == "no-cache"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Permissions-Policy"].startswith("camera=(self), ")
        # For every other power the list of who has it is empty.
        assert re.findall(r"=\(([^)]+)\)", headers["Permissions-Policy"]) == ["self"]
        assert not any("\n" in value or not value.isascii() for value in headers.values())
        # More of one line Cloudflare does not read.
        assert max(len(f"  {key}: {value}") for key, value in headers.items()) <= 2000


def directives(policy):
    return {each.split()[0]: each.split()[1:] for each in policy.split("; ")}


def test_the_page_may_run_its_own_script_and_speak_with_its_own_origin():
    policy = directives(page_policy())
    assert policy["default-src"] == ["'none'"]
    assert all(each.startswith("'sha256-") for each in policy["script-src"])
    assert policy["connect-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in page_policy()
    assert page_policy().removesuffix("; frame-ancestors 'none'").encode() in page_files()[INDEX]


def test_only_the_decoder_may_run_webassembly():
    policy = directives(decoder_policy())
    assert policy["default-src"] == ["'none'"]
    assert "'wasm-unsafe-eval'" in policy["script-src"]
    assert policy["connect-src"] == ["'self'"]


@pytest.mark.parametrize("missing", [None, "index.html", "csp.txt", "retired-worker.js"])
def test_a_package_without_the_page_says_what_to_do(monkeypatch, tmp_path, missing):
    if missing is not None:
        for name in ("index.html", "sw.js", "csp.txt", "csp-decoder.txt", "retired-worker.js"):
            (tmp_path / "page").mkdir(exist_ok=True)
            (tmp_path / "page" / name).write_text("x")
        (tmp_path / "page" / missing).unlink()
    page_module.built_files.cache_clear()
    try:
        monkeypatch.setattr("importlib.resources.files", lambda _: tmp_path)
        with pytest.raises(ImportError, match=r"node web/build\.ts"):
            page_module.built_files()
    finally:
        page_module.built_files.cache_clear()
