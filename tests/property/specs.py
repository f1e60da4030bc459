"""Random well-typed specifications, as text: every type and statement of the language."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

SCALARS = ("bool", "R", "E", "P?", "W", "R?")
_BASE = {"R?": "R", "P?": "P"}


class SpecWriter:
    """Writes one specification from a source of randomness. ``depth`` bounds nesting."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.shared: dict[str, tuple[str, str | None]] = {}
        self.ghosts: dict[str, str] = {}
        self.actions: dict[str, tuple[list[str], str | None]] = {}
        self.locals: list[tuple[str, str, bool]] = []
        self.fresh = 0

    # --- choices ---------------------------------------------------------------------------

    def one(self, items: Sequence[str]) -> str:
        return self.rng.choice(list(items))

    def chance(self, of: float) -> bool:
        return self.rng.random() < of

    def name(self, prefix: str) -> str:
        self.fresh += 1
        return f"{prefix}{self.fresh}"

    # --- expressions -----------------------------------------------------------------------

    def expr(self, type_: str, depth: int = 2, ghosts: bool = False) -> str:
        """An expression of a scalar type or a set; real unless ``ghosts``."""
        leaves = self._leaves(type_, ghosts)
        if depth <= 0 or (leaves and self.chance(0.4)):
            return self.one(leaves)
        if self.chance(0.15):
            cond = self.expr("bool", depth - 1, ghosts)
            then = self.expr(type_, depth - 1, ghosts)
            return f"(if {cond} then {then} else {self.expr(type_, depth - 1, ghosts)})"
        made = self._operation(type_, depth - 1, ghosts)
        return made if made is not None else self.one(leaves)

    def _leaves(self, type_: str, ghosts: bool) -> list[str]:
        found = list(_LITERALS.get(type_, ()))
        base = _BASE.get(type_)
        for name, of, _ in self.locals:
            if of == type_ or (base is not None and of == base):
                found.append(name)
        for name, (of, index) in self.shared.items():
            if of == type_:
                found.append(self._indexed(name, index))
        if ghosts:
            found += [name for name, of in self.ghosts.items() if of == type_]
        return found

    def _indexed(self, name: str, index: str | None) -> str:
        if index is None:
            return name
        return f"{name}[{self._index(index)}]"

    def _index(self, index: str) -> str:
        known = [name for name, of, _ in self.locals if of == index]
        if index == "P":
            return self.one([*known, "H", "H"])
        return self.one([*known, "0", "1", "0", "2"])

    def _operation(self, type_: str, depth: int, ghosts: bool) -> str | None:
        def sub(t: str) -> str:
            return self.expr(t, depth, ghosts)

        match type_:
            case "bool":
                return self._boolean(sub)
            case "R":
                op = self.one(["+", "-", "*", "/", "%"])
                kind = self.rng.randrange(4)
                if kind == 0:
                    return f"min({sub('R')}, {sub('R')})"
                if kind == 1:
                    name = self.name("k")
                    return f"(count {name}: R {{ {name} < {sub('R')} }})"
                return f"({sub('R')} {op} {sub('R')})"
            case "W":
                op = self.one(["+", "-", "*", "&", "|", "^", "<<"])
                return f"({self._known('W')} {op} {sub('W')})"
            case "set R":
                return f"({sub('set R')} {self.one(['|', '&', '-'])} {sub('set R')})"
            case _:
                return None

    def _boolean(self, sub: Callable[[str], str]) -> str:
        match self.rng.randrange(7):
            case 0:
                return f"({sub('bool')} {self.one(['and', 'or', 'implies', 'iff'])} {sub('bool')})"
            case 1:
                return f"(not {sub('bool')})"
            case 2:
                return f"({sub('R')} {self.one(['<', '<=', '==', '!=', '>'])} {sub('R')})"
            case 3:
                return f"({sub('R')} in (sv | {sub('set R')}))"
            case 4:
                of = self.one(["E", "P?", "R?", "W"])
                return f"({self._known(of)} {self.one(['==', '!='])} {sub(of)})"
            case 5:
                quantifier = self.one(["forall", "exists"])
                name = self.name("q")
                return f"({quantifier} {name}: R {{ {name} <= {sub('R')} }})"
            case _:
                return f"((sv & {sub('set R')}) <= (sv | {sub('set R')}))"

    def _known(self, type_: str) -> str:
        """A leaf whose type can be told without a context."""
        names = [self._indexed(n, i) for n, (of, i) in self.shared.items() if of == type_]
        names += [n for n, of, _ in self.locals if of == type_]
        return self.one([*names, {"E": "E.e1", "P?": "vp", "R?": "vr", "W": "vw"}[type_]])

    # --- statements ------------------------------------------------------------------------

    def block(self, mode: str, depth: int) -> str:
        known = len(self.locals)
        stmts = [self.stmt(mode, depth) for _ in range(self.rng.randint(1, 3))]
        del self.locals[known:]
        return "{ " + "  ".join(stmts) + " }"

    def stmt(self, mode: str, depth: int) -> str:
        """``mode``: action, atomic, actor or loop (an actor inside a loop)."""
        simple = [self._assign, self._assign, self._ghost, self._queue, self._assert]
        if mode in ("actor", "loop"):
            simple += [self._call, self._lock, lambda: "skip", self._await, self._local]
        else:
            simple += [self._local]
        if depth <= 0 or self.chance(0.5):
            return self.rng.choice(simple)()
        return self._compound(mode, depth - 1)

    def _compound(self, mode: str, depth: int) -> str:
        kinds = ["if", "choose", "if"]
        if mode in ("actor", "loop"):
            kinds += ["while", "either", "atomic", "for", "callif"]
        match self.one(kinds):
            case "if":
                cond = "nondet" if self.chance(0.2) else self.expr("bool")
                other = f" else {self.block(mode, depth)}" if self.chance(0.5) else ""
                return f"if {cond} {self.block(mode, depth)}{other}"
            case "choose":
                return self._choose(mode, depth)
            case "while":
                inner = self.block("loop", depth)
                leave = self.one(["break", "continue", "skip", "skip"])
                cond = self.one(["nondet", self.expr("bool")])
                after = f"if {self.expr('bool')} {{ {leave} }}"
                return f"while {cond} {{ skip {inner[1:-1]} {after} }}"
            case "either":
                return f"either {self.block(mode, depth)} or {self.block(mode, depth)}"
            case "atomic":
                return f"atomic {self.block('atomic', depth)}"
            case "for":
                name = self.name("i")
                self.locals.append((name, "R", True))
                body = self.block("loop", depth)
                self.locals.pop()
                return f"for {name}: R {body}"
            case _:
                return f"if trylock(m) {{ {self.block(mode, 0)[1:-1]} unlock(m) }}"

    def _choose(self, mode: str, depth: int) -> str:
        name, of = self.name("c"), self.one(["R", "P", "E"])
        known = len(self.locals)
        self.locals.append((name, of, True))
        where = f" where {self.expr('bool')}" if self.chance(0.5) else ""
        body = self.block(mode, depth)
        del self.locals[known:]
        other = f" else {self.block(mode, depth)}" if self.chance(0.5) else ""
        return f"choose {name}: {of}{where} {body}{other}"

    def _assign(self) -> str:
        targets = [(n, of, index) for n, (of, index) in self.shared.items()]
        targets += [(n, of, None) for n, of, fixed in self.locals if not fixed]
        name, of, index = self.rng.choice(targets)
        if of == "set R" and self.chance(0.5):
            return f"{self._indexed(name, index)} {self.one(['|=', '-='])} {{{self.expr('R', 1)}}}"
        if of == "R" and self.chance(0.3):
            return f"{self._indexed(name, index)} += {self.expr('R', 1)}"
        return f"{self._indexed(name, index)} = {self.expr(of)}"

    def _ghost(self) -> str:
        name, of = self.rng.choice(list(self.ghosts.items()))
        return f"{name} = {self.expr(of, 1, ghosts=True)}"

    def _queue(self) -> str:
        match self.rng.randrange(3):
            case 0:
                return f"push(q, M(f = {self.expr('R', 1)}, g = {self.expr('E', 1)}))"
            case 1:
                return "if not empty(q) { rec = pop(q) }"
            case _:
                return f"rec.{self.one(['f', 'f'])} = {self.expr('R', 1)}"

    def _assert(self) -> str:
        label = self.one(["", "", "no_bug: "])
        return f"assert {label}{self.expr('bool', 1, ghosts=True)}"

    def _local(self) -> str:
        name, of = self.name("l"), self.one(["bool", "R", "E", "P?"])
        text = f"var {name}: {of} = {self.expr(of, 1)}"
        self.locals.append((name, of, False))
        return text

    def _call(self) -> str:
        name = self.one(list(self.actions))
        params, _ = self.actions[name]
        given = [self.expr(p, 1) if p != "P" else self._index("P") for p in params]
        return f"{name}({', '.join(given)})"

    def _lock(self) -> str:
        lock = self.one(["m", "n[H]"])
        return self.one(
            [f"lock({lock})", f"unlock({lock})", "lock(w)", "lock_shared(w)", "unlock(w)"]
        )

    def _await(self) -> str:
        return f"await {self.expr('bool', 1)}"

    # --- declarations ----------------------------------------------------------------------

    def write(self) -> str:
        parts = [
            "scalarset P[2] with H",
            "enum E { e0, e1, e2 }",
            "type R = 0..2",
            "type W = uint[2]",
            "record M { f: R  g: E }",
        ]
        parts += ["var q: queue[2] M", "var rec: M", "mutex m", "mutex n[P]", "rwlock w"]
        for number in range(self.rng.randint(2, 4)):
            of = self.one([*SCALARS, "set R"])
            index = self.one(["", "", "P", "R"])
            name = f"v{number}"
            self.shared[name] = (of, index or None)
            start = f" = {self.expr(of, 0)}" if self.chance(0.4) and of != "R" else ""
            start = " = any" if not start and self.chance(0.1) and of in ("bool", "R?") else start
            if start.startswith(" = v"):
                start = ""
            parts.append(f"var {name}{f'[{index}]' if index else ''}: {of}{start}")
        self.shared["spare"] = ("R", None)
        parts.append("var spare: R = 1  var sv: set R = {1}")
        parts.append("var vp: P?  var vr: R?  var vw: W")
        self.shared["sv"] = ("set R", None)
        for number in range(2):
            of = self.one(["bool", "R", "E"])
            self.ghosts[f"g{number}"] = of
            parts.append(f"ghost var g{number}: {of}")
        parts += [self._action(n) for n in range(2)]
        parts += [self._actor(n) for n in range(self.rng.randint(1, 2))]
        if self.chance(0.4):
            parts.append(f"rule r0() when {self.expr('bool')} {self.block('action', 1)}")
        parts.append(f"invariant inv: {self.expr('bool', 3, ghosts=True)}")
        parts.append(f"reachable goal: {self.expr('bool', 2, ghosts=True)}")
        parts.append("step invariant step_inv: spare' <= spare + 1 or spare' < spare")
        return "\n".join(parts) + "\n"

    def _action(self, number: int) -> str:
        name = f"act{number}"
        params = [self.one(["R", "bool", "P"]) for _ in range(self.rng.randint(0, 2))]
        names = [f"a{i}" for i in range(len(params))]
        self.locals = [(n, p, True) for n, p in zip(names, params, strict=True)]
        when = f" when {self.expr('bool', 1)}" if self.chance(0.4) else ""
        body = self.block("action", 2)
        self.locals = []
        self.actions[name] = (params, None)
        header = ", ".join(f"{n}: {p}" for n, p in zip(names, params, strict=True))
        return f"action {name}({header}){when} {body}"

    def _actor(self, number: int) -> str:
        index = self.chance(0.4)
        self.locals = [("u", "P", True)] if index else []
        body = self.block("actor", 2)
        if self.chance(0.5):
            body = f"{{ loop {{ skip {body[1:-1]} }} }}"
        self.locals = []
        return f"actor act_or{number}{'[u: P]' if index else ''} {body}"


_LITERALS = {
    "bool": ("true", "false"),
    "R": ("0", "1", "2"),
    "E": ("e0", "e1", "e2"),
    "P?": ("none", "H"),
    "R?": ("none", "1"),
    "W": ("0", "1", "3"),
    "set R": ("{}", "{0}", "{1, 2}"),
}
