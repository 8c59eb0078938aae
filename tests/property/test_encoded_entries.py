"""The encodings of a statement's entries, put behind one another, are its payload."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbor_oracle import dumps, head
from field_values import SIGNED
from forging import BODY
from signedcert.codec.lower import encoded_entries, lower
from signedcert.model.statement import Signed
from strategies import instances


@pytest.mark.parametrize("model", SIGNED, ids=lambda model: model.__name__)
@given(st.data())
def test_entries_make_up_the_payload(model: type[Signed], data: Any) -> None:
    statement = data.draw(instances(model))
    claims, body = encoded_entries(statement)
    assert lower(statement) == b"".join(
        (
            head(5, len(claims) + 1),
            *claims.values(),
            dumps(BODY),
            head(5, len(body)),
            *body.values(),
        )
    )
    assert all(entry.startswith(dumps(label)) for label, entry in {**claims, **body}.items())
