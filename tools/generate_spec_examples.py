"""Fills the generated parts of docs/spec.md: tables of fields and worked examples.

They stand between ``<!-- generated: NAME -->`` and ``<!-- end -->``. Promise: the same models, key
and dictionary give the same text. ``tests/contract/test_spec_examples.py`` fails when the document
is not what this script writes.
"""

import hashlib
import re
from pathlib import Path

from signedcert.codec.dictionary import dictionary1
from specification import examples, record_examples, tables, trust_examples

SPEC = Path(__file__).resolve().parent.parent / "docs" / "spec.md"
_PART = re.compile(r"(<!-- generated: ([a-z0-9-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def parts() -> dict[str, str]:
    """The text of every generated part, by name."""
    dictionary = dictionary1()
    return {
        "claims": tables.claims_table(),
        "bodies": tables.bodies_tables(),
        "documents": tables.documents_tables(),
        "record": tables.record_tables(),
        "withholdable": tables.withholdable_tables(),
        "share": tables.share_tables(),
        "dictionary": (
            f"| | Dictionary 1 |\n|---|---|\n| Size | {len(dictionary):,} bytes |\n"
            f"| SHA-256 | `{hashlib.sha256(dictionary).hexdigest()}` |"
        ),
        **examples.blocks(),
        **record_examples.blocks(),
        **trust_examples.blocks(),
    }


def filled(document: str) -> str:
    """The document with every generated part as it should be.

    :raises ValueError: when a part is missing from the document, stands twice, or is not known.
    """
    texts = parts()
    names = [name for _, name, _ in _PART.findall(document)]
    if sorted(names) != sorted(texts):
        raise ValueError(f"parts {sorted(set(names) ^ set(texts))} are missing or not known")
    return _PART.sub(lambda found: f"{found[1]}{texts[found[2]]}\n{found[3]}", document)


def main() -> None:
    """Writes the document if it has changed, and says so."""
    old = SPEC.read_text(encoding="utf-8")
    new = filled(old)
    if new != old:
        SPEC.write_text(new, encoding="utf-8", newline="\n")
        print("wrote docs/spec.md")


if __name__ == "__main__":
    main()
