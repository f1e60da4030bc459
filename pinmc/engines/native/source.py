"""Puts a System's C translation unit together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field

from pinmc.base.records import dataclass
from pinmc.engines.intervals import Unsupported
from pinmc.engines.layout import Layout, layout_of
from pinmc.engines.moves import Numbering, instances_of, numbering
from pinmc.engines.native.commands import CommandWriter, Target, parts
from pinmc.engines.native.exprs import Code, ExprWriter, unsigned
from pinmc.engines.sleep.kinds import Kinds, Sleep, sleep_of, steps_of
from pinmc.ir.evaluate import slot
from pinmc.ir.execute import assignments, least_values
from pinmc.ir.expr import ErrorSite, Expr
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.system import Actor, System
from pinmc.ir.types import size
from pinmc.passes.folding import fold

_MOST_AGENTS = 64
_MOST_CLAIMS = 64
_MOST_STEP_CLAIMS = 64
_GROUP_BITS = 6
_MOST_LOCAL_MARKS = 2  # words of 64 marks
_STATE_KINDS = (PropertyKind.INVARIANT, PropertyKind.LEMMA, PropertyKind.REACHABLE)


_PRAGMAS = (
    "/* A specification may well compare what can never be equal. */",
    "#if defined(__GNUC__) && !defined(__TINYC__)",
    '#pragma GCC diagnostic ignored "-Wtautological-compare"',
    "#endif",
    "#ifdef __clang__",
    '#pragma clang diagnostic ignored "-Wself-assign"',
    '#pragma clang diagnostic ignored "-Wparentheses-equality"',
    "#endif",
    "",
)


@dataclass(frozen=True, slots=True)
class Model:
    """The C text of a System and what its numbers mean.

    ``states`` are the properties that the first state watches are for, in order (the others are
    the System's witnesses); ``steps`` those of the step watches; ``claims`` those that errors
    count under; ``stuck`` those about stuck agents.
    """

    text: str
    layout: Layout
    numbering: Numbering
    states: tuple[Property, ...]
    steps: tuple[Property, ...]
    claims: tuple[Property, ...]
    stuck: tuple[Property, ...]


def model_of(system: System, properties: Sequence[Property]) -> Model:
    """The C for exploring ``system`` and checking ``properties``. Raises Unsupported."""
    try:
        return _Assembly(system, tuple(properties)).model()
    except RecursionError:
        raise Unsupported("an expression is nested too deeply") from None


@dataclass(slots=True)
class _Assembly:
    system: System
    properties: tuple[Property, ...]
    layout: Layout = field(init=False)
    numbering: Numbering = field(init=False)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.layout = layout_of(self.system)
        self.numbering = numbering(self.system)

    def model(self) -> Model:
        self._refuse()
        states, steps, claims = self._watched()
        sleep, kinds = self._sleep()
        mark_words = max(1, -(-len(self.system.marks) // 64))
        local_marks = mark_words <= _MOST_LOCAL_MARKS
        self.lines = [
            f"#define PM_WORDS {self.layout.words}",
            f"#define PM_MARKS {mark_words if local_marks else 0}",
            '#include "pm_model.h"',
            *_PRAGMAS,
        ]
        numbers = {claim.name: number for number, claim in enumerate(claims)}
        commands = CommandWriter(
            self.layout, lambda site: numbers.get(site.claim, -1), local_marks, kinds
        )
        self._expand(commands)
        self._initial(commands)
        self._finished()
        groups = self._group()
        watches = [(prop.expr, int(prop.kind is not PropertyKind.REACHABLE)) for prop in states]
        watches += [(witness.expr, 2) for witness in self.system.witnesses]
        self._watches("pm_look", "const u64 *s", watches)
        self._watches("pm_look_step", "const u64 *s, const u64 *u", [(p.expr, 1) for p in steps])
        self._facts(len(watches), len(states), steps, claims, mark_words, groups, sleep)
        text = "\n".join(self.lines) + "\n"
        stuck = self._of(PropertyKind.STUCK)
        return Model(text, self.layout, self.numbering, states, steps, claims, stuck)

    def _refuse(self) -> None:
        if len(self.system.agents) > _MOST_AGENTS:
            raise Unsupported(f"more than {_MOST_AGENTS} actor instances")

    def _watched(self) -> tuple[tuple[Property, ...], ...]:
        states = self._of(*_STATE_KINDS)
        steps = self._of(PropertyKind.STEP_INVARIANT)
        claims = self._of(PropertyKind.ERRORS, PropertyKind.ASSERT)
        if len(claims) > _MOST_CLAIMS:
            raise Unsupported(f"more than {_MOST_CLAIMS} labels of assertions")
        if len(steps) > _MOST_STEP_CLAIMS:
            raise Unsupported(f"more than {_MOST_STEP_CLAIMS} step invariants")
        return states, steps, claims

    def _of(self, *kinds: PropertyKind) -> tuple[Property, ...]:
        return tuple(p for p in self.properties if p.kind in kinds)

    # --- successors ----------------------------------------------------------------------------

    def _expand(self, commands: CommandWriter) -> None:
        """Every actor instance switches on its program counter; rules are always tried."""
        places, anywhere = self._targets()
        body: list[str] = []
        for agent, by_place in enumerate(places):
            cases: list[str] = []
            for place, targets in sorted(by_place.items()):
                calls = self._calls(commands, targets)
                if calls:
                    cases += [f"  case {place}:", *(f"   {line}" for line in calls), "   break;"]
            if cases:
                body += [f" switch ({self._counter(agent)}) {{", *cases, "  default: break;", " }"]
        body += [f" {line}" for line in self._calls(commands, anywhere)]
        body = [" struct pm_steps o;", " pm_begin(&o, out);", *body, " pm_end(&o, out);"]
        self._define("void pm_expand(const u64 *restrict s, struct pm_out *restrict out)", body)

    def _calls(self, commands: CommandWriter, targets: Sequence[Target]) -> list[str]:
        calls: list[str] = []
        for target in targets:
            written = commands.write(target)
            self.lines += written.functions
            calls += written.calls
        return calls

    def _targets(self) -> tuple[list[dict[int, list[Target]]], list[Target]]:
        """The targets of each agent by place, and those that have none."""
        counters = [slot(self._actor(who.actor).counter, who.args) for who in self.system.agents]
        places: list[dict[int, list[Target]]] = [{} for _ in counters]
        anywhere: list[Target] = []
        for number, command in enumerate(self.system.commands):
            base = self.numbering.bases[number]
            if command.at is None:
                anywhere.append(Target(number, command, None, (), base))
                continue
            for args in assignments(command.at.var.dims):
                agent = counters.index(slot(command.at.var, args))
                target = Target(number, command, agent, args, base)
                places[agent].setdefault(command.at.place, []).append(target)
        return places, anywhere

    def _sleep(self) -> tuple[Sleep, dict[tuple[int, tuple[int, ...]], Kinds]]:
        """What steps can be left out; the kinds of each by its command's number and first
        arguments."""
        places, anywhere = self._targets()
        agents = [
            [target for there in by_place.values() for target in there] for by_place in places
        ]
        families = [[(t, args) for t in targets for args in parts(t)] for targets in agents]
        rules = [(target, args) for target in anywhere for args in parts(target)]
        sleep = sleep_of(
            steps_of(
                [(target.command, args) for target, args in rules],
                [[(target.command, args) for target, args in family] for family in families],
            )
        )
        written = [*rules, *(each for family in families for each in family)]
        names = [(target.number, args) for target, args in written]
        return sleep, dict(zip(names, sleep.steps, strict=True))

    def _actor(self, name: str) -> Actor:
        return next(actor for actor in self.system.actors if actor.name == name)

    def _counter(self, agent: int) -> str:
        who = self.system.agents[agent]
        counter = self._actor(who.actor).counter
        at = self.layout.field(counter).place(slot(counter, who.args) - counter.offset)
        return f"(s[{at.word}] >> {at.shift}) & {unsigned((1 << at.bits) - 1)}"

    def _initial(self, commands: CommandWriter) -> None:
        target = Target(-1, self.system.initial, None, (), 0)
        written = commands.write(target, "out->each(out);")
        self.lines += written.functions
        least = self.layout.pack(least_values(self.system.variables, self.system.slots))
        words = ", ".join(unsigned(word) for word in least)
        body = [
            f" static const u64 s[PM_WORDS] = {{ {words} }};",
            " (void)s;",
            *(f" {line}" for line in written.calls),
        ]
        self._define("void pm_initial(struct pm_out *restrict out)", body)

    def _finished(self) -> None:
        """The agents that are at a place where they may stay for ever."""
        body = [" u64 r = 0;"]
        for agent, who in enumerate(self.system.agents):
            ends = sum(1 << p.index for p in self._actor(who.actor).places[:64] if p.end)
            more = [p.index for p in self._actor(who.actor).places[64:] if p.end]
            place = self._counter(agent)
            tests = [f"(({place}) < 64 && ({unsigned(ends)} >> ({place}) & 1))"] if ends else []
            tests += [f"({place}) == {index}" for index in more]
            if tests:
                body.append(f" if ({' || '.join(tests)}) r |= {unsigned(1 << agent)};")
        self._define("u64 pm_finished(const u64 *restrict s)", [*body, " (void)s;", " return r;"])

    def _group(self) -> int:
        """States in one group have the first agents at the same places: what is done with one
        after the other takes the same branches. How many groups there are."""
        parts, used = [], 0
        for agent, who in enumerate(self.system.agents):
            bits = self.layout.field(self._actor(who.actor).counter).bits
            if used + bits > _GROUP_BITS:
                break
            parts.append(f"({self._counter(agent)}) << {used}")
            used += bits
        body = [f" return (unsigned)({' | '.join(parts) or '0'});"]
        self._define("unsigned pm_group(const u64 *restrict s)", body)
        return 1 << used

    # --- properties ----------------------------------------------------------------------------

    def _watches(self, name: str, vectors: str, watches: Sequence[tuple[Expr | None, int]]) -> None:
        """``name(block, …, want, &bad)``: which of 64 watches are decided.

        A watch is decided by 1 if it is a ``reachable``, by 0 if an invariant, and by a found
        error. For a witness (2) a found error says nothing.
        """
        passed = ", ".join(part.split("*")[1] for part in vectors.split(", "))
        for number, (expr, kind) in enumerate(watches):
            assert expr is not None
            self.lines += list(self._watch(f"{name}_{number}", vectors, expr, kind))
        blocks = [
            list(_asked(name, passed, block, watches[block * 64 : block * 64 + 64]))
            for block in range(-(-len(watches) // 64))
        ]
        unused = [f" (void){vector};" for vector in passed.split(", ")]
        body = [" u64 hit = 0;", *unused, " (void)want; (void)bad;", " switch (block) {"]
        for block, lines in enumerate(blocks):
            body += [f" case {block}:", *lines, "  break;"]
        body += [" default: break;", " }", " return hit;"]
        self._define(f"u64 {name}(unsigned block, {vectors}, u64 want, u64 *bad)", body)

    def _watch(self, name: str, vectors: str, expr: Expr, kind: int) -> Iterator[str]:
        code = Code()
        writer = ExprWriter(self.layout, code, _decided_by_error(kind))
        text = writer.text(fold(expr))
        yield f"static int {name}({vectors})"
        yield "{"
        yield from (f" (void){part.split('*')[1]};" for part in vectors.split(", "))
        yield from code.lines
        yield f" return {'!' if kind == 1 else '0 != '}{text};"
        yield "}"
        yield ""

    # --- the rest ------------------------------------------------------------------------------

    def _define(self, heading: str, body: Sequence[str]) -> None:
        self.lines += [heading, "{"]
        if "struct pm_out" in heading:
            self.lines.append(" (void)out;")
        if "*restrict s" in heading:
            self.lines.append(" (void)s;")
        self.lines += [*body, "}", ""]

    def _facts(
        self,
        watches: int,
        properties: int,
        steps: Sequence[Property],
        claims: Sequence[Property],
        mark_words: int,
        groups: int,
        sleep: Sleep,
    ) -> None:
        kinds = {prop.kind for prop in self.properties}
        numbers = {
            "state_watches": watches,
            "state_properties": properties,
            "step_watches": len(steps),
            "claims": len(claims),
            "deadlock": int(PropertyKind.DEADLOCK in kinds),
            "stuck": int(PropertyKind.STUCK in kinds),
            "agents": len(self.system.agents),
            "last_bits": self.layout.last_bits,
            "mark_words": mark_words,
            "fanout": max(1, self._fanout()),
            "groups": groups,
            "kinds": 1 if sleep.idle else len(sleep.independent),
            "families": 1 + max(sleep.families),
        }
        stuck = self._of(PropertyKind.STUCK)
        masks = [unsigned(self._agents_of(p.actor)) for p in stuck]
        fatal = [int(p.kind is not PropertyKind.REACHABLE) for p in self._of(*_STATE_KINDS)]
        words = [
            sum(bit << n for n, bit in enumerate(fatal[begin : begin + 64]))
            for begin in range(0, watches, 64)
        ]
        self.lines += [
            f"static const u64 stuck_masks[] = {{ {', '.join([*masks, '0ULL'])} }};",
            f"static const u64 fatal[] = {{ {', '.join(map(unsigned, [*words, 0]))} }};",
            "const struct pm_kind pm_kinds[PM_MOST_KINDS] = {",
            *(
                f" {{ {{ {unsigned(mask % 2**64)}, {unsigned(mask >> 64)} }}, {family} }},"
                for mask, family in zip(sleep.independent, sleep.families, strict=True)
            ),
            "};",
            "const struct pm_facts pm_facts = {",
            *(f" .{name} = {value}," for name, value in numbers.items()),
            f" .stuck_properties = {len(stuck)}, .stuck_masks = stuck_masks, .fatal = fatal,",
            "};",
        ]

    def _agents_of(self, actor: str | None) -> int:
        return sum(
            1 << who.number for who in self.system.agents if actor is None or who.actor == actor
        )

    def _fanout(self) -> int:
        """At most so many steps from one state."""
        places, anywhere = self._targets()
        most = sum(_count(target) for target in anywhere)
        for by_place in places:
            most += max((sum(map(_count, ts)) for ts in by_place.values()), default=0)
        if most > 2**22:
            raise Unsupported(f"up to {most} steps from one state")
        return most


def _count(target: Target) -> int:
    count = instances_of(target.command)
    for param in target.command.params[: len(target.args)]:
        count //= size(param.domain)
    return count


def _decided_by_error(kind: int) -> Callable[[ErrorSite], str]:
    return lambda site: "return 0;" if kind == 2 else "return 2;"


def _asked(
    name: str, passed: str, block: int, watches: Sequence[tuple[Expr | None, int]]
) -> Iterator[str]:
    for bit in range(len(watches)):
        one = unsigned(1 << bit)
        yield f"  if (want & {one}) {{"
        yield f"   const int found = {name}_{block * 64 + bit}({passed});"
        yield f"   if (found) hit |= {one};"
        yield f"   if (found == 2) *bad |= {one};"
        yield "  }"
