"""Files damaged anywhere: read, or refused in words, and never taken for another certificate."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from on_paper import PAGE, full, printed_of

import signedcert as sc
from edited_pdfs import attached, blank, linked, pictured, text
from issuing import check
from signedcert import qr
from signedcert.documents import DocumentUnreadable
from signedcert.documents.confined.child import Cause, Child, ChildFailed, Task
from signedcert.documents.reading.pdf import document_of
from signedcert.documents.reading.read import read_document

PRINTED = printed_of(full())
PDF = blank(
    text("Jacob Angstrom", 100, 300, 30),
    attached("certificate.cose", PRINTED.token),
    linked(sc.verify_url(PAGE, PRINTED.token)),
    pictured(qr.png(qr.encode(PAGE, PRINTED.token, "m"), scale=3), 500, 50, 240),
)


@pytest.fixture(scope="module")
def child():
    with Child(Task.READ_PDF) as running:
        yield running


def asked(child: Child, data: bytes) -> bytes | None:
    """The answer; None where the file was refused."""
    try:
        return child.ask(data)
    except ChildFailed as error:
        cause = error.cause
    # A crash of a library stays in its process, but should not be found this easily.
    assert cause is Cause.REFUSED
    return None


@settings(max_examples=100)
@given(seed=st.integers(0, 2**32), cut=st.floats(0, 1), changes=st.integers(0, 40))
@example(seed=0, cut=1.0, changes=0)
def test_damaged_pdfs(child, seed, cut, changes):
    chance = random.Random(seed)
    data = bytearray(PDF)
    for _ in range(changes):
        at = chance.randrange(len(data))
        data[at : at + chance.choice((1, 1, 1, 30))] = chance.randbytes(chance.choice((0, 1, 20)))
    data = data[: max(16, int(len(data) * cut))] if seed % 3 == 0 else data
    found = asked(child, bytes(data))
    if found is None:
        return
    document = document_of(found)
    for each in document.carried:
        if each.is_whole:
            token = each.frame.to_bytes()
            assert token == PRINTED.token or check(token).status is not sc.Status.VALID


@given(data=st.binary(max_size=300), start=st.sampled_from([
    b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"<svg ", b"<?xml version='1.0'?><svg ",
]))  # fmt: skip
@settings(max_examples=100)
def test_bytes_that_only_begin_well(child, data, start):
    if start.startswith(b"%PDF"):
        asked(child, start + data)
        return
    try:
        document = read_document(start + data)
    except DocumentUnreadable:
        return
    assert document.carried == ()
