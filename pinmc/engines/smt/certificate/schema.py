"""The JSON Schema of ``manifest.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("pinmc-certificate-1.json")


def schema() -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) for version 1 of the format."""
    document: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return document
