"""A short run of the fuzzer: a thousand inputs, the same ones every time."""

from collections import Counter

import pytest

from differential.driver import first_difference
from differential.inputs import made
from differential.verifiers import node


@pytest.mark.skipif(node() is None, reason="there is no Node.js")
def test_both_verifiers_answer_the_same():
    reached = Counter()
    found = first_difference(seed=20_261_102, first=0, count=1_000, reached=reached)
    assert found is None
    # What is deep is reached, too.
    assert {"ok", "schema_violation", "disclosure_mismatch", "issuer_document_refused"} <= {
        *reached
    }


def test_inputs_are_the_same_every_time():
    assert [made(1, number) for number in range(50)] == [made(1, number) for number in range(50)]
    assert made(1, 1) != made(2, 1)
