"""Where the test vectors are, and how to read them."""

import json
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parent / "vectors"


def load_json(path: str) -> Any:
    """A JSON vector file; some start with a byte order mark."""
    return json.loads((VECTORS / path).read_text("utf-8-sig"))
