"""What the confined process does with a PDF: takes it apart, and says what is in it, as JSON.

Everything that is hostile to a parser stays in that process; its answer is read as carefully as
any other input (:func:`signedcert.documents.reading.pdf.document_of`).
"""

import json
from base64 import b64encode

from signedcert.documents.reading.pdf_objects import objects_of
from signedcert.documents.reading.pdf_pages import pages_of


def answer(request: bytes) -> bytes:
    """What is in a PDF: files, links, notes, codes, pages and their count, keywords.

    :raises TaskRefused: when it cannot be read.
    """
    objects = objects_of(request)
    pages = pages_of(objects.left_to_right or request)
    found = {
        "files": [[name, b64encode(content).decode()] for name, content in objects.files],
        "links": objects.links,
        "notes": objects.notes,
        "codes": pages.codes,
        "pages": [
            {
                "covers": page.covers,
                "across": page.across,
                "runs": [[run.text, run.size, run.visible] for run in page.runs],
            }
            for page in pages.pages
        ],
        "page_count": pages.count,
        "keywords": objects.keywords,
    }
    return json.dumps(found).encode()
