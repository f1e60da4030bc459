"""A pin and lease protocol as a System, made by hand: what specifications usually look like.

Users pin pages for device writes, a flusher writes them back, a truncation wants the leases back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pinmc.base.source import NOWHERE
from pinmc.ir.command import At, Command, Fairness, Param
from pinmc.ir.evaluate import cells
from pinmc.ir.execute import assignments
from pinmc.ir.expr import (
    TRUE,
    Binary,
    BinOp,
    Bound,
    Check,
    Const,
    ErrorSite,
    Expr,
    Quant,
    QuantKind,
    Read,
    Storage,
    Unary,
    UnOp,
    Var,
)
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.stmt import Assign, If, Mark, Stmt
from pinmc.ir.system import Actor, Agent, MarkInfo, MarkKind, PlaceInfo, System
from pinmc.ir.types import Bool, Enum, Int, Optional, Place, Range, Scalar, Scalarset

BIAS = 4
IO = Enum("Io", ("idle", "locked", "in_flight"))
IDLE, LOCKED, IN_FLIGHT = (Const(n, IO) for n in range(3))
ZERO, ONE = Const(0, Int()), Const(1, Int())


def ranged(lo: int, hi: int, what: str, operand: Expr) -> Expr:
    site = ErrorSite("range", f"{what} leaves {lo}..{hi}", NOWHERE)
    return Check(operand, lo, hi, site, Range(lo, hi))


def eq(left: Expr, right: Expr) -> Expr:
    return Binary(BinOp.EQ, left, right)


def both(left: Expr, right: Expr) -> Expr:
    return Binary(BinOp.AND, left, right)


def implies(left: Expr, right: Expr) -> Expr:
    return Binary(BinOp.IMPLIES, left, right)


def plus(left: Expr, right: int) -> Expr:
    return Binary(BinOp.ADD, left, Const(right, Int()))


class PinLease:
    """Builds the System for so many users and pages."""

    def __init__(self, users: int, pages: int) -> None:
        self.user = Scalarset("User", users)
        self.page = Scalarset("Page", pages)
        top = BIAS * (users + 1)
        self.refs_top, self.pins_top = top, users
        maybe_user, maybe_page = Optional(self.user), Optional(self.page)
        dims: tuple[Scalar, ...] = (self.page,)
        own: tuple[Scalar, ...] = (self.user,)
        local, place = Storage.LOCAL, Storage.PLACE
        made = [
            Var("io", IO, dims),
            Var("dirty", Bool(), dims),
            Var("refs", Range(0, top), dims),
            Var("lease", maybe_user, dims),
            Var("revoked", Bool(), dims),
            Var("pins", Range(0, users), dims, Storage.GHOST),
            Var("content", Range(0, 1), dims, Storage.GHOST),
            Var("csum", Range(0, 1), dims, Storage.GHOST),
            Var("rdma.page", maybe_page, own, local, actor="rdma"),
            Var("flusher.page", maybe_page, (), local, actor="flusher"),
            Var("truncate.page", maybe_page, (), local, actor="truncate"),
            Var("pc.rdma", Place("rdma", 6), own, place, actor="rdma"),
            Var("pc.flusher", Place("flusher", 4), (), place, actor="flusher"),
            Var("pc.truncate", Place("truncate", 4), (), place, actor="truncate"),
        ]
        offset = 0
        self.vars: dict[str, Var] = {}
        for var in made:
            self.vars[var.name] = replace(var, offset=offset)
            offset += cells(var)
        self.slots = offset
        self.marks: list[MarkInfo] = []
        self.commands: list[Command] = []

    def get(self, name: str, *index: Expr) -> Read:
        return Read(self.vars[name], index)

    def put(self, name: str, index: Sequence[Expr], value: Expr) -> Assign:
        return Assign(self.vars[name], tuple(index), value)

    def mark(self, name: str, *args: Expr) -> Mark:
        self.marks.append(MarkInfo(MarkKind.ACTION, name, name, ("p",), NOWHERE))
        return Mark(len(self.marks) - 1, args)

    def step(
        self, actor: str, place: int, to: int, name: str, guard: Expr, *body: Stmt, pick: str = ""
    ) -> None:
        """One command of an actor; ``pick`` names a page parameter."""
        counter = self.vars[f"pc.{actor}"]
        own = [Param("u", self.user)] if counter.dims else []
        extra = [Param(pick, self.page)] if pick else []
        index = [Bound("u", self.user)] if counter.dims else []
        jump = self.put(counter.name, index, Const(to, counter.type))
        label = f"{actor}.{place}.{name}"
        marks = (self.mark(name),)
        self.commands.append(
            Command(
                label,
                actor,
                (*own, *extra),
                At(counter, place),
                guard,
                (*marks, *body, jump),
                (),
                NOWHERE,
            )
        )

    def rule(self, name: str, guard: Expr, *body: Stmt) -> None:
        params = (Param("p", self.page),)
        whole = (self.mark(name, Bound("p", self.page)), *body)
        self.commands.append(Command(name, name, params, None, guard, whole, (), NOWHERE))

    def add_rdma(self) -> None:
        u, p = Bound("u", self.user), Bound("p", self.page)
        mine = self.get("rdma.page", u)
        refs, pins = self.get("refs", mine), self.get("pins", mine)
        none = Const(-1, Optional(self.page))
        free = eq(self.get("lease", p), Const(-1, Optional(self.user)))
        self.step("rdma", 0, 1, "choose", TRUE, self.put("rdma.page", [u], p), pick="p")
        self.step(
            "rdma", 1, 2, "take_lease", both(free, eq(p, mine)), self.put("lease", [p], u), pick="p"
        )
        self.step(
            "rdma",
            2,
            3,
            "pin",
            TRUE,
            self.put("refs", [mine], ranged(0, self.refs_top, "refs", plus(refs, BIAS))),
            self.put("pins", [mine], ranged(0, self.pins_top, "pins", plus(pins, 1))),
        )
        flip = Binary(BinOp.SUB, ONE, self.get("content", mine))
        write = (
            self.put("content", [mine], ranged(0, 1, "content", flip)),
            self.put("dirty", [mine], TRUE),
        )
        self.step("rdma", 3, 3, "device_write", TRUE, *write)
        self.step("rdma", 3, 4, "done", TRUE)
        self.step(
            "rdma",
            4,
            5,
            "unpin",
            TRUE,
            self.put("refs", [mine], ranged(0, self.refs_top, "refs", plus(refs, -BIAS))),
            self.put("pins", [mine], ranged(0, self.pins_top, "pins", plus(pins, -1))),
        )
        self.step(
            "rdma",
            5,
            0,
            "drop_lease",
            TRUE,
            self.put("lease", [mine], Const(-1, Optional(self.user))),
            self.put("revoked", [mine], Const(0, Bool())),
            self.put("rdma.page", [u], none),
        )

    def add_flusher(self) -> None:
        p, mine = Bound("p", self.page), self.get("flusher.page")
        none = Const(-1, Optional(self.page))
        ready = both(self.get("dirty", p), eq(self.get("io", p), IDLE))
        lock = (self.put("flusher.page", [], p), self.put("io", [p], LOCKED))
        self.step("flusher", 0, 1, "lock_page", ready, *lock, pick="p")
        pinned = Binary(BinOp.GE, self.get("refs", mine), Const(BIAS, Int()))
        skip = (self.put("io", [mine], IDLE), self.put("flusher.page", [], none))
        self.step("flusher", 1, 0, "skip_pinned", pinned, *skip)
        start = (
            self.put("csum", [mine], self.get("content", mine)),
            self.put("io", [mine], IN_FLIGHT),
            self.put("dirty", [mine], Const(0, Bool())),
        )
        self.step("flusher", 1, 2, "start_writeback", Unary(UnOp.NOT, pinned), *start)
        self.step("flusher", 2, 3, "end_writeback", TRUE, self.put("io", [mine], IDLE))
        self.step("flusher", 3, 0, "unlock", TRUE, self.put("flusher.page", [], none))

    def add_truncate(self) -> None:
        p, mine = Bound("p", self.page), self.get("truncate.page")
        nobody = Const(-1, Optional(self.user))
        leased = Binary(BinOp.NE, self.get("lease", mine), nobody)
        none = Const(-1, Optional(self.page))
        revoke = If(leased, (self.put("revoked", [mine], TRUE),))
        self.step("truncate", 0, 1, "begin", TRUE, self.put("truncate.page", [], p), pick="p")
        self.step("truncate", 1, 2, "break_lease", TRUE, revoke)
        self.step("truncate", 2, 3, "await", Unary(UnOp.NOT, leased))
        gone = (
            self.put("content", [mine], Const(0, Range(0, 1))),
            self.put("truncate.page", [], none),
        )
        idle = eq(self.get("io", mine), IDLE)
        self.step("truncate", 3, 0, "drop_page", idle, *gone)

    def add_rules(self) -> None:
        p = Bound("p", self.page)
        refs = self.get("refs", p)
        get_page = Binary(BinOp.LT, refs, Const(2, Int()))
        self.rule(
            "get_page",
            get_page,
            self.put("refs", [p], ranged(0, self.refs_top, "refs", plus(refs, 1))),
        )
        held = Binary(BinOp.MOD, refs, Const(BIAS, Int()))
        self.rule(
            "put_page",
            Binary(BinOp.GT, held, ZERO),
            self.put("refs", [p], ranged(0, self.refs_top, "refs", plus(refs, -1))),
        )

    def properties(self) -> tuple[Property, ...]:
        p, u = Bound("p", self.page), Bound("u", self.user)
        stable = implies(
            eq(self.get("io", p), IN_FLIGHT), eq(self.get("content", p), self.get("csum", p))
        )
        pinned = implies(
            Binary(BinOp.GE, self.get("pins", p), ONE),
            Binary(BinOp.GE, self.get("refs", p), Const(BIAS, Int())),
        )
        at_pin = Binary(BinOp.GE, self.get("pc.rdma", u), Const(2, Place("rdma", 6)))
        mine = self.get("rdma.page", u)
        leased = implies(at_pin, eq(self.get("lease", mine), u))
        before, after = self.get("dirty", p), Read(self.vars["dirty"], (p,), True)
        clean = both(after, Unary(UnOp.NOT, before))
        no_dirt = implies(clean, Binary(BinOp.GE, self.get("pins", p), ONE))
        kind = PropertyKind
        every = QuantKind.FORALL
        forall_p = [Quant(every, "p", self.page, e) for e in (stable, pinned, no_dirt)]
        return (
            Property("checksum_stability", kind.INVARIANT, NOWHERE, forall_p[0]),
            Property("no_false_negative", kind.INVARIANT, NOWHERE, forall_p[1]),
            Property("leased", kind.INVARIANT, NOWHERE, Quant(every, "u", self.user, leased)),
            Property("no_dirtying", kind.STEP_INVARIANT, NOWHERE, forall_p[2]),
            Property("deadlock", kind.DEADLOCK, NOWHERE),
            Property("stuck", kind.STUCK, NOWHERE),
            Property("errors", kind.ERRORS, NOWHERE),
        )

    def initial(self) -> Command:
        return Command("initial", "initial", (), None, TRUE, (), (), NOWHERE)

    def system(self) -> System:
        self.add_rdma()
        self.add_flusher()
        self.add_truncate()
        self.add_rules()
        actors, agents = self.actors()
        return System(
            name="pin_lease",
            path="pin_lease.pin",
            constants=(),
            variables=tuple(self.vars.values()),
            slots=self.slots,
            views=(),
            actors=actors,
            agents=agents,
            initial=self.initial(),
            commands=tuple(self.commands),
            properties=self.properties(),
            witnesses=(),
            marks=tuple(self.marks),
            expectations=(),
        )

    def actors(self) -> tuple[tuple[Actor, ...], tuple[Agent, ...]]:
        actors: list[Actor] = []
        agents: list[Agent] = []
        for name in ("rdma", "flusher", "truncate"):
            counter = self.vars[f"pc.{name}"]
            assert isinstance(counter.type, Place)
            places = tuple(
                PlaceInfo(n, f"{name}{n}", NOWHERE, end=n == 0 and name != "rdma")
                for n in range(counter.type.count)
            )
            params = tuple(("u", dim) for dim in counter.dims)
            first = len(agents)
            agents += [
                Agent(first + n, name, args) for n, args in enumerate(assignments(counter.dims))
            ]
            actors.append(
                Actor(name, name, params, counter, places, first, Fairness.NONE, False, NOWHERE)
            )
        return tuple(actors), tuple(agents)


def pin_lease(users: int = 2, pages: int = 2) -> System:
    """The protocol with so many users and pages."""
    return PinLease(users, pages).system()
