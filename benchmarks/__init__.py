"""Measurements: ratios within one run, beside peers and limits. Some of tools' modules are used."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "tools"))
