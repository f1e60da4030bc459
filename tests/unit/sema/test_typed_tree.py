"""The typed tree keeps what it promises to lowering: conversions, names, shapes."""

from __future__ import annotations

from pinmc.frontend.sema import typed
from pinmc.frontend.sema.types import ArrayT, OptionalT
from pinmc.frontend.sema.walk import statements
from pinmc.ir.types import Enum, Int, Range, Word
from tests.unit.sema.reading import assigned, codes, tree

KIND = typed.Conversion


def kinds(expr: typed.Expr) -> list[KIND]:
    found = []
    while isinstance(expr, typed.Convert):
        found.append(expr.kind)
        expr = expr.operand
    return found


def value(declarations: str, statement: str) -> typed.Expr:
    return assigned(f"{declarations}\naction f {{ {statement} }}\nactor a {{ f() }}")[0]


def test_optional_values() -> None:
    spec = "scalarset User[2]\nvar o: User?\nvar u: User\nvar b: bool\nvar r: 0..3?\nvar n: int"
    assert kinds(value(spec, "o = u")) == [KIND.SOME]
    assert kinds(value(spec, "u = o")) == [KIND.UNWRAP]
    assert kinds(value(spec, "o = o")) == []
    assert kinds(value(spec, "r = n")) == [KIND.SOME, KIND.CHECK]
    assert kinds(value(spec, "r = 2")) == [KIND.SOME]
    assert isinstance(value(spec, "o = none"), typed.NoneConst)
    compared = value(spec, "b = o == u")
    assert isinstance(compared, typed.Binary) and compared.left.type == compared.right.type
    bare = value(spec, "n = r + 1")
    assert isinstance(bare, typed.Binary) and kinds(bare.left) == [KIND.UNWRAP]


def test_numbers() -> None:
    spec = "type R = 0..3\nvar r: R\nvar wide: 0..9\nvar n: int\nvar w: u8\nvar v: u32"
    assert kinds(value(spec, "r = n")) == []
    assert kinds(value(spec, "r = R(n)")) == [KIND.CHECK]
    assert kinds(value(spec, "n = int(w)")) == [KIND.INT]
    assert kinds(value(spec, "r = R(w)")) == [KIND.CHECK, KIND.INT]
    assert kinds(value(spec, "w = u8(v)")) == [KIND.WRAP]
    summed = value(spec, "n = r + wide * 2")
    assert summed.type == Int() and isinstance(summed, typed.Binary)
    assert summed.left.type == Range(0, 3)
    adopted = value(spec, "w = w + (1 + 2)")
    assert isinstance(adopted, typed.Binary) and adopted.type == Word(8, False)
    assert isinstance(adopted.right, typed.Const) and adopted.right.value == 3


def test_compound_assignments_have_the_target_on_the_left() -> None:
    spec = tree("var s: set 0..3\naction f { s |= {1} }\nactor a { f() }")
    (stmt,) = statements(spec.actions[0].body)
    assert isinstance(stmt, typed.Assign) and isinstance(stmt.value, typed.Binary)
    assert stmt.value.op == "|" and stmt.value.left is stmt.target


def test_names_of_values() -> None:
    spec = """
    enum Io { idle, busy }
    enum Cpu { idle, off }
    choice MODE { busy, calm } = calm
    var io: Io
    var idle: bool
    var b: bool
    """
    local = value(spec, "var off: bool = true  b = off")
    assert isinstance(local, typed.LocalRef)
    member = value(spec, "io = idle")
    assert isinstance(member, typed.Const) and isinstance(member.type, Enum)
    assert member.type.name == "Io"
    assert isinstance(value(spec, "b = idle"), typed.VarRef)
    turned = value(spec, "b = idle == io")
    assert isinstance(turned, typed.Binary) and isinstance(turned.left, typed.Const)
    folded = value(spec, "b = MODE == busy")
    assert isinstance(folded, typed.Binary) and isinstance(folded.left, typed.Const)


def test_membership_in_a_list_works_for_every_type() -> None:
    spec = "scalarset U[2]\nvar o: U?\nvar w: u32\nvar b: bool\nvar u: U"
    for test in ("w in {1, 2}", "o in {none, u}", "not (u in {u})", "u not in {}", "b in {true}"):
        assert not codes(f"{spec}\ninvariant a: {test}") & {"PIN201", "PIN214"}, test


def test_arrays_are_merged_and_indexed_together() -> None:
    spec = tree("var m[0..1]: array[0..2] bool = true\ninvariant a: m[0][1] and m[0, 1]")
    variable = spec.variables[0]
    assert variable.dims == (Range(0, 1), Range(0, 2)) and len(variable.binders) == 2
    body = spec.claims[0].body
    assert isinstance(body, typed.Binary) and isinstance(body.left, typed.Index)
    assert isinstance(body.left.base.type, ArrayT) and len(body.left.indices) == 2


def test_records() -> None:
    spec = """
    enum Kind { give, take }
    record Msg { kind: Kind, body: 0..3 }
    var m: Msg?
    """
    made = value(spec, "m = Msg(body = 1)")
    assert isinstance(made, typed.Convert) and isinstance(made.operand, typed.RecordLit)
    assert made.type == OptionalT(made.operand.type)
    assert [v is None for v in made.operand.values] == [True, False]
    assert not codes(spec + "actor a { m.body = 2  await m.kind == take }") - {"PIN501", "PIN502"}


def test_shown_names() -> None:
    spec = tree('action f as "pin_user_pages()" { }\naction g { }\nactor a { f() g() }')
    assert [a.shown for a in spec.actions] == ["pin_user_pages", "g"]


def test_temporal_formulas_are_unfolded() -> None:
    spec = tree("var x[0..2]: bool\nproperty p: forall i: 0..2 { x[i] leads_to not x[i] }")
    body = spec.claims[0].body
    assert isinstance(body, typed.Temporal) and body.op == "and" and len(body.operands) == 3
    inner = body.operands[1]
    assert isinstance(inner, typed.Temporal) and inner.op == "leads_to"


def test_calls_with_values() -> None:
    spec = """
    var x: 0..3
    mutex m
    var q: queue[2] 0..3
    action f: 0..3 { return 1 }
    proc p: bool { var r: 0..3 = f()  return trylock(m) }
    actor a {
      x = f()
      if f() == 1 and x == 2 { skip }
      while not p() { x = pop(q) }
      if f() in {1, 2} { skip }
    }
    """
    assert "PIN312" not in codes(spec)


def test_expectations() -> None:
    spec = tree("""
    var x: 0..3
    action f { x = 1 }
    actor a { f()  assert small: x < 2 }
    invariant safe: x < 3
    expect safe violated in 2 * 2 by f
    expect small holds
    expect stuck(a) holds
    """)
    assert [(e.property, e.steps, e.by) for e in spec.expectations] == [
        ("safe", 4, "f"),
        ("small", None, None),
        ("stuck(a)", None, None),
    ]
    assert [a.name for a in spec.stuck_actors] == ["a"]
