"""How a state is packed into 64-bit words, for engines that compute on packed states.

A cell takes as few bits as its type has values and is stored less its type's least value. No cell
straddles two words. Bit 63 of word 0 is set in every state: a word 0 of zero is no state, so that
a table of states can tell its empty places without losing the state that is all zeros.
"""

from __future__ import annotations

from collections.abc import Sequence

from pinmc.base.records import dataclass
from pinmc.engines.intervals import Unsupported
from pinmc.ir.evaluate import cells
from pinmc.ir.expr import Var
from pinmc.ir.semantics import State
from pinmc.ir.system import System
from pinmc.ir.types import bounds

WORD_BITS = 64
TAG = 1 << (WORD_BITS - 1)
"""Set in word 0 of every state."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell is: ``bits`` bits from bit ``shift`` of word ``word``."""

    word: int
    shift: int
    bits: int


@dataclass(frozen=True, slots=True)
class Field:
    """The cells of a variable: ``count`` of them, ``bits`` wide, ``per_word`` in each word, the
    first at bit ``shift`` of word ``word``. ``low`` is what a stored zero stands for. Only a field
    that has ``shift`` 0 goes on into further words."""

    offset: int
    count: int
    bits: int
    low: int
    word: int
    shift: int
    per_word: int

    @property
    def words(self) -> int:
        """How many words the cells are spread over."""
        return -(-self.count // self.per_word)

    def place(self, position: int) -> Place:
        """Where cell ``position`` of the variable is."""
        word, rest = divmod(position, self.per_word)
        return Place(self.word + word, self.shift + rest * self.bits, self.bits)


@dataclass(frozen=True, slots=True)
class Layout:
    """``fields`` by the name of the variable; ``words`` a state."""

    fields: dict[str, Field]
    words: int
    slots: int
    last_bits: int
    """How many low bits of the last word are used."""

    def field(self, var: Var) -> Field:
        return self.fields[var.name]

    def cell(self, slot: int) -> Place:
        """Where the cell in a slot of the state vector is."""
        for field in self.fields.values():
            if 0 <= slot - field.offset < field.count:
                return field.place(slot - field.offset)
        raise IndexError(slot)

    def pack(self, state: Sequence[int]) -> tuple[int, ...]:
        """The words of a state, each 0 to 2**64 - 1."""
        words = [0] * self.words
        words[0] = TAG
        for field in self.fields.values():
            for position in range(field.count):
                at = field.place(position)
                words[at.word] |= (state[field.offset + position] - field.low) << at.shift
        return tuple(words)

    def unpack(self, words: Sequence[int]) -> State:
        """The state that ``pack`` made these words of."""
        state = [0] * self.slots
        for field in self.fields.values():
            for position in range(field.count):
                at = field.place(position)
                stored = words[at.word] >> at.shift & ((1 << at.bits) - 1)
                state[field.offset + position] = stored + field.low
        return tuple(state)


def layout_of(system: System) -> Layout:
    """Wide variables first, each where it fits first. Raises Unsupported if a cell fits no word, as
    an optional machine word of 64 bits."""
    packer = _Packer()
    made: dict[str, Field] = {}
    for var in sorted(system.variables, key=lambda var: (-_total_bits(var), var.offset)):
        made[var.name] = packer.add(var)
    fields = {var.name: made[var.name] for var in system.variables}
    return Layout(fields, len(packer.used), system.slots, packer.used[-1])


def _cell_bits(var: Var) -> int:
    lo, hi = bounds(var.type)
    return (hi - lo).bit_length()


def _total_bits(var: Var) -> int:
    return _cell_bits(var) * cells(var)


class _Packer:
    """``used[w]``: how many of the low bits of word ``w`` are taken."""

    def __init__(self) -> None:
        self.used = [0]

    def add(self, var: Var) -> Field:
        bits, count, low = _cell_bits(var), cells(var), bounds(var.type)[0]
        if bits > WORD_BITS:
            raise Unsupported(f"values of {bits} bits in {var.name}")
        total = bits * count
        if total <= WORD_BITS:
            word = self._room(total)
            shift = self.used[word]
            self.used[word] += total
            # A cell of a type with one value takes no bits; it must not divide by zero words.
            return Field(var.offset, count, bits, low, word, shift % WORD_BITS, max(count, 1))
        return self._wide(var.offset, count, bits, low)

    def _wide(self, offset: int, count: int, bits: int, low: int) -> Field:
        """More than a word: from the beginning of a word that nothing else is in."""
        begin = 0 if self.used == [0] and bits < WORD_BITS else len(self.used)
        per_word = self._capacity(begin) // bits
        field = Field(offset, count, bits, low, begin, 0, per_word)
        self.used.extend([0] * (begin + field.words - len(self.used)))
        for word in range(begin, begin + field.words):
            self.used[word] = per_word * bits
        self.used[begin + field.words - 1] = (count - (field.words - 1) * per_word) * bits
        return field

    def _room(self, total: int) -> int:
        for word, used in enumerate(self.used):
            if used + total <= self._capacity(word):
                return word
        self.used.append(0)
        return len(self.used) - 1

    @staticmethod
    def _capacity(word: int) -> int:
        """Bit 63 of word 0 is the tag."""
        return WORD_BITS - 1 if word == 0 else WORD_BITS
