"""What defs and actions look at, through everything they call."""

from __future__ import annotations

from dataclasses import field

from pinmc.base.records import dataclass
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.builtins import LOCK_CALLS
from pinmc.frontend.sema.walk import callees, expressions, statements, walk

STATE, GHOST, PLACES, ACTOR = "state", "ghost", "places", "actor"
"""Reads variables; reads ghosts; looks at places or locals of actors; needs an actor to be
executing, because it takes, releases or asks for a lock."""


@dataclass(slots=True)
class Facts:
    """Answers are remembered; there is no recursion when this is asked."""

    _known: dict[typed.Def | typed.Action | typed.Proc, frozenset[str]] = field(
        default_factory=dict
    )

    def of(self, expr: typed.Expr) -> frozenset[str]:
        """The facts of an expression."""
        found: set[str] = set()
        for part in walk(expr):
            found |= self.of_part(part)
        return frozenset(found)

    def of_part(self, part: typed.Expr) -> frozenset[str]:
        """The facts of one node, what it calls included, its operands not."""
        match part:
            case typed.VarRef(variable=typed.Variable(cost=True)):
                return frozenset()  # reading one is a mistake of its own
            case typed.VarRef(variable=variable):
                return frozenset({STATE, GHOST} if variable.ghost else {STATE})
            case typed.LockRef():
                return frozenset({STATE})
            case typed.At() | typed.ActorLocal():
                return frozenset({PLACES})
            case typed.Builtin(name="held"):
                return frozenset({ACTOR})
            case typed.DefCall(definition=definition):
                return self.of_def(definition)
            case _:
                return frozenset()

    def of_def(self, definition: typed.Def) -> frozenset[str]:
        if definition not in self._known:
            self._known[definition] = self.of(definition.body)
        return self._known[definition]

    def needs_actor(self, code: typed.Action | typed.Proc) -> bool:
        """Whether running the code needs an actor that holds locks."""
        if code not in self._known:
            needs = any(self.stmt_needs_actor(s) for s in statements(code.body))
            when = code.when if isinstance(code, typed.Action) else None
            needs = needs or (when is not None and ACTOR in self.of(when))
            self._known[code] = frozenset({ACTOR} if needs else ())
        return ACTOR in self._known[code]

    def stmt_needs_actor(self, stmt: typed.Stmt) -> bool:
        """The same of one statement without its blocks."""
        for callee, _ in callees(stmt):
            if isinstance(callee, str):
                if callee in LOCK_CALLS and not _is_foreign_unlock(callee, stmt):
                    return True
            elif self.needs_actor(callee):
                return True
        return any(ACTOR in self.of(e) for e in expressions(stmt))


def _is_foreign_unlock(callee: str, stmt: typed.Stmt) -> bool:
    """``unlock`` of a lock that may be released by another than its holder."""
    if callee != "unlock" or not isinstance(stmt, typed.Call):
        return False
    lock = stmt.args[0]
    return isinstance(lock, typed.LockRef) and lock.lock.crossrelease
