"""``signedcert trust add``: begins to trust an issuer."""

import re
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.options import JsonOption
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.trust.show import issuer_json, print_issuer
from signedcert.cli.trust.sites import (
    LoopbackOption,
    SiteOption,
    issuer_named,
    site_of,
)
from signedcert.cli.trust.store import StoreOption, changing, store_path, write_store
from signedcert.cli.trust.taking_in import document_of, with_document, with_lists
from signedcert.trust.chain import look_into


def add(
    *,
    issuer: Annotated[
        str, typer.Argument(metavar="ISSUER", help="The issuer's host: learn.example.edu.")
    ],
    root: Annotated[
        str | None,
        typer.Option(
            "--root",
            metavar="FINGERPRINT",
            help="A root key's fingerprint, learned from the issuer in another way: 64 digits.",
        ),
    ] = None,
    site: SiteOption = None,
    allow_loopback: LoopbackOption = False,
    trust: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Begin to trust an issuer: fetch its document and status lists, and pin its root keys.

    Without --root this is trust on first use: whoever answers for the issuer's site now is believed
    from now on.

    Nothing is added where the document or one of the status lists cannot be had, is not genuine, or
    is dated later than now.
    """
    name, path = issuer_named(issuer), store_path(trust)
    fingerprint = None if root is None else _fingerprint(root)
    with changing(path) as known:
        holding = known.holding(name)
        source = site_of(name, site, allow_loopback=allow_loopback)
        data = document_of(name, source)
        first_use = fingerprint is None and holding is None
        if first_use:
            fingerprint = look_into(data).signing_root
        changed, problems = with_lists(with_document(known, name, data, fingerprint), name, source)
        if problems:
            raise CommandError("\n".join(problems))
        write_store(path, changed)
    content = issuer_json(changed, name) | {"trust_on_first_use": first_use, "store": str(path)}
    if as_json:
        print_json(content)
        return
    print_issuer(screen(), changed, name)
    if first_use:
        screen().print(
            "This is trust on first use: nothing but its own site says that this is the issuer's "
            "root. Compare the fingerprint with one from the issuer itself, or add it with --root."
        )
    screen().print(visible(f"in {path}"))


def _fingerprint(text: str) -> bytes:
    digits = re.sub(r"[\s:]", "", text)
    if not re.fullmatch("[0-9a-fA-F]{64}", digits):
        raise CommandError("--root: expected a fingerprint of 64 hexadecimal digits")
    return bytes.fromhex(digits)
