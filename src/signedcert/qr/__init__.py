"""QR codes that carry a whole certificate (needs the extra ``qr``)."""

try:
    from signedcert.qr.encode import encode, encode_sealed
    from signedcert.qr.render import png, svg, terminal
except ModuleNotFoundError as error:
    if error.name != "segno":
        raise
    raise ImportError(
        "signedcert.qr needs packages that are not installed: pip install 'signedcert[qr]'",
        name="segno",
    ) from error

__all__ = ["encode", "encode_sealed", "png", "svg", "terminal"]
