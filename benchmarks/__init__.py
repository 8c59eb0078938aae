"""Measurements: ratios within one run, beside peers and limits."""
