"""What cannot be made, or cannot be read.

::

    SignedCertError
    └── DocumentError           a document cannot be made
        ├── MissingGlyphError   no font at hand has a character of what was signed
        ├── PictureRefused      a logo, signature image or portrait is not what it should be
        ├── ThemeError          a theme file has a fault
        └── TemplateError       a designer's own template has a fault, or reached beyond its folder
    DocumentUnreadable          a file holds no document that can be read
"""

from signedcert.errors import SignedCertError


class DocumentError(SignedCertError):
    """A document cannot be made."""


class MissingGlyphError(DocumentError):
    """No font at hand has a character of what was signed."""


class PictureRefused(DocumentError):
    """A logo, signature image or portrait is not what it should be."""


class ThemeError(DocumentError):
    """A theme file has a fault."""


class TemplateError(DocumentError):
    """A designer's own template has a fault, or reached beyond its folder."""


class DocumentUnreadable(SignedCertError):
    """A file holds no document that can be read."""
