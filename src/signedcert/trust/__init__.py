"""Whose keys count, and when: key sets, key periods, the trust store."""
