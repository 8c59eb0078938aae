"""What is printed in place of a value that is not."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import pairwise

from signedcert.documents.comparing.folding import key

#: Longer values are not looked for: somebody who reads both sees more.
_VALUE_MAX = 300
_LINES_MAX = 400
#: Values with fewer letters are like too many words.
_VALUE_MIN = 3


def nearest(value: str, lines: Iterable[str], least: float) -> str | None:
    """The line, or two lines, most like a value.

    :param least: how much of both must agree, from 0 to 1.
    """
    wanted = key(value)
    if not _VALUE_MIN <= len(wanted) <= _VALUE_MAX:
        return None
    listed = [line.strip() for line in lines][:_LINES_MAX]
    candidates = listed + [f"{one} {two}" for one, two in pairwise(listed)]
    best, most = None, least
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for each in candidates:
        matcher.set_seq1(key(each))
        if matcher.real_quick_ratio() >= most and matcher.quick_ratio() >= most:
            ratio = matcher.ratio()
            if ratio >= most and (best is None or ratio > most):
                best, most = each, ratio
    return best
