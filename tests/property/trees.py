"""Random syntax trees: every shape that can be written, well typed or not."""

from __future__ import annotations

from typing import TypeVar

from hypothesis import strategies as st

from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.pretty_exprs import LEVELS

_T = TypeVar("_T")

_NAMES = st.sampled_from(("a", "b", "p", "Page", "_x", "io_2", "by", "holds", "recall"))
_SHOWN = st.none() | st.sampled_from(("", "pin_user_pages()", "// no comment", "é -> ü"))
_DOCS = st.sampled_from(("", "one line", "two\n lines", "two\n\nparagraphs"))
_FLAGS = st.booleans()
_FAIR = st.sampled_from(ast.Fair)

_idents = st.builds(ast.Ident, _NAMES)
_dotted = st.builds(ast.Ident, st.sampled_from(("a", "mm.page", "a.b.c")))


def _some(each: st.SearchStrategy[_T], least: int = 0) -> st.SearchStrategy[tuple[_T, ...]]:
    return st.lists(each, min_size=least, max_size=3).map(tuple)


def _maybe(each: st.SearchStrategy[_T]) -> st.SearchStrategy[_T | None]:
    return st.none() | each


# --- expressions ---

_names = st.builds(ast.NameExpr, _NAMES, _FLAGS)
_leaves: st.SearchStrategy[ast.Expr] = st.one_of(
    _names,
    st.builds(ast.IntLit, st.integers(0, 2**64)),
    st.builds(ast.BoolLit, _FLAGS),
    st.builds(ast.NoneLit),
    st.builds(ast.NondetExpr),
)


def _basic_types(exprs: st.SearchStrategy[ast.Expr]) -> st.SearchStrategy[ast.TypeExpr]:
    """Types that a ``?`` can follow."""
    named = st.sampled_from(("bool", "int", "u32", "Page", "mm.Page"))
    return st.one_of(
        st.builds(ast.NamedType, st.builds(ast.Ident, named)),
        st.builds(ast.RangeType, exprs, exprs),
        st.builds(ast.WordType, _FLAGS, exprs),
    )


def _types(exprs: st.SearchStrategy[ast.Expr]) -> st.SearchStrategy[ast.TypeExpr]:
    basic = _basic_types(exprs)
    return st.recursive(
        basic | st.builds(ast.OptionalType, basic),
        lambda inner: st.one_of(
            st.builds(ast.SetType, inner),
            st.builds(ast.QueueType, exprs, inner),
            st.builds(ast.ArrayType, _some(inner, 1), inner),
        ),
        max_leaves=3,
    )


_small_types = _types(_leaves)
_binders = st.builds(ast.Binder, _idents, _small_types)


def _larger(inner: st.SearchStrategy[ast.Expr]) -> st.SearchStrategy[ast.Expr]:
    """Expressions made of others."""
    return st.one_of(
        st.builds(ast.IndexExpr, inner, _some(inner, 1)),
        st.builds(ast.FieldExpr, inner, _idents, _FLAGS),
        st.builds(
            ast.CallExpr,
            st.builds(ast.Ident, st.sampled_from(("f", "mm.f", "int"))),
            _some(st.builds(ast.Argument, _maybe(_idents), inner)),
        ),
        st.builds(ast.UnaryExpr, st.sampled_from(("not", "-", "~", "always", "eventually")), inner),
        st.builds(ast.BinaryExpr, st.sampled_from(sorted(LEVELS)), inner, inner),
        st.builds(ast.CondExpr, inner, inner, inner),
        st.builds(
            ast.QuantExpr,
            st.sampled_from(("forall", "exists", "count", "sum")),
            _some(_binders, 1),
            _maybe(inner),
            inner,
        ),
        st.builds(ast.SetLit, _some(inner)),
        st.builds(ast.AtExpr, inner, st.builds(ast.Ident, st.sampled_from(("a", "end")))),
    )


exprs: st.SearchStrategy[ast.Expr] = st.recursive(_leaves, _larger, max_leaves=12)
types: st.SearchStrategy[ast.TypeExpr] = _types(st.recursive(_leaves, _larger, max_leaves=3))

# --- statements ---

_places: st.SearchStrategy[ast.Expr] = st.recursive(
    _names,
    lambda inner: st.one_of(
        st.builds(ast.IndexExpr, inner, _some(_leaves, 1)),
        st.builds(ast.FieldExpr, inner, _idents, _FLAGS),
    ),
    max_leaves=3,
)
_calls = st.builds(ast.CallExpr, _dotted, _some(st.builds(ast.Argument, _maybe(_idents), exprs)))
_simple: st.SearchStrategy[ast.Stmt] = st.one_of(
    st.builds(
        ast.AssignStmt, _places, st.sampled_from(("=", "+=", "-=", "*=", "|=", "&=", "^=")), exprs
    ),
    st.builds(ast.CallStmt, _calls),
    st.builds(ast.VarStmt, _idents, types, _maybe(exprs)),
    st.builds(ast.ChooseStmt, _some(_binders, 1), _maybe(exprs), st.none(), st.none()),
    st.builds(ast.AwaitStmt, exprs),
    st.builds(ast.SkipStmt),
    st.builds(ast.BreakStmt),
    st.builds(ast.ContinueStmt),
    st.builds(ast.ReturnStmt, exprs),
    st.builds(ast.AssertStmt, _maybe(_idents), exprs),
    st.builds(ast.StartStmt, _dotted, _some(exprs)),
)


@st.composite
def _blocks(draw: st.DrawFn, stmts: st.SearchStrategy[ast.Stmt]) -> ast.Block:
    """Statements, at the end perhaps a ``return`` without a value, which can stand there only."""
    body = draw(_some(stmts))
    if draw(st.integers(0, 4)) == 0:
        body = (*body, ast.ReturnStmt(None))
    return ast.Block(body)


@st.composite
def _marked(draw: st.DrawFn, stmts: st.SearchStrategy[ast.Stmt]) -> ast.Stmt:
    stmt = draw(stmts)
    label, end, fair = draw(_maybe(_idents)), draw(_FLAGS), draw(_FAIR)
    plain = label is None and not end and fair is ast.Fair.NONE
    if plain or isinstance(stmt, ast.MarkedStmt):
        return stmt
    return ast.MarkedStmt(label, end, fair, stmt)


def _compound(inner: st.SearchStrategy[ast.Stmt]) -> st.SearchStrategy[ast.Stmt]:
    block = _blocks(inner)
    chained = st.builds(ast.IfStmt, exprs, block, _maybe(block)).map(
        lambda stmt: ast.Block((stmt,))
    )
    return _marked(
        st.one_of(
            st.builds(ast.ChooseStmt, _some(_binders, 1), _maybe(exprs), block, _maybe(block)),
            st.builds(ast.IfStmt, exprs, block, _maybe(block | chained)),
            st.builds(ast.WhileStmt, exprs, block),
            st.builds(ast.LoopStmt, block),
            st.builds(ast.ForStmt, _binders, _maybe(exprs), block),
            st.builds(ast.EitherStmt, _some(block, 1)),
            st.builds(ast.AtomicStmt, block),
            inner,
        )
    )


stmts: st.SearchStrategy[ast.Stmt] = st.recursive(_simple, _compound, max_leaves=5)
blocks = _blocks(stmts)

# --- declarations ---


@st.composite
def _module_arguments(draw: st.DrawFn) -> ast.ModuleArgument:
    """A type that is a bare name reads as a value."""
    name = draw(_maybe(_idents))
    type_ = draw(_maybe(types))
    plain = isinstance(type_, ast.NamedType) and type_.name.name not in ("bool", "int")
    if type_ is None or plain:
        return ast.ModuleArgument(name, draw(exprs), None)
    return ast.ModuleArgument(name, None, type_)


@st.composite
def _variables(draw: st.DrawFn) -> ast.VarDecl:
    index = st.builds(ast.IndexDecl, _maybe(_idents), types)
    head = draw(_idents), draw(_some(index)), draw(types), draw(_FLAGS)
    doc = draw(_DOCS)
    if draw(_FLAGS):
        return ast.VarDecl(*head, None, True, draw(_maybe(exprs)), doc=doc)
    return ast.VarDecl(*head, draw(_maybe(exprs)), doc=doc)


@st.composite
def _locks(draw: st.DrawFn) -> ast.LockDecl:
    kind = draw(st.sampled_from(("mutex", "rwlock")))
    unfair = draw(_FLAGS) and kind == "rwlock"
    return ast.LockDecl(
        draw(_idents), kind, draw(_some(types)), unfair, draw(_FLAGS), doc=draw(_DOCS)
    )


_params = _some(st.builds(ast.Binder, _idents, types))
_decls: st.SearchStrategy[ast.Decl] = st.one_of(
    st.builds(
        ast.UseDecl,
        _dotted,
        _some(_module_arguments()),
        _maybe(_idents),
        _maybe(exprs),
        doc=_DOCS,
    ),
    st.builds(
        ast.ConstDecl, _idents, _maybe(types), _maybe(exprs), _maybe(exprs), _FLAGS, doc=_DOCS
    ),
    st.builds(ast.ChoiceDecl, _idents, _some(_idents, 1), _idents, doc=_DOCS),
    st.builds(ast.TypeDecl, _idents, _maybe(types), doc=_DOCS),
    st.builds(ast.ScalarsetDecl, _idents, exprs, _some(_idents), doc=_DOCS),
    st.builds(ast.EnumDecl, _idents, _some(_idents, 1), doc=_DOCS),
    st.builds(ast.RecordDecl, _idents, _some(st.builds(ast.FieldDecl, _idents, types)), doc=_DOCS),
    _variables(),
    st.builds(ast.CostDecl, _idents, doc=_DOCS),
    _locks(),
    st.builds(ast.DefDecl, _idents, _params, _maybe(types), exprs, doc=_DOCS),
    st.builds(
        ast.ActionDecl,
        _idents,
        _params,
        _maybe(types),
        _SHOWN,
        _maybe(exprs),
        blocks,
        _FAIR,
        doc=_DOCS,
    ),
    st.builds(ast.ProcDecl, _idents, _params, _maybe(types), _SHOWN, blocks, doc=_DOCS),
    st.builds(ast.ActorDecl, _idents, _params, _SHOWN, _FLAGS, _FAIR, blocks, doc=_DOCS),
    st.builds(ast.RuleDecl, _idents, _params, _SHOWN, _maybe(exprs), _FAIR, blocks, doc=_DOCS),
    st.builds(ast.InitDecl, blocks, doc=_DOCS),
    st.builds(
        ast.ClaimDecl,
        st.sampled_from(("invariant", "step invariant", "reachable", "lemma", "property")),
        _idents,
        exprs,
        doc=_DOCS,
    ),
    st.builds(
        ast.ExpectDecl,
        _dotted,
        _maybe(_idents),
        _idents,
        _maybe(exprs),
        _maybe(_dotted),
        _maybe(exprs),
        doc=_DOCS,
    ),
)

modules: st.SearchStrategy[ast.Module] = st.builds(ast.Module, _some(_decls), doc=_DOCS)
