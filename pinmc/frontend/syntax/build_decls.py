"""Building declarations: one method a rule of the grammar, see build.py."""

from __future__ import annotations

import dataclasses

from pinmc.base.source import Span
from pinmc.frontend.syntax import ast
from pinmc.frontend.syntax.parts import (
    Children,
    doc,
    fair,
    ident,
    idents,
    optional_ident,
    report,
    shown_text,
    whole,
)
from pinmc.frontend.syntax.tokens import Token


class BuildDecls:
    """Declarations."""

    def module(self, c: Children) -> tuple[ast.Decl, ...]:
        return tuple(c)

    def use_decl(self, c: Children) -> ast.UseDecl:
        _, (module, _, args, _), _, alias, _, when = c
        return ast.UseDecl(module, tuple(args or ()), optional_ident(alias), when, whole(c), doc(c))

    def used(self, c: Children) -> Children:
        return c

    def module_arg(self, c: Children) -> ast.ModuleArgument:
        name, _, value = c
        is_type = isinstance(value, ast.TypeExpr)
        return ast.ModuleArgument(
            optional_ident(name),
            None if is_type else value,
            value if is_type else None,
            whole(c),
        )

    def const_decl(self, c: Children) -> ast.ConstDecl:
        free, _, name, _, type_, _, where, _, value = c
        return ast.ConstDecl(ident(name), type_, where, value, free is not None, whole(c), doc(c))

    def choice_decl(self, c: Children) -> ast.ChoiceDecl:
        _, name, _, options, _, _, default = c
        return ast.ChoiceDecl(ident(name), idents(options), ident(default), whole(c), doc(c))

    def type_decl(self, c: Children) -> ast.TypeDecl:
        _, name, _, type_ = c
        return ast.TypeDecl(ident(name), type_, whole(c), doc(c))

    def scalarset_decl(self, c: Children) -> ast.ScalarsetDecl:
        _, name, _, size, _, _, named = c
        return ast.ScalarsetDecl(ident(name), size, idents(named), whole(c), doc(c))

    def enum_decl(self, c: Children) -> ast.EnumDecl:
        _, name, _, members, _ = c
        return ast.EnumDecl(ident(name), idents(members), whole(c), doc(c))

    def record_decl(self, c: Children) -> ast.RecordDecl:
        return ast.RecordDecl(ident(c[1]), tuple(c[3:-1]), whole(c), doc(c))

    def field(self, c: Children) -> ast.FieldDecl:
        name, _, type_ = c
        return ast.FieldDecl(ident(name), type_, whole(c))

    def var_decl(self, c: Children) -> ast.VarDecl:
        ghost, _, name, _, indices, _, (_, type_, _, init) = c
        free_start = isinstance(init, _AnyInit)
        return ast.VarDecl(
            ident(name),
            tuple(indices or ()),
            type_,
            ghost is not None,
            None if free_start else init,
            free_start,
            init.where if free_start else None,
            whole(c),
            doc(c),
        )

    def typed(self, c: Children) -> Children:
        return c

    def index(self, c: Children) -> ast.IndexDecl:
        name, _, type_ = c
        return ast.IndexDecl(optional_ident(name), type_, whole(c))

    def any_init(self, c: Children) -> _AnyInit:
        return _AnyInit(c[2], whole(c))

    def cost_decl(self, c: Children) -> ast.CostDecl:
        return ast.CostDecl(ident(c[1]), whole(c), doc(c))

    def lock_decl(self, c: Children) -> ast.LockDecl:
        keyword, words, _, types, _, after = c
        before, name, behind = _lock_words(keyword, words, after)
        return ast.LockDecl(
            ident(name), keyword.text, tuple(types or ()), before, behind, whole(c), doc(c)
        )

    def lock_words(self, c: Children) -> Children:
        return c

    def def_decl(self, c: Children) -> ast.DefDecl:
        _, (name, params, _, type_), _, body = c
        return ast.DefDecl(ident(name), tuple(params or ()), type_, body, whole(c), doc(c))

    def action_decl(self, c: Children) -> ast.ActionDecl:
        fairness, _, (name, params, _, result), (_, shown, _, when, body) = c
        return ast.ActionDecl(
            ident(name),
            tuple(params or ()),
            result,
            shown_text(shown),
            when,
            body,
            fair(fairness),
            whole(c),
            doc(c),
        )

    def proc_decl(self, c: Children) -> ast.ProcDecl:
        _, (name, params, _, result), (_, shown, body) = c
        return ast.ProcDecl(
            ident(name), tuple(params or ()), result, shown_text(shown), body, whole(c), doc(c)
        )

    def actor_decl(self, c: Children) -> ast.ActorDecl:
        fairness, dormant, _, name, _, params, _, (_, shown, body) = c
        return ast.ActorDecl(
            ident(name),
            tuple(params or ()),
            shown_text(shown),
            dormant is not None,
            fair(fairness),
            body,
            whole(c),
            doc(c),
        )

    def rule_decl(self, c: Children) -> ast.RuleDecl:
        fairness, _, name, params, (_, shown, _, when, body) = c
        return ast.RuleDecl(
            ident(name),
            tuple(params or ()),
            shown_text(shown),
            when,
            fair(fairness),
            body,
            whole(c),
            doc(c),
        )

    def signature(self, c: Children) -> Children:
        return c

    def guarded(self, c: Children) -> Children:
        return c

    def shown(self, c: Children) -> Children:
        return c

    def params(self, c: Children) -> Children:
        return c[1] or []

    def init_decl(self, c: Children) -> ast.InitDecl:
        return ast.InitDecl(c[1], whole(c), doc(c))

    def fairness(self, c: Children) -> Token:
        if len(c) == 1:
            token: Token = c[0]
            return token
        return Token("FAIR", "strong fair", whole(c), c[0].doc)

    def claim_decl(self, c: Children) -> ast.ClaimDecl:
        kind, name, _, body = c
        return ast.ClaimDecl(kind.text, ident(name), body, whole(c), doc(c))

    def step_claim(self, c: Children) -> ast.ClaimDecl:
        _, _, name, _, body = c
        return ast.ClaimDecl("step invariant", ident(name), body, whole(c), doc(c))

    def expect_decl(self, c: Children) -> ast.ExpectDecl:
        _, (prop, _, actor, _), (verdict, _, steps, word, by), _, when = c
        if word is not None and word.text != "by":
            report(
                "PIN031",
                word.span,
                f"'{word.text}' cannot follow the verdict '{verdict.text}'",
                "write 'in N' for the length of the trace, 'by ACTION' for the action that"
                " breaks it, 'when EXPR' for the design",
            )
        return ast.ExpectDecl(
            prop, optional_ident(actor), ident(verdict), steps, by, when, whole(c), doc(c)
        )

    def expected(self, c: Children) -> Children:
        return c

    def verdict(self, c: Children) -> Children:
        return c

    def names(self, c: Children) -> Children:
        return _extended(c)

    def binders(self, c: Children) -> Children:
        return _extended(c)

    def indices(self, c: Children) -> Children:
        return _extended(c)

    def types(self, c: Children) -> Children:
        return _extended(c)

    def module_args(self, c: Children) -> Children:
        return _extended(c)

    def exprs(self, c: Children) -> Children:
        return _extended(c)

    def arguments(self, c: Children) -> Children:
        return _extended(c)

    def dotted(self, c: Children) -> ast.Ident:
        if len(c) == 1:
            return ident(c[0])
        return ast.Ident(f"{c[0].name}.{c[2].text}", whole(c))

    def binder(self, c: Children) -> ast.Binder:
        name, _, type_ = c
        return ast.Binder(ident(name), type_, whole(c))


@dataclasses.dataclass(frozen=True, slots=True)
class _AnyInit:
    """``any where e`` after the ``=`` of a variable."""

    where: ast.Expr | None
    span: Span


def _extended(c: Children) -> Children:
    """A comma list, grown in place: the rule is left-recursive and owns it."""
    if len(c) == 1:
        return [c[0]]
    items: Children = c[0]
    items.append(c[1])
    return items


def _lock_words(
    keyword: Token, words: list[Token], after: Token | None
) -> tuple[bool, Token, bool]:
    """``unfair`` before and ``crossrelease`` after the name: (unfair, name, crossrelease)."""
    rest = list(words)
    unfair = len(rest) > 1 and rest[0].text == "unfair" and rest[1].text != "crossrelease"
    if unfair and keyword.type != "RWLOCK":
        report("PIN031", rest[0].span, "only an rwlock can be 'unfair'")
    if unfair:
        del rest[0]
    name = rest.pop(0)
    extra = [*rest, *([after] if after else [])]
    for word in extra:
        if word.text != "crossrelease":
            report(
                "PIN031",
                word.span,
                f"'{word.text}' is not a property of a lock",
                "'unfair' goes before the name of an rwlock, 'crossrelease' after the lock",
            )
    return unfair, name, any(w.text == "crossrelease" for w in extra)
