"""From grammar to syntax tree: one method a rule, called by the parser as it reduces.

A method gets the children of its rule: tokens, nodes, lists (``names``, ``binders`` …), and None
for an optional part that is absent. What the grammar is too coarse to refuse (a sum where a type
belongs) is reported by the method, through the run that every token carries, and a plausible node
built.
"""

from __future__ import annotations

from pinmc.frontend.syntax.build_decls import BuildDecls
from pinmc.frontend.syntax.build_exprs import BuildExprs
from pinmc.frontend.syntax.build_stmts import BuildStmts


class Build(BuildDecls, BuildStmts, BuildExprs):
    """The tree builder. It has no state: one serves all files and threads."""
