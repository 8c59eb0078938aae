"""What Arrow's buffers hold under a null, before a slice or after it, is in no certificate."""

from datetime import date
from itertools import accumulate
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_rows import PLAN, roster, row

from issuing import SIGNER
from signedcert.bulk import ROSTER, issue_batch
from signedcert.bulk.kernel.cell_keys import cell_keys

#: Few values, so that what is under a null often ends or begins as what stands beside it.
LEAVES = {
    "string": ["1", "2", "12"],
    "int64": [1, 2],
    "bool": [True],
    "date32[day]": [date(2026, 1, 1), date(2026, 1, 2)],
}
NAMES = ("learner", "course", "completed_on", "awarded_title", "result", "skills", "signatories")
#: Fields that take few words are wrong in nearly every row.
LEFT_OUT = {"url", "level", "delivery", "language", "credits"}
ROWS = 100


def reduced(kind):
    if pa.types.is_list(kind):
        return pa.list_(reduced(kind.value_type))
    if pa.types.is_struct(kind):
        fields = [each for each in kind if each.name not in LEFT_OUT]
        return pa.struct([(each.name, reduced(each.type)) for each in fields])
    return kind


KINDS = {name: reduced(ROSTER.field(name).type) for name in NAMES}


def some_value(kind, chance, share, least=0):
    """A value in which a share of what may be null is null."""
    if pa.types.is_list(kind):
        size = chance.randint(least, 4)
        return [some_value(kind.value_type, chance, share, least) for _ in range(size)]
    if pa.types.is_struct(kind):
        return {
            each.name: None
            if place and each.name != "institution" and chance.random() < share
            else some_value(each.type, chance, share, least)
            # A row is wrong where the first is missing: the name, or the title.
            for place, each in enumerate(kind)
        }
    return chance.choice(LEAVES[str(kind)])


def junk(kind, chance):
    """What nobody is to see, often short."""
    if kind == pa.string() and chance.random() < 0.5:
        return ""
    if pa.types.is_list(kind):
        return [junk(kind.value_type, chance) for _ in range(chance.choice([0, 0, 1, 2]))]
    return some_value(kind, chance, 0.3)


def varied(value, kind, chance):
    """The same, but for a few leaves and fewer nulls."""
    if value is None or chance.random() < 0.005:
        return None
    if pa.types.is_list(kind):
        return [varied(each, kind.value_type, chance) for each in value]
    if pa.types.is_struct(kind):
        return {each.name: varied(value[each.name], each.type, chance) for each in kind}
    return chance.choice(LEAVES[str(kind)]) if chance.random() < 0.05 else value


def laid_out(found, kind, chance):
    """An array of the values, with junk under its nulls, and cut out of a longer one."""
    before, after = chance.randint(0, 2), chance.randint(0, 1)
    around = [junk(kind, chance) for _ in range(before + after)]
    found = [*around[:before], *found, *around[before:]]
    filled = [junk(kind, chance) if each is None else each for each in found]
    missing = pa.array([each is None for each in found])
    if pa.types.is_struct(kind):
        parts = [laid_out([each[f.name] for each in filled], f.type, chance) for f in kind]
        array = pa.StructArray.from_arrays(parts, fields=list(kind), mask=missing)
    elif pa.types.is_list(kind):
        ends = pa.array([0, *accumulate(map(len, filled))], pa.int32())
        items = laid_out([item for each in filled for item in each], kind.value_type, chance)
        array = pa.ListArray.from_arrays(ends, items, type=kind, mask=missing)
    else:
        valid = pc.invert(missing).buffers()[1]
        buffers = [valid, *pa.array(filled, kind).buffers()[1:]]
        array = pa.Array.from_buffers(kind, len(filled), buffers)
    return array.slice(before, len(found) - before - after)


@settings(max_examples=40)
@given(st.sampled_from(NAMES), st.integers(0, 2**32))
def test_what_is_under_nulls_and_around_slices_changes_no_token(name, seed):
    chance = Random(seed)
    kind = KINDS[name]
    pattern = some_value(kind, chance, 0.5, least=3)
    column = [varied(pattern, kind, chance) for _ in range(ROWS)]
    dirty = laid_out(column, kind, chance)
    dirty.validate(full=True)
    assert dirty.to_pylist() == column
    usual = roster(*[row()] * ROWS)
    place = usual.schema.get_field_index(name)
    out = issue_batch(usual.set_column(place, name, dirty), PLAN, SIGNER)
    fresh = issue_batch(usual.set_column(place, name, pa.array(column, kind)), PLAN, SIGNER)
    assert out.equals(fresh)


TEXTS = pa.list_(pa.string())
TINY = [
    pa.string(),
    pa.int64(),
    TEXTS,
    pa.list_(pa.int64()),
    pa.list_(pa.bool_()),
    pa.list_(TEXTS),
    pa.list_(pa.struct([("x", pa.string()), ("y", TEXTS)])),
    pa.struct([("x", pa.string()), ("y", TEXTS), ("z", pa.struct([("v", pa.bool_())]))]),
]


def tiny(kind, chance):
    if chance.random() < 0.4:
        return None
    if pa.types.is_list(kind):
        return [tiny(kind.value_type, chance) for _ in range(chance.choice([0, 1, 1, 3, 3]))]
    if pa.types.is_struct(kind):
        return {each.name: tiny(each.type, chance) for each in kind}
    return chance.choice(LEAVES[str(kind)])


@settings(max_examples=80)
@given(st.sampled_from(TINY), st.integers(0, 2**32))
def test_cells_with_one_key_hold_the_same(kind, seed):
    chance = Random(seed)
    column = [tiny(kind, chance) for _ in range(1500)]
    dirty = laid_out(column, kind, chance)
    held = {}
    for key, value in zip(cell_keys({"c": dirty}, len(column), ""), column, strict=True):
        assert held.setdefault(key, value) == value


SHOWN = pa.array([False, True, False, False, True, False])
HOURS = pa.array(["1", "2", "", "", "1", "2"])
TOPICS = pa.ListArray.from_arrays(
    pa.array([0, 0, 1, 2, 3, 4, 4], pa.int32()),
    pa.array(["1", "2", "1", "2"]),
    mask=pc.invert(SHOWN),
)


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("hours", pc.if_else(SHOWN, HOURS, None)),
        ("hours", pc.if_else(SHOWN, HOURS.cast(pa.large_string()), None)),
        ("topics", TOPICS),
        ("topics", TOPICS.cast(pa.large_list(pa.string()))),
    ],
)
def test_what_is_not_shown_of_one_row_is_not_taken_for_that_of_another(name, hidden):
    modules = pa.StructArray.from_arrays([pa.array(["A", "B", "C"] * 2), hidden], ["title", name])
    syllabuses = pa.ListArray.from_arrays(pa.array([0, 3, 6], pa.int32()), modules)
    titles = pa.array(["T"] * 2)
    course = pa.StructArray.from_arrays(
        [titles, titles, syllabuses], ["title", "institution", "syllabus"]
    )
    batch = roster(row(), row())
    batch = batch.set_column(batch.schema.get_field_index("course"), "course", course)
    out = issue_batch(batch, PLAN, SIGNER)
    assert out.equals(issue_batch(roster(*batch.to_pylist()), PLAN, SIGNER))
    assert len(set(out.column("id").to_pylist()) - {None}) == 2
