"""Verify URLs and the text of QR codes: which pages, which fragments."""

import pytest

import signedcert as sc
from issuing import SIGNER, issue, minimal, record, shared
from signedcert.codec.base64url import from_base64url, to_base64url
from signedcert.codec.text import TEXT_MAX, qr_text

TOKEN = sc.issue(minimal(), SIGNER)
PAGES = [
    "https://learn.example.edu/c/", "http://localhost:8000/", "https://a/", "https://[::1]/c",
    "https://learn.example.edu/c/?lang=en&x=%20", "https://a.b/~c/(d)/e;f,g@h:i!j$k'l*m+n",
]  # fmt: skip
NO_PAGES = [
    "", "learn.example.edu/c/", "https://learn.example.edu", "https:///c/", "ftp://a/", "HTTPS://a/",
    "https://a/#", "https://a/#x", "https://a/ b", "https://ä.example/", "https://a/ü", "javascript://a/",
    "https://a/\n", " https://a/", "https://user@a/", 'https://a/"', "https://a/<",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_pages(page):
    for token in (TOKEN, issue(record()), shared(issue(record()))):
        url = sc.verify_url(page, token)
        assert url.startswith(f"{page}#")
        assert sc.token_from_text(url) == token
        link, digits = qr_text(page, token)
        assert link == f"{page}#"
        assert sc.token_from_text(link + digits) == token


@pytest.mark.parametrize("page", NO_PAGES)
def test_what_is_no_page(page):
    for make in (sc.verify_url, qr_text):
        with pytest.raises(sc.EncodeError, match="https://learn"):
            make(page, TOKEN)


@pytest.mark.parametrize("around", ["{}", " {}\n", "\t{}\r\n"])
def test_fragments_alone(around):
    fragment = to_base64url(sc.pack(TOKEN))
    assert sc.token_from_text(around.format(fragment)) == TOKEN
    assert sc.token_from_text(around.format(f"#{fragment}")) == TOKEN


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\v", "\0"])
def test_other_space_is_damage(space):
    with pytest.raises(sc.DecodeError) as caught:
        sc.token_from_text(f"#{to_base64url(sc.pack(TOKEN))}{space}")
    assert caught.value.reason is sc.Reason.DAMAGED_TEXT


def test_the_fragment_begins_at_the_first_number_sign():
    with pytest.raises(sc.DecodeError) as caught:
        sc.token_from_text(f"https://a/#x#{to_base64url(sc.pack(TOKEN))}")
    assert caught.value.reason is sc.Reason.DAMAGED_TEXT


def test_the_longest_text():
    with pytest.raises(sc.DecodeError) as caught:
        sc.token_from_text("é" * TEXT_MAX)
    assert caught.value.reason is sc.Reason.DAMAGED_TEXT
    with pytest.raises(sc.DecodeError) as caught:
        sc.token_from_text("é" * TEXT_MAX + "A")
    assert caught.value.reason is sc.Reason.TOO_LARGE


@pytest.mark.parametrize(("data", "text"), [(b"", ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo",
"Zm9v"),
    (b"foob", "Zm9vYg"), (b"fooba", "Zm9vYmE"), (b"foobar", "Zm9vYmFy"), (b"\xfb\xff",
    "-_8")])  # fmt: skip
def test_base64url_examples_of_rfc4648(data, text):
    assert to_base64url(data) == text
    assert from_base64url(text) == data


@pytest.mark.parametrize(
    "text",
    [
        "Z",
        "Zg==",
        "Zm8=",
        "Zh",
        "Zm9",
        "Zm9vY",
        "+_8",
        "-/8",
        "Zm 9v",
        "Zm9v\n",
        "Zm9v=",
        "Zé",
        "=",
    ],
)
def test_other_texts_of_the_same_bytes_are_refused(text):
    with pytest.raises(sc.DecodeError) as caught:
        from_base64url(text)
    assert caught.value.reason is sc.Reason.DAMAGED_TEXT
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("form", [b"\1", b"\2"])
def test_the_longest_packed_form(form):
    # 41,232 bytes (spec, section 7.1): what is longer is not even inflated.
    for size, reason in (
        (41_232, sc.Reason.DAMAGED_COMPRESSION),
        (41_233, sc.Reason.TOO_LARGE),
    ):
        with pytest.raises(sc.DecodeError) as caught:
            sc.unpack(form + b"\xff" * (size - 1))
        assert caught.value.reason is reason


@pytest.mark.parametrize("token", ["text", None, bytearray(TOKEN), memoryview(TOKEN)])
def test_only_bytes_are_packed(token):
    with pytest.raises(TypeError, match="bytes"):
        sc.pack(token)
