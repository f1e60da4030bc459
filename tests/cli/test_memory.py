"""The limit on memory that holds when nobody sets one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinmc.cli import memory


@pytest.mark.parametrize(
    ("allowed", "limit"), [("1000000\n", 800_000), ("max\n", 1_600_000), (None, 1_600_000)]
)
def test_the_smaller_of_machine_and_control_group_counts(
    allowed: str | None, limit: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "memory.max"
    if allowed is not None:
        file.write_text(allowed)
    monkeypatch.setattr(memory, "_CGROUP", file)
    monkeypatch.setattr(memory, "_physical", lambda: 2_000_000)
    assert memory.default_limit() == limit


def test_this_machine_has_a_limit() -> None:
    assert (memory.default_limit() or 0) > 1 << 20
