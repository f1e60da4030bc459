"""What the processor can do, for code that is compiled for it and kept."""

from __future__ import annotations

import functools
import hashlib
import platform
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")
_TOLD = ("vendor_id", "cpu family", "model", "flags")


@functools.cache
def processor() -> str:
    """A digest of the processor's kind and features; empty where it cannot be told, and on
    machines other than x86-64, where what "native" means differs between compilers."""
    if platform.machine() not in ("x86_64", "AMD64"):
        return ""
    try:
        first = _CPUINFO.read_text(encoding="utf-8", errors="replace").partition("\n\n")[0]
    except OSError:
        return ""
    told = [line for line in first.splitlines() if line.partition("\t")[0].strip() in _TOLD]
    flags = any(line.startswith("flags") for line in told)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16] if flags else ""
