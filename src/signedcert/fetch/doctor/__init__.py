"""Checking what an issuer publishes: its files against each other, and what the host says."""
