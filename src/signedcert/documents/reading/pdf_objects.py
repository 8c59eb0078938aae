"""What stands in a PDF's objects, wherever they are: embedded files, and addresses to open.

The whole file is searched rather than the places that a viewer would look in: what one program
does not show, another may.
"""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf

from signedcert.documents.confined.task import TaskRefused

#: Objects that are looked at, those within others included.
OBJECTS_MAX = 400_000
FILES_MAX = 200
LINKS_MAX = 2000
#: Of one embedded file. A token has far less, a portrait should.
FILE_MAX = 12_000_000
_FILES_TOTAL_MAX = 40_000_000
_URI_MAX = 70_000
_KEYWORDS_MAX = 1000
_NOTE_MAX = 500
#: Streams in other encodings than DEFLATE are decoded only when they are small.
_ODD_MAX = 256_000


@dataclass(slots=True)
class Objects:
    """What was found.

    :ivar files: name and content of each embedded file; the name may be empty.
    :ivar links: addresses, in the order of their objects.
    :ivar notes: kind and text of each annotation that is no link: comments, stamps, form fields.
    :ivar keywords: those of the document's information dictionary.
    :ivar left_to_right: the file without its preference to be read from right to left, where it
        has one: with it, text in Latin letters would be extracted backwards.
    """

    files: list[tuple[str, bytes]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    keywords: str = ""
    left_to_right: bytes | None = None


def objects_of(pdf: bytes) -> Objects:
    """The embedded files and the addresses in a PDF.

    :raises TaskRefused: when it is encrypted, damaged, or has too much in it.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf), suppress_warnings=True) as opened:
            return _found(opened)
    except pikepdf.PasswordError:
        raise TaskRefused("the PDF is encrypted, and opens only with a password") from None
    # Whatever else qpdf and its binding stumble over in a hostile file.
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, RuntimeError, AttributeError) as e:
        raise TaskRefused("the PDF is damaged") from e


def _found(pdf: pikepdf.Pdf) -> Objects:
    found = Objects()
    streams: dict[tuple[int, int], tuple[str, pikepdf.Object]] = {}
    for each in _everything(pdf):
        keys = each.keys()
        if "/EF" in keys:
            _note_streams(each, streams)
        if isinstance(each, pikepdf.Stream) and each.get("/Type") == "/EmbeddedFile":
            streams.setdefault(each.objgen, ("", each))
        if "/Rect" in keys and "/Subtype" in keys:
            _note_annotation(each, found)
        if "/URI" in keys:
            _note_link(each.get("/URI"), found)
        if len(streams) > FILES_MAX or len(found.links) > LINKS_MAX:
            raise TaskRefused("the PDF has too many attached files or links")
    total = 0
    for name, stream in streams.values():
        content = _content(stream)
        total += len(content)
        if total > _FILES_TOTAL_MAX:
            raise TaskRefused("the files attached to the PDF are too large")
        found.files.append((name, content))
    information = pdf.trailer.get("/Info")
    if isinstance(information, pikepdf.Dictionary):
        found.keywords = _text(information.get("/Keywords"))[:_KEYWORDS_MAX]
    preferences = pdf.Root.get("/ViewerPreferences")
    if isinstance(preferences, pikepdf.Dictionary) and "/Direction" in preferences:
        del preferences["/Direction"]
        changed = io.BytesIO()
        pdf.save(changed)
        found.left_to_right = changed.getvalue()
    return found


def _everything(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary and stream, those within other objects included, each once."""
    count = 0
    for top in pdf.objects:
        waiting = [top]
        while waiting:
            each = waiting.pop()
            count += 1
            if count > OBJECTS_MAX:
                raise TaskRefused("the PDF has too many objects")
            if isinstance(each, pikepdf.Array):
                inner = list(each)
            elif isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
                yield each
                inner = list(each.values())
            else:
                continue
            waiting += [
                value
                for value in inner
                # What stands for itself comes by itself.
                if isinstance(value, pikepdf.Array | pikepdf.Dictionary) and not value.is_indirect
            ]


def _note_streams(
    specification: pikepdf.Object, streams: dict[tuple[int, int], tuple[str, pikepdf.Object]]
) -> None:
    """The streams of a file specification (ISO 32000-2, 7.11.3)."""
    embedded = specification.get("/EF")
    if not isinstance(embedded, pikepdf.Dictionary):
        return
    name = specification.get("/UF", specification.get("/F"))
    for stream in embedded.values():
        if isinstance(stream, pikepdf.Stream):
            streams[stream.objgen] = (_text(name)[:200], stream)


def _note_annotation(annotation: pikepdf.Object, found: Objects) -> None:
    """An annotation (ISO 32000-2, 12.5). Not every program draws those that lack an appearance."""
    kind = annotation.get("/Subtype")
    if not isinstance(kind, pikepdf.Name) or kind == "/Link" or len(found.notes) >= LINKS_MAX:
        return
    found.notes.append((str(kind)[1:60], _text(annotation.get("/Contents"))[:_NOTE_MAX]))


def _note_link(address: object, found: Objects) -> None:
    text = _text(address)
    if 0 < len(text) <= _URI_MAX:
        found.links.append(text)


def _text(value: object) -> str:
    return str(value) if isinstance(value, pikepdf.String) else ""


def _content(stream: pikepdf.Object) -> bytes:
    """The first bytes of a stream, one more than the bound at most; nothing where it is damaged."""
    raw = stream.read_raw_bytes()
    kind = stream.get("/Filter")
    if isinstance(kind, pikepdf.Array) and len(kind) == 1:
        kind = kind[0]
    try:
        if kind is None:
            return raw[: FILE_MAX + 1]
        if kind == "/FlateDecode" and "/DecodeParms" not in stream.keys():  # noqa: SIM118  # no dict
            return zlib.decompressobj().decompress(raw, FILE_MAX + 1)
        return stream.read_bytes() if len(raw) <= _ODD_MAX else b""
    except (zlib.error, pikepdf.PdfError):
        return b""
