"""Each construct of the language, from text to tree."""

from __future__ import annotations

import dataclasses

import pytest

from pinmc.base.source import SourceFile
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.parse import parse


def decl(text: str) -> ast.Decl:
    module, found = parse(SourceFile("test.pin", text))
    assert not found, found[0].message
    (only,) = module.decls
    return only


def expr(text: str) -> ast.Expr:
    claim = decl(f"invariant i: {text}")
    assert isinstance(claim, ast.ClaimDecl)
    return claim.body


def type_(text: str) -> ast.TypeExpr:
    var = decl(f"var v: {text}")
    assert isinstance(var, ast.VarDecl)
    return var.type


def stmts(text: str) -> tuple[ast.Stmt, ...]:
    init = decl(f"init {{ {text} }}")
    assert isinstance(init, ast.InitDecl)
    return init.body.stmts


def stmt(text: str) -> ast.Stmt:
    (only,) = stmts(text)
    return only


def ident(name: str) -> ast.Ident:
    return ast.Ident(name)


def name(text: str) -> ast.NameExpr:
    return ast.NameExpr(text)


def named(text: str) -> ast.NamedType:
    return ast.NamedType(ident(text))


SKIP = ast.Block((ast.SkipStmt(),))
A, B, C, D = map(name, "abcd")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("12", ast.IntLit(12)),
        ("1_000", ast.IntLit(1000)),
        ("0xfF", ast.IntLit(255)),
        ("18_446_744_073_709_551_616", ast.IntLit(2**64)),
        ("true", ast.BoolLit(True)),
        ("none", ast.NoneLit()),
        ("nondet", ast.NondetExpr()),
        ("a", A),
        ("a'", ast.NameExpr("a", True)),
        ("a'[b]", ast.IndexExpr(ast.NameExpr("a", True), (B,))),
        ("a[b].c'", ast.FieldExpr(ast.IndexExpr(A, (B,)), ident("c"), True)),
        ("a[b, c]", ast.IndexExpr(A, (B, C))),
        ("a.b", ast.FieldExpr(A, ident("b"))),
        ("a.b(c)", ast.CallExpr(ident("a.b"), (ast.Argument(None, C),))),
        ("a(b = c)", ast.CallExpr(ident("a"), (ast.Argument(ident("b"), C),))),
        ("int(a)", ast.CallExpr(ident("int"), (ast.Argument(None, A),))),
        ("{}", ast.SetLit(())),
        ("{a, b}", ast.SetLit((A, B))),
        ("if a then b else c", ast.CondExpr(A, B, C)),
        ("a at b", ast.AtExpr(A, ident("b"))),
        ("a[b] at end", ast.AtExpr(ast.IndexExpr(A, (B,)), ident("end"))),
        ("a not in b", ast.UnaryExpr("not", ast.BinaryExpr("in", A, B))),
        (
            "forall p: P, q: 0..3 where a { b }",
            ast.QuantExpr(
                "forall",
                (
                    ast.Binder(ident("p"), named("P")),
                    ast.Binder(ident("q"), ast.RangeType(ast.IntLit(0), ast.IntLit(3))),
                ),
                A,
                B,
            ),
        ),
        ("sum p: P { a }", ast.QuantExpr("sum", (ast.Binder(ident("p"), named("P")),), None, A)),
    ],
)
def test_expressions(text: str, tree: ast.Expr) -> None:
    assert expr(text) == tree


def binary(op: str, left: ast.Expr, right: ast.Expr) -> ast.Expr:
    return ast.BinaryExpr(op, left, right)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("a iff b iff c", "(a iff b) iff c"),
        ("a iff b implies c", "a iff (b implies c)"),
        ("a implies b implies c", "a implies (b implies c)"),
        ("a leads_to b until c", "a leads_to (b until c)"),
        ("a implies b or c", "a implies (b or c)"),
        ("a or b and c", "a or (b and c)"),
        ("not a and b", "(not a) and b"),
        ("always eventually a or b", "(always (eventually a)) or b"),
        ("not a == b", "not (a == b)"),
        ("a == b | c", "a == (b | c)"),
        ("a | b ^ c & d", "a | (b ^ (c & d))"),
        ("a & b << c", "a & (b << c)"),
        ("a << b + c", "a << (b + c)"),
        ("a - b - c", "(a - b) - c"),
        ("a + b * c", "a + (b * c)"),
        ("-a * b", "(-a) * b"),
        ("-~a.b[c]", "-(~(a.b[c]))"),
        ("if a then b else c or d", "if a then b else (c or d)"),
    ],
)
def test_binding(short: str, full: str) -> None:
    assert expr(short) == expr(full)


def test_binding_is_not_trivial() -> None:
    assert expr("a or b and c") == binary("or", A, binary("and", B, C))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("bool", named("bool")),
        ("int", named("int")),
        ("u32", named("u32")),
        ("mm.Page", named("mm.Page")),
        ("uint[W]", ast.WordType(False, name("W"))),
        ("sint[8]", ast.WordType(True, ast.IntLit(8))),
        ("0..N-1", ast.RangeType(ast.IntLit(0), binary("-", name("N"), ast.IntLit(1)))),
        ("Page?", ast.OptionalType(named("Page"))),
        ("bool?", ast.OptionalType(named("bool"))),
        ("0..a?", ast.OptionalType(ast.RangeType(ast.IntLit(0), A))),
        ("set Page?", ast.SetType(ast.OptionalType(named("Page")))),
        ("queue[3] Msg", ast.QueueType(ast.IntLit(3), named("Msg"))),
        (
            "array[Page, 0..a] bool",
            ast.ArrayType((named("Page"), ast.RangeType(ast.IntLit(0), A)), named("bool")),
        ),
    ],
)
def test_types(text: str, tree: ast.TypeExpr) -> None:
    assert type_(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a = b", ast.AssignStmt(A, "=", B)),
        ("a[b].c ^= d", ast.AssignStmt(ast.FieldExpr(ast.IndexExpr(A, (B,)), ident("c")), "^=", D)),
        ("m.f(a)", ast.CallStmt(ast.CallExpr(ident("m.f"), (ast.Argument(None, A),)))),
        ("var x: bool", ast.VarStmt(ident("x"), named("bool"), None)),
        ("var x: T = f()", ast.VarStmt(ident("x"), named("T"), ast.CallExpr(ident("f"), ()))),
        ("choose x: T", ast.ChooseStmt((ast.Binder(ident("x"), named("T")),), None, None, None)),
        (
            "choose x: T where a { skip } else { skip }",
            ast.ChooseStmt((ast.Binder(ident("x"), named("T")),), A, SKIP, SKIP),
        ),
        ("if a { skip }", ast.IfStmt(A, SKIP, None)),
        (
            "if a { skip } else if b { skip } else { skip }",
            ast.IfStmt(A, SKIP, ast.Block((ast.IfStmt(B, SKIP, SKIP),))),
        ),
        ("while nondet { skip }", ast.WhileStmt(ast.NondetExpr(), SKIP)),
        ("loop { skip }", ast.LoopStmt(SKIP)),
        ("for x: T where a { skip }", ast.ForStmt(ast.Binder(ident("x"), named("T")), A, SKIP)),
        ("either { skip } or { }", ast.EitherStmt((SKIP, ast.Block(())))),
        ("atomic { skip }", ast.AtomicStmt(SKIP)),
        ("await a", ast.AwaitStmt(A)),
        ("break", ast.BreakStmt()),
        ("continue", ast.ContinueStmt()),
        ("return", ast.ReturnStmt(None)),
        ("return a", ast.ReturnStmt(A)),
        ("assert a", ast.AssertStmt(None, A)),
        ("assert l: a", ast.AssertStmt(ident("l"), A)),
        ("start m.child[a, b]", ast.StartStmt(ident("m.child"), (A, B))),
        ("l: skip", ast.MarkedStmt(ident("l"), False, ast.Fair.NONE, ast.SkipStmt())),
        (
            "end l: strong fair either { }",
            ast.MarkedStmt(ident("l"), True, ast.Fair.STRONG, ast.EitherStmt((ast.Block(()),))),
        ),
        ("l: return", ast.MarkedStmt(ident("l"), False, ast.Fair.NONE, ast.ReturnStmt(None))),
    ],
)
def test_statements(text: str, tree: ast.Stmt) -> None:
    assert stmt(text) == tree


def test_statements_need_no_separator() -> None:
    assert stmts("a = b c(d) skip end await a b = {c} if {a} == b { }") == (
        ast.AssignStmt(A, "=", B),
        ast.CallStmt(ast.CallExpr(ident("c"), (ast.Argument(None, D),))),
        ast.SkipStmt(),
        ast.MarkedStmt(None, True, ast.Fair.NONE, ast.AwaitStmt(A)),
        ast.AssignStmt(B, "=", ast.SetLit((C,))),
        ast.IfStmt(binary("==", ast.SetLit((A,)), B), ast.Block(()), None),
    )


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("use mm.page", ast.UseDecl(ident("mm.page"), (), None, None)),
        (
            "use m(N = 2, Page, 0..3, T = bool?) as k when a",
            ast.UseDecl(
                ident("m"),
                (
                    ast.ModuleArgument(ident("N"), ast.IntLit(2), None),
                    ast.ModuleArgument(None, name("Page"), None),
                    ast.ModuleArgument(None, None, ast.RangeType(ast.IntLit(0), ast.IntLit(3))),
                    ast.ModuleArgument(ident("T"), None, ast.OptionalType(named("bool"))),
                ),
                ident("k"),
                A,
            ),
        ),
        ("const N = 2", ast.ConstDecl(ident("N"), None, None, ast.IntLit(2))),
        ("free const N : int where a = b", ast.ConstDecl(ident("N"), named("int"), A, B, True)),
        ("choice K { a, b } = b", ast.ChoiceDecl(ident("K"), (ident("a"), ident("b")), ident("b"))),
        ("type T", ast.TypeDecl(ident("T"), None)),
        ("type T = bool", ast.TypeDecl(ident("T"), named("bool"))),
        ("scalarset P[a] with H, T", ast.ScalarsetDecl(ident("P"), A, (ident("H"), ident("T")))),
        ("enum E { a, b, }", ast.EnumDecl(ident("E"), (ident("a"), ident("b")))),
        (
            "record R { a: bool b: T?, }",
            ast.RecordDecl(
                ident("R"),
                (
                    ast.FieldDecl(ident("a"), named("bool")),
                    ast.FieldDecl(ident("b"), ast.OptionalType(named("T"))),
                ),
            ),
        ),
        (
            "ghost var v[p: P, Q]: T = a",
            ast.VarDecl(
                ident("v"),
                (ast.IndexDecl(ident("p"), named("P")), ast.IndexDecl(None, named("Q"))),
                named("T"),
                True,
                A,
            ),
        ),
        ("var v: T = any where a", ast.VarDecl(ident("v"), (), named("T"), False, None, True, A)),
        ("cost copies", ast.CostDecl(ident("copies"))),
        ("mutex l", ast.LockDecl(ident("l"), "mutex", (), False, False)),
        ("mutex l crossrelease", ast.LockDecl(ident("l"), "mutex", (), False, True)),
        (
            "rwlock unfair l[P] crossrelease",
            ast.LockDecl(ident("l"), "rwlock", (named("P"),), True, True),
        ),
        ("rwlock unfair[P]", ast.LockDecl(ident("unfair"), "rwlock", (named("P"),), False, False)),
        (
            "def d(p: P): T = a",
            ast.DefDecl(ident("d"), (ast.Binder(ident("p"), named("P")),), named("T"), A),
        ),
        (
            'strong fair action f(): T as "f()" when a { skip }',
            ast.ActionDecl(ident("f"), (), named("T"), "f()", A, SKIP, ast.Fair.STRONG),
        ),
        ('proc f(): T as "f()" { skip }', ast.ProcDecl(ident("f"), (), named("T"), "f()", SKIP)),
        (
            'fair dormant actor f[u: U] as "f" { skip }',
            ast.ActorDecl(
                ident("f"), (ast.Binder(ident("u"), named("U")),), "f", True, ast.Fair.WEAK, SKIP
            ),
        ),
        ("rule r when a { skip }", ast.RuleDecl(ident("r"), (), None, A, ast.Fair.NONE, SKIP)),
        ("init { skip }", ast.InitDecl(SKIP)),
        ("invariant i: a", ast.ClaimDecl("invariant", ident("i"), A)),
        ("step invariant i: a", ast.ClaimDecl("step invariant", ident("i"), A)),
        ("property i: always a", ast.ClaimDecl("property", ident("i"), ast.UnaryExpr("always", A))),
        (
            "expect stuck(f) violated in N+1 by g when a",
            ast.ExpectDecl(
                ident("stuck"),
                ident("f"),
                ident("violated"),
                binary("+", name("N"), ast.IntLit(1)),
                ident("g"),
                A,
            ),
        ),
        (
            "expect m.safe holds",
            ast.ExpectDecl(ident("m.safe"), None, ident("holds"), None, None, None),
        ),
    ],
)
def test_declarations(text: str, tree: ast.Decl) -> None:
    assert decl(text) == tree


def test_words_with_a_meaning_in_one_place_are_names_elsewhere() -> None:
    for word in ("unfair", "crossrelease", "by", "holds", "violated", "deadlock", "stuck"):
        assert expr(word) == name(word)


def test_spans_cover_what_was_written() -> None:
    claim = decl("  // before\n invariant i: (a + b) * c.d // after")
    assert isinstance(claim, ast.ClaimDecl)
    body = claim.body
    assert isinstance(body, ast.BinaryExpr)
    assert claim.span.text == "invariant i: (a + b) * c.d"
    assert (claim.span.line, claim.span.column) == (2, 2)
    assert [body.span.text, body.left.span.text, body.right.span.text] == [
        "(a + b) * c.d",
        "(a + b)",
        "c.d",
    ]


def test_every_node_has_a_span() -> None:
    text = 'action f(p: 0..3): T as "f" when a { l: x[p] = {1, -2} choose q: T? { m.g(b = 1) } }'
    source = SourceFile("test.pin", text)
    module, _ = parse(source)
    pending: list[object] = [module]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending += node
        elif dataclasses.is_dataclass(node) and node.__class__.__module__ == ast.__name__:
            span = getattr(node, "span")  # noqa: B009 - dataclasses of every kind
            assert span.file is source, node
            pending += [getattr(node, f.name) for f in dataclasses.fields(node)]
