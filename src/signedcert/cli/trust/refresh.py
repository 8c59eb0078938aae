"""``signedcert trust refresh``: fetches anew what is known of trusted issuers."""

from typing import TYPE_CHECKING, Annotated

import typer

from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError
from signedcert.cli.options import JsonOption
from signedcert.cli.screen import error_screen, print_json, screen, visible
from signedcert.cli.trust.show import issuer_json, print_issuer
from signedcert.cli.trust.sites import (
    LoopbackOption,
    SiteOption,
    document_of,
    issuer_named,
    site_of,
    with_lists,
)
from signedcert.cli.trust.store import StoreOption, changing_present, store_path, write_store
from signedcert.errors import SignedCertError, TrustError
from signedcert.trust.trust import Trust

if TYPE_CHECKING:
    from signedcert.fetch.published import Site


def refresh(
    *,
    issuers: Annotated[
        list[str] | None,
        typer.Argument(metavar="ISSUER...", help="Which; all of them unless said."),
    ] = None,
    site: SiteOption = None,
    allow_loopback: LoopbackOption = False,
    trust: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch the documents and status lists of trusted issuers anew.

    What cannot be fetched, or is not genuine, leaves what is known as it was, and is reported with
    exit code 2. A newer document counts even where its status lists cannot be had.
    """
    path = store_path(trust)
    results: list[dict[str, object]] = []
    failed = False
    with changing_present(path) as known:
        # A dictionary, because it keeps the order and has each once.
        names = list(dict.fromkeys(issuer_named(each) for each in issuers or known.issuers))
        if site is not None and len(names) != 1:
            raise CommandError("--site is for one issuer; name it")
        changed = known
        for name in names:
            try:
                source = site_of(name, site, allow_loopback=allow_loopback)
                changed = _with_newer_document(changed, name, source)
                changed = with_lists(changed, name, source)
                results.append(issuer_json(changed, name))
            except SignedCertError as error:
                failed = True
                error_screen().print(visible(f"signedcert: {name}: {error}"))
                results.append({"issuer": name, "error": str(error)})
        if changed != known:
            write_store(path, changed)
    if as_json:
        print_json(results)
    else:
        for result in results:
            if "error" not in result:
                print_issuer(screen(), changed, str(result["issuer"]))
    if failed:
        raise typer.Exit(ExitCode.USAGE)


def _with_newer_document(known: Trust, name: str, source: "Site") -> Trust:
    holding = known.holding(name)
    if holding is None:
        raise TrustError(f"it is not trusted yet: signedcert trust add {name}")
    if holding.pin is None:
        raise TrustError("it is trusted by a key set alone; remove it, and add it from its site")
    return known.with_issuer_document(document_of(name, source))
