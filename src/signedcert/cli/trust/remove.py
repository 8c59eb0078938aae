"""``signedcert trust remove``: ends the trust in an issuer."""

from typing import Annotated

import typer

from signedcert.cli.options import JsonOption
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.trust.sites import issuer_named
from signedcert.cli.trust.store import StoreOption, changing_present, store_path, write_store


def remove(
    *,
    issuer: Annotated[str, typer.Argument(metavar="ISSUER", help="The issuer's host.")],
    trust: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Stop trusting an issuer, and forget its roots."""
    name, path = issuer_named(issuer), store_path(trust)
    with changing_present(path) as known:
        write_store(path, known.without(name))
    if as_json:
        print_json({"removed": name, "store": str(path)})
    else:
        screen().print(visible(f"removed {name} from {path}"))
