"""The checks, one by one, and the verdict."""
