"""Writes the C functions of commands: one for each actor instance and a few known arguments.

``static void c12_0(const u64 *s, struct pm_steps *o)`` tries the instances it was made for in the
state ``s``; parameters that are not written out are further arguments, looped over by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field

from pinmc.base.records import dataclass
from pinmc.engines.intervals import domain_bounds
from pinmc.engines.layout import Layout
from pinmc.engines.native.bodies import BodyWriter, Left
from pinmc.engines.native.exprs import Code, ExprWriter, literal, unsigned
from pinmc.engines.sleep.kinds import ALWAYS, Kinds
from pinmc.ir.command import Command, Param
from pinmc.ir.evaluate import row_major
from pinmc.ir.execute import assignments
from pinmc.ir.expr import Const, ErrorSite
from pinmc.ir.types import bounds, size
from pinmc.ir.walk import substitute, substitute_body
from pinmc.passes.folding import fold, fold_body

UNROLLED_INSTANCES = 32
"""Up to so many instances of a command are written out for one actor instance."""


@dataclass(frozen=True, slots=True)
class Target:
    """The command for the agent with arguments ``args``; ``base`` is the number of its first
    instance of all."""

    number: int
    command: Command
    agent: int | None
    args: tuple[int, ...]
    base: int

    @property
    def agent_bit(self) -> str:
        return "0ULL" if self.agent is None else unsigned(1 << self.agent)


@dataclass(frozen=True, slots=True)
class Written:
    """``functions`` are C definitions, ``calls`` the lines that call them from the state ``s``."""

    functions: list[str]
    calls: list[str]


def parts(target: Target) -> list[tuple[int, ...]]:
    """The first arguments of the instances that one function each is for."""
    written, _ = split(target.command.params[len(target.args) :])
    return [(*target.args, *more) for more in assignments([param.domain for param in written])]


@dataclass(frozen=True, slots=True)
class CommandWriter:
    """``claim_of`` numbers what an error counts under. ``local_marks``: marks are collected for
    each state first. ``kinds_of`` a command's number and first arguments: what is known of the
    steps."""

    layout: Layout
    claim_of: Callable[[ErrorSite], int]
    local_marks: bool = False
    kinds_of: Mapping[tuple[int, tuple[int, ...]], Kinds] = field(default_factory=dict)

    def write(self, target: Target, after_each: str = "") -> Written:
        """All instances of the target. ``after_each`` is called after each single one."""
        _, looped = split(target.command.params[len(target.args) :])
        functions: list[str] = []
        calls: list[str] = []
        for position, args in enumerate(parts(target)):
            name = f"c{_number(target.number)}_{_number(target.agent)}_{position}"
            function = _Function(self, target, args, looped)
            lines = function.write(name)
            if lines:
                functions += lines
                calls += list(_call(name, looped, after_each))
            elif after_each:
                calls += []
        return Written(functions, calls)


def split(params: Sequence[Param]) -> tuple[Sequence[Param], Sequence[Param]]:
    """Which parameters are written out, which are loops."""
    count, position = 1, 0
    for param in params:
        count *= size(param.domain)
        if count > UNROLLED_INSTANCES:
            break
        position += 1
    return params[:position], params[position:]


def _call(name: str, looped: Sequence[Param], after_each: str) -> Iterator[str]:
    arguments = "".join(f", p{n}" for n in range(len(looped)))
    for n, param in enumerate(looped):
        lo, hi = domain_bounds(param.domain)
        yield f"for (i64 p{n} = {literal(lo)}; p{n} <= {literal(hi)}; p{n}++)"
    call = f"{name}(s, &o{arguments});"
    if after_each:
        yield f"{{ struct pm_steps o; pm_begin(&o, out); {call} pm_end(&o, out); {after_each} }}"
    else:
        yield call


@dataclass(frozen=True, slots=True)
class _Function:
    """One C function: the instances that agree in the first arguments."""

    commands: CommandWriter
    target: Target
    args: tuple[int, ...]
    looped: Sequence[Param]

    def write(self, name: str) -> list[str]:
        """The definition; nothing when no instance is ever enabled."""
        command = self.target.command
        known = {
            param.name: Const(value, param.domain)
            for param, value in zip(command.params, self.args, strict=False)
        }
        code = Code()
        bound = {param.name: f"p{n}" for n, param in enumerate(self.looped)}
        writer = ExprWriter(
            self.commands.layout, code, self._fail, vector="t", primed="t", bound=bound
        )
        body = BodyWriter(writer, known)
        small = fold_body(substitute_body(command.body, known))
        body.open(command, small)
        try:
            body.assume(fold(substitute(command.guard, known)))
            body.block(small)
        except Left:
            if not code.failing:
                return []
        else:
            self._success(body)
        return [*self._heading(name), *code.lines, "}", ""]

    def _heading(self, name: str) -> Iterator[str]:
        params = "".join(f", i64 p{n}" for n in range(len(self.looped)))
        yield f"/* {escaped(self.target.command.name)} */"
        yield f"static void {name}(const u64 *restrict s, struct pm_steps *restrict o{params})"
        yield "{"
        yield f" const u32 key = {self._key()};"
        yield from (f" {line}" for line in (*self._kind(), "(void)kind;"))
        yield " u64 t[PM_WORDS];"
        yield " pm_copy(t, s);"

    def _key(self) -> str:
        """The number of the instance."""
        params = self.target.command.params
        zeros = [bounds(param.domain)[0] for param in self.looped]
        first = row_major([param.domain for param in params], [*self.args, *zeros])
        parts, stride = [f"{self.target.base + first}U"], 1
        for n, param in reversed(list(enumerate(self.looped))):
            low = literal(bounds(param.domain)[0])
            parts.append(f"(u32)(p{n} - {low}) * {stride}U")
            stride *= size(param.domain)
        return " + ".join(parts)

    def _kind(self) -> Iterator[str]:
        """Declares what kind of step it is in the state ``s``."""
        known = self.commands.kinds_of.get((self.target.number, self.args), ALWAYS)
        if len(set(known.kinds)) == 1:
            yield f"const unsigned kind = {known.kinds[0]};"
            return
        parts = ["0"]
        for cell in known.cells:
            at = self.commands.layout.cell(cell.slot)
            value = f"(s[{at.word}] >> {at.shift} & {unsigned((1 << at.bits) - 1)})"
            parts = [f"({' + '.join(parts)}) * {size(cell.type)}", value]
        yield f"static const unsigned char kinds[] = {{ {', '.join(map(str, known.kinds))} }};"
        yield f"const unsigned kind = kinds[{' + '.join(parts)}];"

    def _fail(self, site: ErrorSite) -> str:
        claim = self.commands.claim_of(site)
        return f"{{ pm_fail(o->out, {claim}, key, {self.target.agent_bit}); return; }}"

    def _success(self, body: BodyWriter) -> None:
        for word in body.mark_words:
            marks = "o->marks" if self.commands.local_marks else "o->out->marks"
            body.code.put(f"{marks}[{word}] |= m{word};")
        body.code.put(f"pm_reach(o, t, key, {self.target.agent_bit}, kind);")


def escaped(name: str) -> str:
    """A name of the specification, fit for a C comment."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "_.-[]") else "?" for c in name[:60])


def _number(of: int | None) -> str:
    return "n" if of is None or of < 0 else str(of)
