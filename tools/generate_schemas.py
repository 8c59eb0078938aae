"""Writes schemas/: JSON Schema and CDDL of every kind of statement and document, from the models.

Promise: the same models give the same bytes. ``tests/contract/test_schemas.py`` fails when the
files are not what this script writes.
"""

import json
from pathlib import Path

from signedcert.model.certificate import Certificate
from signedcert.model.course_record import CourseRecord
from signedcert.model.issued_record import ShareClaims, VisibleRecord
from signedcert.model.kinds import DOCUMENTS
from specification.bundle_cddl import bundle_cddl
from specification.cddl import cddl
from specification.json_schemas import json_schema, shared_record_schema
from specification.models import kebab, rule_name

FOLDER = Path(__file__).resolve().parent.parent / "schemas"


def files() -> dict[str, str]:
    """The text of each file, by name."""
    made = {}
    for statement in (Certificate, CourseRecord):
        name = kebab(statement.__name__)
        made[f"{name}.json"] = _json(json_schema(statement, issue_input=False))
        made[f"{name}-input.json"] = _json(json_schema(statement, issue_input=True))
    made["shared-record.json"] = _json(shared_record_schema())
    for signed in (Certificate, VisibleRecord, ShareClaims):
        made[f"{rule_name(signed)}.cddl"] = cddl(signed)
    for document in DOCUMENTS.values():
        name = kebab(document.__name__)
        made[f"{name}.json"] = _json(json_schema(document, issue_input=False))
        made[f"{name}.cddl"] = cddl(document)
    made["trust-bundle.cddl"] = bundle_cddl()
    return made


def _json(schema: object) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Writes what has changed, and says so."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in files().items():
        path = FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"wrote schemas/{name}")


if __name__ == "__main__":
    main()
