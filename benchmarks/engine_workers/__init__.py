"""One engine with so many workers, in a process that waits to be asked: see ``serving``."""
