"""Files of kinds that are not read, told by their first bytes."""

_ISO_MEDIA = {
    b"heic": "HEIC", b"heix": "HEIC", b"heim": "HEIC", b"heis": "HEIC", b"hevc": "HEIC",
    b"mif1": "HEIC", b"msf1": "HEIC", b"avif": "AVIF", b"avis": "AVIF",
}  # fmt: skip
_MAGIC = {
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
}


def why_unreadable(data: bytes) -> str | None:
    """What to do with such a file instead, or None where it may hold a certificate."""
    picture = _picture(data)
    if picture is not None:
        return f"cannot read {picture} pictures; save it as PNG or JPEG"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "it is UTF-16 text; save it as UTF-8"
    return None


def _picture(data: bytes) -> str | None:
    for magic, name in _MAGIC.items():
        if data.startswith(magic):
            return name
    # Two letters alone would be text; the reserved bytes after the size are always zero.
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return "BMP"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WebP"
    return _ISO_MEDIA.get(data[8:12]) if data[4:8] == b"ftyp" else None
