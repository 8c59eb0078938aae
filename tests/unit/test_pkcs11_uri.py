"""PKCS#11 URIs: what is read, what is written, and that no PIN comes in by them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import signedcert as sc
from signedcert.signers.hsm import Pkcs11Uri

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
QUERY = f"?module-path={MODULE}"


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        (f"pkcs11:{QUERY}", Pkcs11Uri(MODULE)),
        (
            f"pkcs11:token=issuer;object=signing{QUERY}",
            Pkcs11Uri(MODULE, token="issuer", object="signing"),
        ),
        # RFC 7512, section 3: percent-encoded text and bytes, in any order.
        (
            f"pkcs11:id=%69%95%3E%5C%F4%BD%EC%91;object=my-certificate;token=The%20Software{QUERY}",
            Pkcs11Uri(
                MODULE,
                token="The Software",
                object="my-certificate",
                id=bytes.fromhex("69953e5cf4bdec91"),
            ),
        ),
        (f"PKCS11:serial=DECC0401648{QUERY}", Pkcs11Uri(MODULE, serial="DECC0401648")),
        (f"pkcs11:object=a=b&c:d{QUERY}", Pkcs11Uri(MODULE, object="a=b&c:d")),
        (f"pkcs11:object=%c3%a9%C3%89{QUERY}", Pkcs11Uri(MODULE, object="éÉ")),
        (f"pkcs11:object=%3B%25%3F%2F{QUERY}", Pkcs11Uri(MODULE, object=";%?/")),
        (f"pkcs11:id=abc%00{QUERY}", Pkcs11Uri(MODULE, id=b"abc\0")),
        ("pkcs11:?module-path=/a%20b/c?d=e|f.so", Pkcs11Uri("/a b/c?d=e|f.so")),
    ],
)
def test_uris_are_read(text: str, uri: Pkcs11Uri) -> None:
    assert Pkcs11Uri.parse(text) == uri
    assert Pkcs11Uri.parse(str(uri)) == uri


def test_a_uri_is_written_with_everything_reserved_encoded() -> None:
    uri = Pkcs11Uri(MODULE, token="My Token;1", serial="a/b", object="é", id=b"\x00A")
    assert str(uri) == (
        "pkcs11:token=My%20Token%3B1;serial=a%2Fb;object=%C3%A9;id=%00%41"
        "?module-path=/usr/lib/softhsm/libsofthsm2.so"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a PKCS#11 URI"),
        ("https://example.com", "not a PKCS#11 URI"),
        ("pkcs11", "not a PKCS#11 URI"),
        (" pkcs11:", "not a PKCS#11 URI"),
        ("pkcs11:", "which module to load"),
        ("pkcs11:token=issuer", "which module to load"),
        (f"pkcs11:token=issuer;{QUERY}", "name=value"),
        (f"pkcs11:;token=issuer{QUERY}", "name=value"),
        (f"pkcs11:issuer{QUERY}", "name=value"),
        (f"pkcs11:=issuer{QUERY}", "name=value"),
        (f"pkcs11:token=a{QUERY}&", "name=value"),
        (f"pkcs11:token=a{QUERY}#fragment", "value of module-path"),
        (f"pkcs11:token={QUERY}", "value of token is empty"),
        ("pkcs11:token=a?module-path=", "value of module-path is empty"),
        (f"pkcs11:token=a b{QUERY}", "value of token"),
        (f"pkcs11:token=a%2{QUERY}", "value of token"),
        (f"pkcs11:token=a%zz{QUERY}", "value of token"),
        (f"pkcs11:token=a/b{QUERY}", "value of token"),
        (f"pkcs11:token=é{QUERY}", "value of token"),
        (f"pkcs11:token=a\n{QUERY}", "value of token"),
        (f"pkcs11:token=%ff{QUERY}", "not UTF-8"),
        (f"pkcs11:token=a%00{QUERY}", "without control characters"),
        (f"pkcs11:token=a;token=a{QUERY}", "token twice"),
        (f"pkcs11:token=a{QUERY}&module-path=/b", "module-path twice"),
        (f"pkcs11:model=SoftHSM%20v2;token=a{QUERY}", "attribute model"),
        (f"pkcs11:type=private{QUERY}", "attribute type"),
        (f"pkcs11:Token=a{QUERY}", "attribute Token"),
        (f"pkcs11:module-path={MODULE}", "attribute module-path where only token"),
        ("pkcs11:?token=a", "attribute token where only module-path"),
        (f"pkcs11:token=a{QUERY}&module-name=b", "attribute module-name"),
        ("pkcs11:?module-path=libsofthsm2.so", "absolute path"),
        ("pkcs11:?module-path=./libsofthsm2.so", "absolute path"),
    ],
)
def test_what_is_wrong_with_a_uri_is_named(text: str, words: str) -> None:
    with pytest.raises(sc.SignerError) as caught:
        Pkcs11Uri.parse(text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f"pkcs11:token=a{QUERY}&pin-value=5678",
        f"pkcs11:token=a{QUERY}&pin-source=file:/5678",
        f"pkcs11:pin-value=5678{QUERY}",
        f"pkcs11:pin-value=5678;pin-value=5678{QUERY}",
        "pkcs11:?pin-value=5678",
    ],
)
def test_a_pin_in_the_uri_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(sc.SignerError, match="environment or at the prompt") as caught:
        Pkcs11Uri.parse(text)
    assert "5678" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "fields",
    [
        {"token": ""},
        {"serial": "\n"},
        {"object": "\ud800"},
        {"token": b"issuer"},
        {"id": b""},
        {"id": "01"},
        {"module_path": ""},
        {"module_path": "module.so"},
        {"module_path": None},
    ],
)
def test_parts_that_no_uri_can_carry(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Pkcs11Uri(**{"module_path": MODULE} | fields)


def test_only_text_is_read() -> None:
    with pytest.raises(TypeError, match="text"):
        Pkcs11Uri.parse(b"pkcs11:")


labels = st.none() | st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1)


@given(
    path=st.text(st.characters(exclude_categories=("Cc", "Cs"))),
    token=labels,
    serial=labels,
    label=labels,
    identifier=st.none() | st.binary(min_size=1),
)
def test_what_is_written_is_read_again(path, token, serial, label, identifier) -> None:
    uri = Pkcs11Uri("/" + path, token, serial, label, identifier)
    assert Pkcs11Uri.parse(str(uri)) == uri
    assert str(uri).isascii()


@given(st.text(), st.text())
def test_any_other_text_is_refused_by_name(path: str, query: str) -> None:
    try:
        uri = Pkcs11Uri.parse(f"pkcs11:{path}?{query}")
    except sc.SignerError:
        return
    assert Pkcs11Uri.parse(str(uri)) == uri
