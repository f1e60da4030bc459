"""The layout of what is too long for a line, and of what belongs together."""

from __future__ import annotations

import textwrap

import pytest

from pinmc.base.codes.syntax import SYNTAX
from pinmc.base.source import SourceFile
from pinmc.frontend.syntax.parse import parse
from pinmc.frontend.syntax.pretty import pretty


def layout(text: str) -> str:
    module, found = parse(SourceFile("test.pin", text))
    assert not found
    return pretty(module)


@pytest.mark.parametrize(
    "text",
    [
        """\
        const A = 1
        const B = 2

        /// documented
        const C = 3

        type T
        enum E { a, b }

        record R {
          a: bool
          b: bool
          c: bool
          d: bool
        }
        """,
        """\
        invariant first_comes_first:
          forall page: Page, client: Client where page_is_mapped(page) and not is_closed(client) {
            leased[page, client]
            and some_other_condition_of_the_protocol(page)
            and yet_another_condition_of_the_protocol(page, client)
            implies not dirty[page] or notified[page, client]
          }
        """,
        """\
        action write_back(p: Page) as "folio_start_writeback()"
            when the_page_is_locked_by_the_flusher(p) and not maybe_dma_pinned(p) and has_room {
          io[p] = in_flight
        }
        """,
        """\
        actor a {
          either {
            skip
          } or {
            l: end await a
          }
          choose p: Page where free_[p] {
            take(p)
          } else {
            skip
          }
          if a {
            skip
          } else if b {
            skip
          } else {
            return
          }
          while nondet { write(p) }
        }
        """,
    ],
)
def test_layout_is_a_fixed_point(text: str) -> None:
    text = textwrap.dedent(text)
    assert layout(text) == text


def test_only_needed_parentheses_stay() -> None:
    assert layout("invariant i: ((a) + (b * c)) * -(d) == (x[(0)])") == (
        "invariant i: (a + b * c) * -d == x[0]\n"
    )


def test_every_code_is_explained_once() -> None:
    codes = [e.code for e in SYNTAX]
    assert codes == sorted(set(codes))
    assert all(e.title and len(e.text) > 80 for e in SYNTAX)
    assert max(len(line) for e in SYNTAX for line in e.text.splitlines()) <= 100
