"""Sizes, numbers, times and definitions on the command line."""

from __future__ import annotations

import click
import pytest

from pinmc.cli.params import count, duration, parse_definitions, size


@pytest.mark.parametrize(
    ("text", "bytes_"),
    [("0", 0), ("512", 512), ("4G", 4 << 30), ("1.5 MiB", 3 << 19), ("2kb", 2048), ("1T", 1 << 40)],
)
def test_sizes(text: str, bytes_: int) -> None:
    assert size(text) == bytes_


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("1_000", 1000), ("5k", 5000), ("2M", 2_000_000)]
)
def test_numbers(text: str, number: int) -> None:
    assert count(text) == number


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("1.5m", 90), ("2h", 7200), ("0.1s", 0.1)]
)
def test_times(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "G", "-1", "4X", "1e3", "0x10"])
def test_nonsense_is_refused(text: str) -> None:
    for read in (size, count, duration):
        with pytest.raises(click.BadParameter):
            read(text)


def test_definitions() -> None:
    assert parse_definitions(["A=1", " B = two ", "C=a=b"]) == {"A": "1", "B": "two", "C": "a=b"}


@pytest.mark.parametrize("texts", [["A"], ["=1"], ["A="], ["A=1", "A=2"]])
def test_malformed_definitions_are_refused(texts: list[str]) -> None:
    with pytest.raises(click.BadParameter):
        parse_definitions(texts)
