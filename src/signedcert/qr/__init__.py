"""QR codes that carry a whole certificate (needs the extra ``qr``)."""

from signedcert.qr.encode import encode
from signedcert.qr.render import png, svg, terminal

__all__ = ["encode", "png", "svg", "terminal"]
