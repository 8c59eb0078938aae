"""The differential fuzzer: the same inputs to this library and to the verify page's own verifier.

``python -m tests.differential --inputs 200000 --seed 1`` stops at the first difference.
"""
