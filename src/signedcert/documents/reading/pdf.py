"""PDF files, read in a confined process of their own."""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from typing import Any

from signedcert.documents.confined.child import Cause, Child, ChildFailed, Task
from signedcert.documents.errors import DocumentUnreadable
from signedcert.documents.portrait import salt_from_hex
from signedcert.documents.reading.document import (
    AttachedPortrait,
    Carried,
    Document,
    Kind,
    Page,
    Run,
    Source,
    may_be_link,
    once,
)

#: Tag 18, with which every token begins.
_TOKEN = b"\xd2"
_TOKEN_NAMES = ("certificate.cose", "record.cose", "share.cose")
_PHOTO_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_PORTRAIT, _SALT = "portrait", "portrait-salt.txt"
_SALT_FILE_MAX = 100
_WORDS = {
    Cause.TIMEOUT: "the PDF takes too long to read",
    Cause.MEMORY: "the PDF needs too much memory to be read",
    Cause.CRASHED: "the PDF cannot be read: the process that reads it ended",
}


def read_pdf(data: bytes) -> Document:
    """What a PDF carries and shows.

    No process reads two files: one that was taken over by the first could lie about the second.

    :raises DocumentUnreadable: when it is damaged, encrypted, or has too much in it.
    """
    try:
        with Child(Task.READ_PDF) as child:
            found = child.ask(data)
    except ChildFailed as error:
        raise DocumentUnreadable(_WORDS.get(error.cause, str(error))) from error
    return document_of(found)


def document_of(answer: bytes) -> Document:
    """The document that the confined process tells of.

    :raises DocumentUnreadable: when the answer has not the form that it should have.
    """
    try:
        found = json.loads(answer)
        files = [
            (_text(name), b64decode(content, validate=True)) for name, content in found["files"]
        ]
        links = [_text(each) for each in found["links"]]
        codes = [_text(each) for each in found["codes"]]
        pages = tuple(_page(each) for each in found["pages"])
        count = int(found["page_count"])
        keywords = _text(found["keywords"])
        notes = tuple((_text(kind), _text(words)) for kind, words in found["notes"])
    except (ValueError, KeyError, TypeError, RecursionError, NotBase64) as error:
        raise DocumentUnreadable(_WORDS[Cause.CRASHED]) from error
    carried = [
        Carried.token(Source.ATTACHMENT, content)
        for name, content in files
        if _is_token(name, content)
    ]
    carried += [Carried.link(Source.QR_CODE, text) for text in codes if may_be_link(text)]
    carried += [Carried.link(Source.LINK, text) for text in links if may_be_link(text)]
    return Document(
        Kind.PDF, once(carried), pages, _portraits(files), tuple(codes), count, keywords, notes
    )


def _is_token(name: str, content: bytes) -> bool:
    return content.startswith(_TOKEN) or name.lower() in _TOKEN_NAMES


def _page(found: Any) -> Page:
    runs = tuple(
        Run(_text(text), float(size), bool(visible)) for text, size, visible in found["runs"]
    )
    across = tuple(_text(each) for each in found["across"])
    return Page(runs, across, float(found["covers"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not text")
    return value


def _portraits(files: list[tuple[str, bytes]]) -> tuple[AttachedPortrait, ...]:
    salts = [_salt(content) for name, content in files if name.lower() == _SALT]
    salt = next((each for each in salts if each is not None), None)
    return tuple(
        AttachedPortrait(name, content, salt)
        for name, content in files
        if name.lower().partition(".")[0] == _PORTRAIT and content.startswith(_PHOTO_STARTS)
    )


def _salt(content: bytes) -> bytes | None:
    try:
        return salt_from_hex(content[:_SALT_FILE_MAX].decode("ascii"))
    except ValueError:
        return None
