"""Text that no one means: the parser answers with diagnostics, and soon."""

from __future__ import annotations

import random

import pytest

from pinmc.base.source import SourceFile
from pinmc.frontend.syntax.decode import decode
from pinmc.frontend.syntax.limits import MAX_CHARACTERS, MAX_DEPTH, MAX_NESTING, MAX_REPORTS
from pinmc.frontend.syntax.parse import parse


def codes(text: str) -> list[str]:
    source = SourceFile("test.pin", text)
    _, found = parse(source)
    assert len(found) <= MAX_REPORTS
    for each in found:
        assert each.span.file is source
        assert 0 <= each.span.start <= each.span.end <= len(text)
    return [each.code for each in found]


@pytest.mark.parametrize("text", ["", " \r\n\t\f", "// nothing", "/* nothing */", "\ufeff"])
def test_nothing_is_a_module(text: str) -> None:
    assert codes(text) == []


def test_byte_order_mark_and_line_ends() -> None:
    assert codes("\ufeffvar a: bool\r\nvar b: bool\rvar c: bool\n") == []


def test_line_numbers_agree_with_the_source() -> None:
    source = SourceFile("test.pin", "// a\u2028b\x0cc\r\nvar a: bool\r\n  var ; b: bool")
    _, (found,) = parse(source)
    assert source.line(found.span.line)[found.span.column - 1] == ";"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\0", "PIN001"),
        ("\x1b[31m", "PIN001"),
        ("var a: bool /* never", "PIN002"),
        ('action f() as "never', "PIN003"),
        ("const N = " + "9" * 1_000_000, "PIN007"),
        ("const N = " + "9" * 900_000, "PIN004"),
        ("const N = 0x" + "f" * 900_000, "PIN004"),
        ("const N = " + "(" * 10_000 + "1" + ")" * 10_000, "PIN006"),
        ("init " + "{ if a " * 10_000, "PIN006"),
        ("const N = " + "not " * 10_000 + "a", "PIN006"),
        ("const N = " + "- " * 100_000 + "a", "PIN006"),
        ("const N = a" + " + a" * 10_000, "PIN006"),
        ("const N = a" + " implies a" * 10_000, "PIN006"),
        ("const N = a" + ".b" * 10_000, "PIN006"),
        ("const N = a" + "[0]" * 10_000, "PIN006"),
        ("const N = " + "if a then b else " * 10_000 + "c", "PIN006"),
        ("var a: " + "set " * 10_000 + "b", "PIN006"),
        ("var a: b" + "?" * 10_000, "PIN006"),
        ("init { if a { } " + "else if a { } " * 10_000 + "}", "PIN006"),
        ("init { " + "end " * 10 + "skip }", "PIN033"),
        ("var " + "a" * 1_000 + ": bool", "PIN009"),
        ("x" * (MAX_CHARACTERS + 1), "PIN007"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_hostile_text(text: str, code: str) -> None:
    assert code in codes(text)


def test_limits_are_not_too_tight() -> None:
    depth = MAX_NESTING - 5
    assert codes("const N = " + "(" * depth + "1" + ")" * depth) == []
    assert codes("const N = a" + " or a" * (MAX_DEPTH - 5)) == []


@pytest.mark.slow
@pytest.mark.parametrize("alphabet", ["(){}[]", "ab \n", "var: bool\n", "\"/*'", "\0\ud7ff\u3042é"])
def test_a_megabyte_of_garbage(alphabet: str) -> None:
    text = "".join(random.Random(7).choices(alphabet, k=MAX_CHARACTERS))
    assert codes(text)


def test_many_faulty_declarations_stop_early() -> None:
    assert len(codes("use\n" * 100_000)) == MAX_REPORTS


def test_bytes_that_are_no_text() -> None:
    source, found = decode("test.pin", b"var a: bool\nvar \xff\xfe: bool")
    assert [d.code for d in found] == ["PIN008"]
    assert (found[0].span.line, found[0].span.column) == (2, 5)
    assert parse(source)[1]


def test_bytes_that_are_text() -> None:
    source, found = decode("test.pin", b"\xef\xbb\xbfvar a: bool")
    assert source.text == "var a: bool"
    assert found == ()
