"""What a preview serves: which file a request means, and which headers go with it."""

import errno
import os

import pytest

from signedcert.workspace.site.sent_headers import SentHeaders
from signedcert.workspace.site.served_files import MovedError, served_file

FILES = {
    "index.html": b"top",
    "c/index.html": b"page",
    "c/sw.js": b"worker",
    "a b/ü.txt": b"names",
    ".well-known/signedcert/issuer.cbor": b"document",
    ".well-known/.hidden": b"secret",
    ".git/config": b"secret",
    "c/.env": b"secret",
    "empty/file": b"",
}


@pytest.fixture
def top(tmp_path):
    for path, data in FILES.items():
        (tmp_path / "site" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / path).write_bytes(data)
    (tmp_path / "outside.txt").write_bytes(b"secret")
    return tmp_path / "site"


class TestFiles:
    @pytest.mark.parametrize(
        ("target", "path", "name"),
        [
            ("/", "", "index.html"),
            ("/c/", "c/", "c/index.html"),
            ("/c/?a=1", "c/", "c/index.html"),
            ("/c/index.html", "c/index.html", "c/index.html"),
            ("/c/sw.js?v=2#x", "c/sw.js", "c/sw.js"),
            ("/c/%73w.js", "c/sw.js", "c/sw.js"),
            ("/a%20b/%C3%BC.txt", "a b/ü.txt", "a b/ü.txt"),
            ("/empty/file", "empty/file", "empty/file"),
            (
                "/.well-known/signedcert/issuer.cbor",
                ".well-known/signedcert/issuer.cbor",
                ".well-known/signedcert/issuer.cbor",
            ),
        ],
    )
    def test_there(self, top, target, path, name):
        assert served_file(top, target) == (path, name, FILES[name])

    @pytest.mark.parametrize(
        "target",
        [
            "/missing", "/c/missing", "/c/sw.js/", "/c/sw.js/x", "/empty/", "/.well-known/",
            "/.git/config", "/.git/", "/c/.env", "/.well-known/.hidden", "/c/..", "/../outside.txt",
            "/c/../../outside.txt", "/..%2foutside.txt", "/%2e%2e/outside.txt", "/..\\outside.txt",
            "/c/%5c..", "//c/", "/c//sw.js", "//outside.example/", "/%2foutside.example",
            "", "c/", "http://127.0.0.1/c/", "*", "/%00", "/c/sw.js%00", "/c/%0d%0aX: y", "/%ff",
            "/" + "x" * 5000, "/c/sw.js/" + "x/" * 2000,
        ],
    )  # fmt: skip
    def test_not_there_or_not_to_be_seen(self, top, target):
        assert served_file(top, target) is None

    @pytest.mark.parametrize(
        ("target", "location"),
        [("/c", "/c/"), ("/c?x=//y", "/c/"), ("/a%20b", "/a%20b/"), ("/empty", "/empty/")],
    )
    def test_a_folder_without_its_slash(self, top, target, location):
        with pytest.raises(MovedError) as moved:
            served_file(top, target)
        assert moved.value.location == location

    def test_links_lead_to_nothing_outside(self, top):
        (top / "out.txt").symlink_to(top.parent / "outside.txt")
        (top / "out").symlink_to(top.parent)
        (top / "loop").symlink_to(top / "loop")
        (top / "inside").symlink_to(top / "c")
        (top / "mine").mkdir()
        (top / "mine" / "index.html").symlink_to(top.parent / "outside.txt")
        for target in ("/out.txt", "/out/outside.txt", "/out/", "/out", "/loop", "/mine/"):
            assert served_file(top, target) is None
        assert served_file(top, "/inside/sw.js").data == b"worker"

    def test_the_folder_may_be_a_link_itself_and_be_exchanged(self, top):
        link = top.with_name("link")
        link.symlink_to(top)
        assert served_file(link, "/c/").data == b"page"
        top.rename(top.with_name("older"))
        assert served_file(link, "/c/") is None

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes")
    def test_what_is_no_file_is_not_waited_for(self, top):
        os.mkfifo(top / "pipe")
        assert served_file(top, "/pipe") is None

    def test_what_may_not_be_read(self, top, monkeypatch):
        """As the system says it; it says nothing of the kind to root."""

        def refused(*_: object) -> bytes:
            raise PermissionError(errno.EACCES, "Permission denied")

        assert served_file(top, "/c/sw.js") is not None
        monkeypatch.setattr("signedcert.workspace.site.served_files._read", refused)
        assert served_file(top, "/c/sw.js") is None

    def test_what_is_too_large(self, top, monkeypatch):
        monkeypatch.setattr("signedcert.workspace.site.served_files._READ_MAX", 5)
        assert served_file(top, "/c/").data == b"page"
        assert served_file(top, "/c/sw.js") is None


RULES = b"""\
# A remark: with a colon
/c/
  Content-Type: text/html; charset=utf-8
  X-One: a: b
/c/sw.js
  Content-Type: text/javascript

  X-After: an empty line
/r/sealed/*
  X-Sealed: yes
  Content-Length: 3
  Transfer-Encoding: chunked
/bad
  No colon
  X-Bad\x01: control
  X-Bad: contr\x07ol
  X Bad: a space in the name
# Another remark
  X-Good: yes
https://other.example/c/
  X-Other: yes
"""


class TestHeaders:
    def test_each_path_has_its_rule(self):
        rules = SentHeaders(RULES)
        assert rules.of("c/") == {"Content-Type": "text/html; charset=utf-8", "X-One": "a: b"}
        assert rules.of("c/sw.js")["X-After"] == "an empty line"
        assert rules.of("r/sealed/x") == {"X-Sealed": "yes"}
        assert rules.of("c/other") == rules.of("r/sealed") == rules.of("") == {}

    def test_what_is_no_header_says_nothing(self):
        assert SentHeaders(RULES).of("bad") == {"X-Good": "yes"}
        assert SentHeaders(b"  X: before any rule\n\xff\n").of("") == {}

    def test_rules_of_an_issuer_with_a_path_are_below_it(self):
        rules = SentHeaders(b"/learn/c/\n  X: mine\n/c/\n  X: another\n", "example.edu/learn")
        assert rules.of("c/") == {"X": "mine"}
        assert rules.of("learn/c/") == {}
