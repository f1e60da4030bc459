"""Memory that arrays give back is used again."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource
import numpy as np
from pinmc.engines.vector.memory import keep_memory
{how}
def pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(50):
        arrays = [np.ones(size, np.uint64) for size in (1 << 15, 1 << 17, 1 << 18)]
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
print(pages(), pages())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc")
def test_arrays_of_some_megabytes_cost_no_page_faults() -> None:
    def later(how: str) -> int:
        command = [sys.executable, "-c", FAULTS.format(how=how)]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        return int(ran.stdout.split()[1])

    assert later("keep_memory()") < 1000 < later("")
