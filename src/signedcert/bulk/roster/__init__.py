"""Rosters: CSV or Parquet of any size → batches for the kernel, with memory that stays flat.

``open_roster(path, mapping, batch_rows=…)`` gives a :class:`Roster`, whose batches have the columns
``line`` (of CSV the line in which the row begins, the header being line 1; of Parquet the number of
the row, from 1), ``reading_error`` (why the row could not be read; null else), ``key`` where there
is such a column, and the fields that the file or the mapping gives.

The mapping is TOML, and every table of it may be left out::

    [columns]                      # field = "column in the file"
    key = "Enrolment ID"
    "learner.name" = "Student"
    course_ref = "Course code"     # the row's course, looked up in [courses]
    [ignore]
    columns = ["Email", "Notes"]   # or all = true
    [certificate]                  # the same for every row; as schemas/certificate-input.json
    limitations = ["no_degree_credit"]
    [certificate.course]
    institution = "University of Pennsylvania"
    [courses."OPS-101"]            # a course with all that belongs to it
    title = "Introduction to Operations Management"
    syllabus = [{ title = "Process analysis", hours = 5 }]
    [csv]
    delimiter = ";"
    encoding = "cp1252"
    list_separator = "|"

A column whose name is a field's path (``learner.name``, ``result.score``), or ``learner``,
``latin_name``, ``course`` or ``institution``, needs no line. Case, surrounding spaces, and whether
it is a space or an underscore do not count. A column that nothing is said of is refused.

Field by field, a cell goes before ``[courses]``, and that before ``[certificate]``. An empty cell
says nothing.
"""

from signedcert.bulk.roster.errors import RosterError
from signedcert.bulk.roster.mapping import NO_MAPPING, RosterMapping, read_mapping
from signedcert.bulk.roster.reading import Roster, open_roster

__all__ = ["NO_MAPPING", "Roster", "RosterError", "RosterMapping", "open_roster", "read_mapping"]
