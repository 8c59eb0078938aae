"""A process with limits, for what hostile files are given to: PDF readers, designers' templates.

The parent's side is :mod:`~signedcert.documents.confined.child`; the others run in the child.
Linux gives all of :class:`Measure`, where its kernel and container allow it. Other systems give
the process of its own with its time limit, and what they have of resource limits.
"""

from signedcert.documents.confined.child import Cause, Child, ChildFailed, Limits, Task
from signedcert.documents.confined.measures import Measure
from signedcert.documents.confined.task import TaskRefused

__all__ = ["Cause", "Child", "ChildFailed", "Limits", "Measure", "Task", "TaskRefused"]
