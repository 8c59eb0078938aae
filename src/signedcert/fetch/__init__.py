"""Bounded HTTPS reading of what issuers publish. Nothing here runs during verification."""
