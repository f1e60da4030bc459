"""How large a specification file may be.

The limits are far above anything written by hand. They bound time and memory on hostile input and
keep trees shallow enough for recursive passes.
"""

from __future__ import annotations

MAX_CHARACTERS = 1_000_000
"""Characters in one file."""

MAX_NESTING = 100
"""Brackets of all kinds that are open at one place."""

MAX_DEPTH = 100
"""Height of the tree of one expression, type, or chain of ``else if``."""

MAX_STACK = 4_000
"""Entries on the parser's stack: a guard for chains of prefixes, which open no bracket."""

MAX_NAME = 200
"""Characters in one name."""

MAX_NUMBER = 2**64
"""The largest integer literal."""

MAX_REPORTS = 10
"""Syntax errors reported for one file."""
