"""Which column of a file is which field. Nothing is left out unless the mapping says so."""

from collections import Counter
from collections.abc import Mapping, Sequence

from signedcert.bulk.roster.errors import RosterError, listed, shown
from signedcert.bulk.roster.fields import (
    COURSE_REF,
    SHORT_NAMES,
    RosterField,
    nearest,
    required_for,
    same_name,
    target_named,
)
from signedcert.bulk.roster.mapping import RosterMapping


def columns_of(name: str, found: Sequence[str], mapping: RosterMapping) -> dict[str, int]:
    """The index of the column of each field that the file fills, in the file's order.

    :param name: the file, for messages.
    :param found: the names of its columns.
        Columns without a name are none of a field.
    :raises RosterError: for names that come twice, unless they are ignored, columns that are
        missing or that nothing is said of, and two columns for one field.
    """
    by_form = _by_form(name, found, mapping)
    columns = _mapped(name, found, by_form, mapping)
    used = set(columns.values())
    unused = []
    for index, each in enumerate(found):
        form = same_name(each)
        if not form or index in used or form in mapping.ignored:
            continue
        target = _target(each, mapping)
        if target is None:
            unused.append(each)
        elif target in columns:
            other = found[columns[target]]
            raise RosterError(
                f"{name}: the columns {shown(other)} and {shown(each)} are both {target}; name one "
                "of them in a mapping under [ignore] columns"
            )
        else:
            columns[target] = index
    _check_needed(name, found, columns, mapping)
    if unused and not mapping.ignore_all:
        raise RosterError(
            f"{name}: these columns are not used: {listed(unused)}; say in a mapping which field "
            "each is, under [columns], or name them under [ignore] columns"
        )
    return dict(sorted(columns.items(), key=lambda each: each[1]))


def _target(column: str, mapping: RosterMapping) -> str | None:
    """What a column is by its name."""
    target = target_named(column)
    return None if target == COURSE_REF and not mapping.courses else target


def _by_form(name: str, found: Sequence[str], mapping: RosterMapping) -> dict[str, int]:
    forms = [same_name(each) for each in found]
    mapped = {same_name(each) for each in mapping.columns.values()}
    twice = [
        form
        for form, count in Counter(forms).items()
        if count > 1
        and form
        and form not in mapping.ignored
        and (form in mapped or not mapping.ignore_all or _target(form, mapping))
    ]
    if twice:
        names = [each for each in found if same_name(each) == twice[0]]
        raise RosterError(f"{name}: two columns have one name: {listed(names)}; rename one of them")
    return {form: index for index, form in enumerate(forms)}


def _mapped(
    name: str, found: Sequence[str], by_form: Mapping[str, int], mapping: RosterMapping
) -> dict[str, int]:
    columns = {}
    for target, column in mapping.columns.items():
        index = by_form.get(same_name(column))
        if index is None:
            near = nearest(column, found)
            hint = f" (did you mean {shown(near)}?)" if near else ""
            raise RosterError(
                f"{name}: there is no column {shown(column)}, which {mapping.name} names for "
                f"{target}{hint}; the columns found are {listed(found)}"
            )
        columns[target] = index
    return columns


def _check_needed(
    name: str, found: Sequence[str], columns: Mapping[str, int], mapping: RosterMapping
) -> None:
    """Every field that a certificate cannot be without comes from somewhere."""
    if mapping.courses and COURSE_REF not in columns:
        raise RosterError(
            f"{name}: {mapping.name} lists [courses], but no column says which one a row is of; "
            f'write under [columns] {COURSE_REF} = "the name of that column"'
        )
    sources = {*columns, *mapping.constants} - {COURSE_REF}
    given = sources.union(*mapping.courses.values())
    missing = []
    for field in required_for(given):
        if field.path in sources:
            continue
        without = [code for code, each in mapping.courses.items() if field.path not in each]
        if not mapping.courses or len(without) == len(mapping.courses):
            missing.append(field)
        elif without:
            raise RosterError(
                f"{name}: no column and no [certificate] gives {field.path} ({field.meaning}), and "
                f"these courses in {mapping.name} do not either: {listed(without)}"
            )
    if missing:
        free = [each for index, each in enumerate(found) if index not in columns.values()]
        faults = "".join(f"\n  {_expected(field, free)}" for field in missing)
        raise RosterError(
            f"{name}: there is no column for what every certificate needs:{faults}\n"
            f"The columns found are {listed(found)}. A mapping says under [columns] which column "
            "it is, or gives it once for all rows under [certificate]"
        )


def _expected(field: RosterField, free: Sequence[str]) -> str:
    """What a column of the field is called, and which of the free ones it may be."""
    names = [field.path, *(short for short, path in SHORT_NAMES.items() if path == field.path)]
    near = next((each for each in (nearest(own, free) for own in names) if each), None)
    hint = f"; is it {shown(near)}?" if near else ""
    return f"{' or '.join(names)}: {field.meaning}{hint}"
