"""How the commands for many take memory, where they have the process to themselves."""

import os

import typer

from signedcert.cli.failures import OWN_PROCESS


def use_little_memory(context: typer.Context) -> None:
    """Gives memory back as soon as it is free. To be called before anything loads pyarrow.

    pyarrow's C++ part, which reads and writes Parquet, asks the environment once where to get
    memory from, and else keeps what it once had: some 80 MB in a long run. Processes that are
    started from this one do as it does. What the user chose stays, and nothing is changed where the
    command is a part of another program.

    :raises ImportError: when there is no pyarrow.
    """
    if context.obj != OWN_PROCESS:
        return
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    from signedcert.bulk.run.own_process import give_back_large_blocks, take_little_memory

    take_little_memory()
    give_back_large_blocks()
