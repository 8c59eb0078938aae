"""How a document of our own designs is told from others: by a keyword in its metadata.

All text of our designs comes from the statement and from the catalogue of words. With the same
catalogue, text that is neither was added by somebody else. The keyword names the catalogue, so
that documents made with another version of it are compared as those of other designs are. Whoever
takes the keyword away gains no more than that.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping

_PREFIX = "signedcert-words-"
_DIGITS = 16


def marker(words: Mapping[str, str]) -> str:
    """The keyword for a document of one of our own designs.

    :param words: the labels that designs get (``variables(…)["words"]``).
    """
    text = json.dumps(dict(sorted(words.items())), ensure_ascii=False)
    return _PREFIX + hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def is_own(keywords: str, catalogues: Iterable[Mapping[str, str]]) -> bool:
    """Whether these keywords name one of these catalogues."""
    named = set(keywords.replace(",", " ").replace(";", " ").split())
    return any(marker(words) in named for words in catalogues)
