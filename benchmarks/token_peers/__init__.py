"""The same certificates as tokens of other libraries, each in an environment of its own.

These scripts import nothing of signedcert, except our own two.
"""
