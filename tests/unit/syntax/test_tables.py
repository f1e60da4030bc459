"""The grammar is unambiguous, and the tables are what lark makes of it."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import lark
import pytest

from pinmc.frontend.syntax.build import Build
from pinmc.frontend.syntax.generate import generated, grammar_text
from pinmc.frontend.syntax.tables import decoded, tables


def test_no_conflicts(caplog: pytest.LogCaptureFixture) -> None:
    """lark resolves shift/reduce conflicts in silence; a reduce/reduce conflict raises."""
    lark.logger.addHandler(caplog.handler)
    level = lark.logger.level
    lark.logger.setLevel(logging.DEBUG)
    try:
        lark.Lark(grammar_text(), parser="lalr", lexer="basic", start="module", debug=True)
    finally:
        lark.logger.setLevel(level)
        lark.logger.removeHandler(caplog.handler)
    assert "conflict" not in caplog.text.lower()


def test_every_terminal_has_a_name() -> None:
    assert not [t.name for t in tables().terminals if t.name.startswith("__ANON")]


def test_the_tables_are_those_of_the_grammar() -> None:
    """If not: ``python -m pinmc.frontend.syntax.generate``."""
    assert decoded(json.loads(generated(grammar_text()))) == tables()


def test_another_grammar_has_other_tables() -> None:
    changed = grammar_text().replace("COST NAME", "COST NAME NAME")
    assert changed != grammar_text()
    assert decoded(json.loads(generated(changed))) != tables()


def test_every_rule_is_built_or_a_list_for_another() -> None:
    spliced = {rule.origin for rule in tables().rules if rule.origin.startswith("_")}
    for rule in tables().rules:
        assert rule.build or rule.origin in spliced or rule.single, rule
        assert rule.build is None or callable(getattr(Build(), rule.build))


def test_lark_is_not_needed_for_parsing() -> None:
    script = (
        "import sys; sys.modules['lark'] = None;"
        "from pinmc.base.source import SourceFile;"
        "from pinmc.frontend.syntax.parse import parse;"
        "tree, problems = parse(SourceFile('a.pin', 'var x: 0..3 = 1 actor a { x = }'));"
        "assert len(tree.decls) and len(problems) == 1, (tree, problems)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
