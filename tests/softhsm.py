"""SoftHSM2 with tokens of its own for each test process."""

import atexit
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

PIN = "5678-user-pin"
_SO_PIN = "1234-officer-pin"
_PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/*/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
#: Each has the PIN above. Two share a label, which only the serial tells apart.
LABELS = ("issuer", "other", "twin", "twin")


@cache
def module() -> str:
    """The path of the module, which finds tokens in a folder that is empty but for LABELS.

    A module reads its settings when it is first loaded in a process, so all of a process's tests
    share the folder; nothing else in the tests may load it before.
    """
    found = [path for place in _PLACES for path in sorted(Path("/").glob(place.lstrip("/")))]
    if not found or shutil.which("softhsm2-util") is None:
        if os.environ.get("CI"):
            pytest.fail("SoftHSM2 is missing, and CI must not skip its tests: apt install softhsm2")
        pytest.skip("SoftHSM2 is missing: apt install softhsm2")
    folder = Path(tempfile.mkdtemp(prefix="signedcert-softhsm-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["SOFTHSM2_CONF"] = make_tokens(folder, LABELS)
    return str(found[0])


def make_tokens(folder: Path, labels: tuple[str, ...]) -> str:
    """Makes tokens in a folder, and returns the path of the settings that lead to them."""
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    for label in labels:
        pins = ("--so-pin", _SO_PIN, "--pin", PIN)
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", label, *pins],
            check=True,
            capture_output=True,
            env=os.environ | {"SOFTHSM2_CONF": str(settings)},
        )
    return str(settings)
