"""Writes tables.json: ``python -m pinmc.frontend.syntax.generate``, after grammar.lark changed."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lark
from lark.grammar import Rule
from lark.parsers.lalr_analysis import Shift

from pinmc.frontend.syntax.build import Build
from pinmc.frontend.syntax.tables import FILE, Part

_HERE = "pinmc.frontend.syntax"


def grammar_text() -> str:
    """The text of grammar.lark."""
    return importlib.resources.files(_HERE).joinpath("grammar.lark").read_text(encoding="utf-8")


def generated(grammar: str) -> str:
    """The text of tables.json for a grammar: JSON with a state on each line."""
    parser = lark.Lark(
        grammar, parser="lalr", lexer="basic", start="module", maybe_placeholders=True
    )
    # What a parser consists of is in no interface of lark's: the tests notice when it changes.
    conf: Any = parser.parse_interactive().parser_state.parse_conf
    rules = sorted(parser.rules, key=lambda rule: (rule.origin.name, rule.order))
    order = _order(conf.states, conf.start_state)
    states = [_row(conf.states[state], order, rules) for state in order]
    parts: dict[str, list[Any]] = {
        "terminals": [
            [t.name, t.pattern.value, t.pattern.type == "str"]
            for t in sorted(parser.terminals, key=lambda terminal: terminal.name)
        ],
        "rules": [_rule(rule) for rule in rules],
        "states": states,
    }
    shown = [f'"{name}": [\n{_lines(part)}\n]' for name, part in parts.items()]
    return "{\n" + ",\n".join([*shown, f'"end": {order[conf.end_state]}']) + "\n}\n"


def _lines(part: list[Any]) -> str:
    return ",\n".join(json.dumps(each, separators=(",", ":")) for each in part)


def _order(states: dict[Any, dict[str, Any]], start: Any) -> dict[Any, int]:
    """Numbers for the states that depend on nothing but the grammar: as they are reached."""
    order = {start: 0}
    for state in (todo := [start]):
        for _, (action, target) in sorted(states[state].items()):
            if action is Shift and target not in order:
                order[target] = len(order)
                todo.append(target)
    return order


def _row(row: dict[str, Any], order: dict[Any, int], rules: list[Rule]) -> dict[str, int]:
    return {
        symbol: order[target] if action is Shift else -1 - rules.index(target)
        for symbol, (action, target) in sorted(row.items())
    }


def _rule(rule: Rule) -> list[Any]:
    """The fields of a ``tables.Rule``: what lark's tree builder does, for the options used here."""
    method = str(rule.alias or rule.origin.name)
    parts = list(_parts(rule))
    single = bool(rule.options.expand1 and not rule.alias)
    return [
        str(rule.origin.name),
        method if hasattr(Build, method) else None,
        len(rule.expansion),
        single,
        None if parts == list(range(len(rule.expansion))) else parts,
    ]


def _parts(rule: Rule) -> Iterator[Part]:
    empty = list(rule.options.empty_indices) or [False] * len(rule.expansion)
    numbers = iter(range(len(rule.expansion)))
    for absent in empty:
        if absent:
            yield None
            continue
        number = next(numbers)
        symbol: Any = rule.expansion[number]
        if not symbol.is_term and symbol.name.startswith("_"):
            yield [number]
        elif not symbol.is_term or not symbol.filter_out:
            yield number


def main() -> None:
    path = Path(__file__).with_name(FILE)
    path.write_text(generated(grammar_text()), encoding="utf-8")


if __name__ == "__main__":
    main()
