"""Packing states into words."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from pinmc.engines.layout import TAG, layout_of
from pinmc.ir.evaluate import cells
from pinmc.ir.expr import Var
from pinmc.ir.types import Bool, Range, Scalar, Word, bounds
from tests.benchmarks.pin_lease import pin_lease
from tests.checking import system_of
from tests.property.systems import Dice, build_system


def test_every_state_survives_packing() -> None:
    for seed in range(200):
        system = build_system(Dice(Random(seed)))
        layout, rng = layout_of(system), Random(seed)
        state = [0] * system.slots
        for var in system.variables:
            for cell in range(var.offset, var.offset + cells(var)):
                state[cell] = rng.choice([rng.randint(*bounds(var.type)), *bounds(var.type)])
        words = layout.pack(state)
        assert layout.unpack(words) == tuple(state)
        assert words[0] & TAG and all(0 <= word < 2**64 for word in words)


def test_wide_variables_take_whole_words() -> None:
    text = "var wide[i: 0..99]: u64 = 0  var bits[i: 0..199]: bool = false  var x: 0..6 = 0\n"
    text += "rule r { wide[0] = 1  bits[0] = true  x = 1 }\n"
    text += "invariant i: wide[1] == 0 and not bits[1] and x < 3"
    system = system_of(text)
    layout = layout_of(system)
    assert [layout.field(var).words for var in system.variables if cells(var) == 100] == [100]
    taken = [
        (place.word, bit)
        for field in layout.fields.values()
        for place in map(field.place, range(field.count))
        for bit in range(place.shift, place.shift + place.bits)
    ]
    assert len(taken) == len(set(taken)) == 100 * 64 + 200 + 3
    assert (0, 63) not in taken and max(bit for _, bit in taken) < 64


def test_types_with_one_value_take_no_bits() -> None:
    text = "var x: 3..3 = 3  var y: bool = false  rule r { y = x != 3 }  invariant i: not y"
    system = system_of(text)
    layout = layout_of(system)
    state = tuple(bounds(var.type)[1] for var in system.variables)
    assert layout.words == 1 and sorted(state) == [1, 3]
    assert layout.unpack(layout.pack(state)) == state


def test_no_two_cells_share_a_bit() -> None:
    for seed in range(300):
        rng, offset, made = Random(seed), 0, list[Var]()
        for number in range(rng.randint(1, 6)):
            dims = (Range(1, rng.choice([1, 3, 20, 70, 200])),)
            kinds: list[Scalar] = [Bool(), Range(0, 4), Range(2, 2)]
            kinds += [Word(33, False), Word(64, True)]
            made.append(Var(f"v{number}", rng.choice(kinds), dims, offset=offset))
            offset += cells(made[-1])
        system = replace(pin_lease(1, 1), variables=tuple(made), slots=offset)
        fields = layout_of(system).fields.values()
        places = [field.place(position) for field in fields for position in range(field.count)]
        taken = [(p.word, bit) for p in places for bit in range(p.shift, p.shift + p.bits)]
        assert len(taken) == len(set(taken)) and (0, 63) not in taken
        assert all(p.shift + p.bits <= 64 for p in places)
