"""What a task may raise."""


class TaskRefused(Exception):
    """The request cannot be done, for a reason that its sender should read.

    The message crosses to the parent. It is text from a confined process: never a fact.
    """
