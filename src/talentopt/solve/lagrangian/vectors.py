"""Compiled: the inner loops of pricing as vector instructions.

The rows of these loops are short (one period's places, one table's starts),
and a compiler leaves most of such a row to scalar code. Here they are written
for lanes of 4 and 8 whole numbers; a processor without wide registers gets
the same result in more instructions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

if TYPE_CHECKING:
    from collections.abc import Callable

LANES = 8
"""Numbers that `raise_by_sums` and `offer_starts` take at once: ranges are rounded up to it."""

ROW = 4
"""Numbers that the other functions take at once: rows have a multiple of it."""

_WHOLE, _WORD = ir.IntType(32), ir.IntType(64)
_ARRAY = types.Array(types.int32, 1, "C")
_INDEX = types.intp

Signature = tuple[Any, "Callable[..., Any]"]


class _Code:
    """Instructions on vectors of one width, written into a function under construction."""

    def __init__(self, context: Any, builder: Any, lanes: int) -> None:
        self.context, self.builder = context, builder
        self.lanes = lanes
        self.kind = ir.VectorType(_WHOLE, lanes)

    def pointer(self, array: Any, index: Any) -> Any:
        """Find the address of one element of an array."""
        data = self.context.make_array(_ARRAY)(self.context, self.builder, array).data
        return self.builder.gep(data, [index])

    def place(self, pointer: Any, offset: Any) -> Any:
        """Find the address of the vector that begins `offset` elements after an address."""
        return self.builder.bitcast(self.builder.gep(pointer, [offset]), self.kind.as_pointer())

    def load(self, pointer: Any, offset: Any) -> Any:
        """Read a vector there."""
        return self.builder.load(self.place(pointer, offset), align=4)

    def store(self, value: Any, pointer: Any, offset: Any) -> None:
        """Write a vector there."""
        self.builder.store(value, self.place(pointer, offset), align=4)

    def larger(self, a: Any, b: Any) -> Any:
        """Take the larger of two, lane by lane."""
        return self.builder.select(self.builder.icmp_signed(">", a, b), a, b)

    def spread(self, value: Any) -> Any:
        """Put a number in every lane."""
        whole = self.builder.trunc(value, _WHOLE)
        lane = self.builder.insert_element(
            ir.Constant(self.kind, ir.Undefined), whole, ir.Constant(_WHOLE, 0)
        )
        return self.builder.shuffle_vector(lane, lane, ir.Constant(self.kind, [0] * self.lanes))

    def steps(self, count: Any) -> Any:
        """Loop over 0, lanes, 2 * lanes … below a count."""
        kind = count.type
        zero, step = ir.Constant(kind, 0), ir.Constant(kind, self.lanes)
        return cgutils.for_range_slice(self.builder, zero, count, step, kind)


@intrinsic
def raise_by_sums(
    typing: Any, value: Any, here: Any, after: Any, offered: Any, offer: Any, count: Any
) -> Signature:
    """``value[here + i] = max(value[here + i], offered[offer + i] + value[after + i])``.

    For ``i < count``, rounded up to a multiple of `LANES`.
    """

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        on = _Code(context, builder, LANES)
        target, later = on.pointer(args[0], args[1]), on.pointer(args[0], args[2])
        gain = on.pointer(args[3], args[4])
        with on.steps(args[5]) as (i, _):
            total = builder.add(on.load(gain, i), on.load(later, i))
            on.store(on.larger(total, on.load(target, i)), target, i)
        return context.get_dummy_value()

    return types.void(_ARRAY, _INDEX, _INDEX, _ARRAY, _INDEX, _INDEX), code


@intrinsic
def largest_of_row(typing: Any, value: Any, here: Any, count: Any) -> Signature:
    """Largest of ``value[here : here + count]``; `count` is a multiple of `ROW`."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        on = _Code(context, builder, ROW)
        row = on.pointer(args[0], args[1])
        most = cgutils.alloca_once_value(builder, on.load(row, ir.Constant(args[2].type, 0)))
        with on.steps(args[2]) as (i, _):
            builder.store(on.larger(builder.load(most), on.load(row, i)), most)
        lanes = builder.load(most)
        for half in ([2, 3, 2, 3], [1, 1, 1, 1]):
            moved = builder.shuffle_vector(lanes, lanes, ir.Constant(on.kind, half))
            lanes = on.larger(lanes, moved)
        top = builder.extract_element(lanes, ir.Constant(_WHOLE, 0))
        return builder.sext(top, args[2].type)

    return types.intp(_ARRAY, _INDEX, _INDEX), code


@intrinsic
def raise_row(
    typing: Any,
    value: Any,
    here: Any,
    count: Any,
    floor: Any,
    left: Any,
    cost: Any,
    after: Any,
    idle: Any,
) -> Signature:
    """Raise a row to a floor, to ``value[left + i] - cost`` and ``value[after + i] - idle``.

    For ``i < count``, a multiple of `ROW`.
    """

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        on = _Code(context, builder, ROW)
        row, left, after = (on.pointer(args[0], args[place]) for place in (1, 4, 6))
        floor, cost, idle = (on.spread(args[place]) for place in (3, 5, 7))
        with on.steps(args[2]) as (i, _):
            best = on.larger(on.load(row, i), floor)
            best = on.larger(best, builder.sub(on.load(left, i), cost))
            best = on.larger(best, builder.sub(on.load(after, i), idle))
            on.store(best, row, i)
        return context.get_dummy_value()

    indices = (_INDEX,) * 7
    return types.void(_ARRAY, *indices), code


@intrinsic
def offer_starts(
    typing: Any,
    best: Any,
    option: Any,
    here: Any,
    charge: Any,
    first: Any,
    word: Any,
    count: Any,
    worth: Any,
    number: Any,
    least: Any,
) -> Signature:
    """Offer one option at the starts that a word allows.

    For ``i < count``, rounded up to a multiple of `LANES`: where bit ``i`` of `word` is set and
    ``worth - charge[first + i]`` exceeds ``best[here + i]`` and `least`, it replaces that, and
    `number` replaces ``option[here + i]``. Returns the word of these starts.
    """

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        on = _Code(context, builder, LANES)
        best, option = on.pointer(args[0], args[2]), on.pointer(args[1], args[2])
        charge = on.pointer(args[3], args[4])
        worth, number, least = (on.spread(args[place]) for place in (7, 8, 9))
        bits = ir.Constant(on.kind, [1 << lane for lane in range(LANES)])
        nothing = ir.Constant(on.kind, [0] * LANES)
        taken = cgutils.alloca_once_value(builder, ir.Constant(_WORD, 0))
        with on.steps(args[6]) as (i, _):
            place = builder.zext(i, _WORD) if i.type.width < _WORD.width else i
            allowed = builder.and_(on.spread(builder.lshr(args[5], place)), bits)
            offered = builder.sub(worth, on.load(charge, i))
            old = on.load(best, i)
            better = builder.and_(
                builder.icmp_signed("!=", allowed, nothing),
                builder.icmp_signed(">", offered, on.larger(old, least)),
            )
            on.store(builder.select(better, offered, old), best, i)
            on.store(builder.select(better, number, on.load(option, i)), option, i)
            lanes = builder.zext(builder.bitcast(better, ir.IntType(LANES)), _WORD)
            builder.store(builder.or_(builder.load(taken), builder.shl(lanes, place)), taken)
        return builder.load(taken)

    kinds = (_ARRAY, _ARRAY, _INDEX, _ARRAY, _INDEX, types.uint64, *(_INDEX,) * 4)
    return types.uint64(*kinds), code


@intrinsic
def turn_block(
    typing: Any, rows: Any, first: Any, length: Any, turned: Any, here: Any, width: Any
) -> Signature:
    """``turned[here + i * width + j] = rows[first + j * length + i]`` for `ROW` of each."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        on = _Code(context, builder, ROW)
        source, target = on.pointer(args[0], args[1]), on.pointer(args[3], args[4])
        number = args[2].type

        def steps(one: Any, count: int) -> Any:
            return builder.mul(one, ir.Constant(number, count))

        def shuffled(a: Any, b: Any, lanes: list[int]) -> Any:
            return builder.shuffle_vector(a, b, ir.Constant(on.kind, lanes))

        row = [on.load(source, steps(args[2], j)) for j in range(ROW)]
        low = [shuffled(row[j], row[j + 1], [0, 4, 1, 5]) for j in (0, 2)]
        high = [shuffled(row[j], row[j + 1], [2, 6, 3, 7]) for j in (0, 2)]
        columns = [
            shuffled(left, right, lanes)
            for left, right in (low, high)
            for lanes in ([0, 1, 4, 5], [2, 3, 6, 7])
        ]
        for i, column in enumerate(columns):
            on.store(column, target, steps(args[5], i))
        return context.get_dummy_value()

    return types.void(_ARRAY, _INDEX, _INDEX, _ARRAY, _INDEX, _INDEX), code


@intrinsic
def lowest_bit(typing: Any, word: Any) -> Signature:
    """Position of the lowest bit that is set; 64 when none is."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), code


@intrinsic
def highest_bit(typing: Any, word: Any) -> Signature:
    """Position of the highest bit that is set; -1 when none is."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        zeros = builder.ctlz(args[0], ir.Constant(ir.IntType(1), 0))
        return builder.sub(ir.Constant(_WORD, 63), zeros)

    return types.int64(types.uint64), code
