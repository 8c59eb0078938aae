"""Dictionary 1: the preset DEFLATE dictionary of format version 1, frozen for ever.

It holds the vocabulary of education, trained by ``tools/train_dictionary.py``. Both packed forms
and every implementation use the same bytes; other bytes would unpack to other tokens.
"""

import hashlib
from functools import cache

SHA256 = "24a2d6dd7bf1e753863b581501688dab416bd4a0304c7e6b213ccb20c79d1a0c"


@cache
def dictionary1() -> bytes:
    """The dictionary's bytes, read once a process.

    :raises ImportError: when the installed file is not the frozen one.
    """
    import pkgutil  # here, because it is needed once a process, if at all

    data = pkgutil.get_data("signedcert.codec", "dictionary1.bin")
    if data is None or hashlib.sha256(data).hexdigest() != SHA256:
        raise ImportError("signedcert's dictionary1.bin is damaged; install the package again")
    return data
