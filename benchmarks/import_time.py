"""How long ``import signedcert`` takes, against what it needs of its dependencies."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

NEEDED = """
import cbor2, nacl.bindings, nacl.signing
import pydantic, pydantic.fields, pydantic_core.core_schema
from pydantic import BaseModel, ConfigDict, model_validator
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
"""
ROUNDS = 21


def measure() -> list[str]:
    """Rows of a Markdown table."""
    with tempfile.TemporaryDirectory() as cache:
        # Compiled code, as an installed package has it; an editable checkout may not.
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
        } | {"PYTHONPYCACHEPREFIX": cache}
        found = []
        for number in range(ROUNDS + 1):
            needed = _seconds(NEEDED, environment)
            ours = _seconds("import signedcert", environment)
            if number:  # the first round compiles
                found.append(ours / needed)
    low, middle, high = statistics.quantiles(found, n=4)
    return [
        f"| import signedcert | what it needs of its dependencies | **{middle:.2f}** "
        f"({low:.2f} to {high:.2f}) | 1.2 |"
    ]


def _seconds(code: str, environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    return time.perf_counter() - start
