"""``dataclass`` for records that are cheap to declare: what ``dataclasses`` makes at once for every
class, the compiled ``__init__`` above all, is made here when the first object is.

A command uses a part of the few hundred classes that it imports, so this is most of the time that
importing them took. A record behaves as the standard one with the same arguments (the tests hold
them together), and ``fields``, ``replace`` and ``is_dataclass`` of ``dataclasses`` know it. What is
used nowhere is left out: ``order``, ``KW_ONLY``, ``InitVar``, ``ClassVar``, and defaults of fields
that ``__init__`` does not take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    from dataclasses import MISSING, Field, FrozenInstanceError, field, make_dataclass
    from inspect import get_annotations
    from operator import attrgetter
    from reprlib import recursive_repr

    def dataclass(*, frozen=False, eq=True, slots=False):
        """A decorator; see ``dataclasses.dataclass`` for what the arguments mean."""

        def decorate(cls):
            own = _own_fields(cls)
            inherited = [each for base in reversed(cls.__mro__[1:]) for each in _known(base)]
            fields = {each.name: each for each in (*inherited, *own)}
            made = _with_slots(cls, own, inherited) if slots else _with_defaults(cls, own)
            made._record_fields_ = tuple(fields.values())
            made.__match_args__ = tuple(e.name for e in fields.values() if e.kw_only is not True)
            made.__dataclass_fields__ = _Fields()
            _add(made, "__init__", _first_init(made, frozen))
            _add(made, "__repr__", _repr)
            if eq:
                _add_comparison(made, frozen)
            if frozen:
                made.__setattr__, made.__delattr__ = _refuse_set, _refuse_delete
                if slots:
                    _add(made, "__getstate__", _state)
                    _add(made, "__setstate__", _set_state)
            return made

        return decorate

    def _own_fields(cls):
        """What the class itself declares, in order."""
        found = []
        for name, kind in get_annotations(cls).items():
            given = cls.__dict__.get(name, MISSING)
            each = given if isinstance(given, Field) else field(default=given)
            each.name, each.type = name, kind
            found.append(each)
        return found

    def _known(base):
        return base.__dict__.get("_record_fields_", ())

    def _with_defaults(cls, own):
        """The class without the ``field(...)`` in it."""
        for each in own:
            if each.default is not MISSING:
                setattr(cls, each.name, each.default)
            elif each.name in cls.__dict__:
                delattr(cls, each.name)
        return cls

    def _with_slots(cls, own, inherited):
        """The same class again: slots can only be had from the beginning."""
        body = dict(cls.__dict__)
        names = [each.name for each in own]
        for name in (*names, "__dict__", "__weakref__"):
            body.pop(name, None)
        taken = {each.name for each in inherited}
        body["__slots__"] = tuple(name for name in names if name not in taken)
        made = type(cls)(cls.__name__, cls.__bases__, body)
        made.__qualname__ = cls.__qualname__
        return made

    def _add(cls, name, function):
        if name not in cls.__dict__:
            setattr(cls, name, function)

    # --- the parts of a record --------------------------------------------------------------------

    def _first_init(cls, frozen):
        """An ``__init__`` that puts the real one in its place and calls it."""

        def first(self, /, *args, **named):
            if cls.__init__ is first:
                cls.__init__ = _init(cls, frozen)
            cls.__init__(self, *args, **named)

        return first

    def _init(cls, frozen):
        known = {"_set": object.__setattr__, "_missing": MISSING}
        positional, named, lines = ["self"], [], []
        for each in cls._record_fields_:
            name = value = each.name
            if not each.init:
                continue
            parameters = named if each.kw_only is True else positional
            if each.default_factory is not MISSING:
                known[f"_new_{name}"] = each.default_factory
                parameters.append(f"{name}=_missing")
                value = f"_new_{name}() if {name} is _missing else {name}"
            elif each.default is not MISSING:
                known[f"_usual_{name}"] = each.default
                parameters.append(f"{name}=_usual_{name}")
            else:
                parameters.append(name)
            lines.append(f" _set(self, {name!r}, {value})" if frozen else f" self.{name} = {value}")
        if hasattr(cls, "__post_init__"):
            lines.append(" self.__post_init__()")
        heading = f"def __init__({', '.join([*positional, *(['*', *named] if named else [])])}):"
        exec("\n".join([heading, *(lines or [" pass"])]), known)
        made = known["__init__"]
        made.__qualname__ = f"{cls.__qualname__}.__init__"
        return made

    def _add_comparison(cls, frozen):
        values = _values([e.name for e in cls._record_fields_ if e.compare])

        def equal(self, other):
            if other.__class__ is self.__class__:
                return values(self) == values(other)
            return NotImplemented

        def hashed(self):
            return hash(values(self))

        if "__eq__" not in cls.__dict__:
            cls.__eq__ = equal
        if cls.__dict__.get("__hash__") is None:
            cls.__hash__ = hashed if frozen else None

    def _values(names):
        """The function that gives the values of these fields, in one tuple."""
        if len(names) > 1:
            return attrgetter(*names)
        return (lambda self: (getattr(self, names[0]),)) if names else (lambda self: ())

    @recursive_repr()
    def _repr(self):
        shown = [f"{e.name}={getattr(self, e.name)!r}" for e in self._record_fields_ if e.repr]
        return f"{self.__class__.__qualname__}({', '.join(shown)})"

    def _refuse_set(self, name, value):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def _refuse_delete(self, name):
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _state(self):
        return [getattr(self, each.name) for each in self._record_fields_]

    def _set_state(self, state):
        for each, value in zip(self._record_fields_, state, strict=True):
            object.__setattr__(self, each.name, value)

    class _Fields:
        """What ``dataclasses`` keeps of a class, asked of it when somebody looks."""

        def __get__(self, _, cls):
            shape = [(e.name, e.type, _again(e)) for e in cls._record_fields_]
            same = make_dataclass(cls.__name__, shape, init=False, repr=False, eq=False)
            cls.__dataclass_fields__ = same.__dataclass_fields__
            return cls.__dataclass_fields__

    def _again(old):
        return field(
            default=old.default,
            default_factory=old.default_factory,
            init=old.init,
            repr=old.repr,
            kw_only=old.kw_only,
            compare=old.compare,
        )
