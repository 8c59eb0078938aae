"""Ids of new statements."""

import secrets


def new_id() -> bytes:
    """Ten bytes from the operating system's randomness: 80 bits, so that no two ever meet."""
    return secrets.token_bytes(10)
