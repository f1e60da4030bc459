"""Comments, and which of them document what."""

from __future__ import annotations

from pinmc.base.source import SourceFile
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.parse import parse


def module(text: str) -> ast.Module:
    tree, found = parse(SourceFile("test.pin", text))
    assert not found
    return tree


def docs(text: str) -> list[str]:
    tree = module(text)
    return [tree.doc, *(d.doc for d in tree.decls)]


def test_a_comment_documents_the_next_declaration() -> None:
    assert docs("/// one\n///  two\nvar a: bool\nvar b: bool") == ["", "one\n two", ""]


def test_the_first_block_set_off_by_a_blank_line_documents_the_file() -> None:
    assert docs("/// file\n\n/// a\nvar a: bool") == ["file", "a"]
    assert docs("// plain\n\n/// file\n\nvar a: bool") == ["file", ""]
    assert docs("/// only") == ["only"]


def test_blocks_before_a_declaration_become_its_paragraphs() -> None:
    assert docs("var a: bool\n/// one\n\n/// two\n\nvar b: bool") == ["", "", "one\n\ntwo"]


def test_a_comment_behind_code_documents_nothing() -> None:
    assert docs("var a: bool /// behind\nvar b: bool") == ["", "", ""]


def test_a_modified_declaration_has_its_documentation() -> None:
    assert docs("/// d\nstrong fair action f() { }\n/// g\nghost var g: bool") == ["", "d", "g"]


def test_four_slashes_are_no_documentation() -> None:
    assert docs("//// rule\nvar a: bool") == ["", ""]


def test_comments_stand_anywhere() -> None:
    tree = module("var /* a */ a /* : int */ : // type\n bool /* = true\n */ var b: bool")
    assert len(tree.decls) == 2
