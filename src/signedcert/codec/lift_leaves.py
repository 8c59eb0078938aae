"""Lines of generated code that take one leaf: check it, measure it, make it the model's value.

In the code, ``v`` is the value in hand and ``n`` the length so far; see
:mod:`signedcert.codec.lift_source`.
"""

from collections.abc import Callable
from decimal import Decimal

from signedcert.model.leaf import Digest, Flag, Identifier, Leaf, Pattern, Text
from signedcert.model.numbers import INTEGER_MAX, Integer, Number, NumberRange
from signedcert.model.octets import ConfirmationKey, CoseKey, Octets
from signedcert.model.text import compiled
from signedcert.model.times import DAY_MAX, DAY_MIN, EPOCH_ORDINAL, MOMENT_MAX, Day, Moment
from signedcert.model.vocabulary import Choice

Lines = list[str]

#: The length of the shortest head for an argument, as an expression.
HEAD = "1 if {0} < 24 else 2 if {0} < 256 else 3 if {0} < 65536 else 5 if {0} < 4294967296 else 9"
SHORT_HEAD = "1 if {0} < 24 else 2 if {0} < 256 else 3"  # text and arrays are shorter than 64 KiB
#: Decimals of small integers, which most quantities are.
SMALL = tuple(Decimal(number) for number in range(256))
#: ``{1: {1: 1, -1: 6, -2: x}}``: two heads of maps, a label, and the key's 40 bytes less its head.
CONFIRMATION_SIZE = 42


def leaf_lines(leaf: Leaf, out: str, name: Callable[[object], str]) -> Lines:
    """Lines that check ``v``, add its length to ``n``, and put the model's value into ``out``.

    :param name: gives an object a name in the generated code.
    :raises TypeError: for a leaf that has no form on the wire.
    """
    match leaf:
        case Text(maximum, paragraphs):
            return [
                "if v.__class__ is not str: raise Refused",
                "z = len(v)",
                f"if not 0 < z <= {maximum}: raise Refused",
                # Printable ASCII, by far the most frequent, needs no regular expression.
                "if not (v.isascii() and v.isprintable()):",
                f"    if refused(v, paragraphs={paragraphs}): raise Refused",
                "    z = len(v.encode())",
                f"n += z + ({SHORT_HEAD.format('z')})",
                f"{out} = v",
            ]
        case Pattern(_, source, maximum):
            fullmatch = name(compiled(source).fullmatch)
            return [
                f"if v.__class__ is not str or len(v) > {maximum} "
                f"or not {fullmatch}(v): raise Refused",
                f"n += len(v) + ({SHORT_HEAD.format('len(v)')})",
                f"{out} = v",
            ]
        case Integer(minimum, maximum):
            return [*_integer(minimum, maximum), f"{out} = v"]
        case Moment():
            return [*_integer(0, MOMENT_MAX), f"{out} = moment(v, UTC)"]
        case Day():
            return [*_integer(DAY_MIN, DAY_MAX), f"{out} = day(v + {EPOCH_ORDINAL})"]
        case Flag():
            return ["if v is not True: raise Refused", "n += 1", f"{out} = True"]
        case Octets(minimum, maximum, group):
            return [
                f"if v.__class__ is not bytes or not {minimum} <= len(v) <= {maximum} "
                f"or len(v) % {group}: raise Refused",
                f"n += len(v) + ({HEAD.format('len(v)')})",
                f"{out} = v",
            ]
        case CoseKey():
            return [f"{out}, q = cose_key(v)", "n += q"]
        case ConfirmationKey():
            return [f"{out} = confirmed(v)", f"n += {CONFIRMATION_SIZE}"]
        case Identifier() | Digest():
            size = 10 if isinstance(leaf, Identifier) else 32
            return [
                f"if v.__class__ is not bytes or len(v) != {size}: raise Refused",
                f"n += {size + (1 if size < 24 else 2)}",
                f"{out} = v",
            ]
        case Choice(vocabulary, other):
            table = name({member.value: member for member in vocabulary})
            number = [
                f"if v.__class__ is not int or v not in {table}: raise Refused",
                f"{out} = {table}[v]",
                "n += 1",
            ]
            if not other:
                return number
            free = leaf_lines(Text(other), out, name)
            return [
                "if v.__class__ is str:",
                *indented(free),
                "else:",
                *indented(number),
            ]
        case Number(signed):
            return [
                "if v.__class__ is int and 0 <= v < 256:",
                f"    {out} = SMALL[v]",
                "    n += 1 if v < 24 else 2",
                "else:",
                f"    {out}, q = number(v, {-INTEGER_MAX if signed else 0})",
                "    n += q",
            ]
        case NumberRange():
            return [
                "if v.__class__ is not list or len(v) != 2: raise Refused",
                "g, h = v",
                "n += 1",
                *(
                    line
                    for end in "gh"
                    for line in ["v = " + end, *leaf_lines(Number(), end, name)]
                ),
                "if g > h: raise Refused",
                f"{out} = (g, h)",
            ]
    raise TypeError(f"{leaf!r} has no form on the wire")


def _integer(minimum: int, maximum: int) -> Lines:
    lines = [f"if v.__class__ is not int or not {minimum} <= v <= {maximum}: raise Refused"]
    if minimum >= 0:
        return [*lines, f"n += {HEAD.format('v')}"]
    return [*lines, "z = v if v >= 0 else ~v", f"n += {HEAD.format('z')}"]


def indented(lines: Lines) -> Lines:
    """The lines, one level deeper."""
    return ["    " + line for line in lines]
