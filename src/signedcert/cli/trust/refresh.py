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
    issuer_named,
    site_of,
)
from signedcert.cli.trust.store import StoreOption, changing_present, store_path, write_store
from signedcert.cli.trust.taking_in import document_of, with_document, with_lists
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

    What cannot be fetched, is not genuine, is older than what is known, or is dated later than now,
    leaves what is known as it was, and is reported with exit code 2. A newer document counts even
    where its status lists cannot be had, and each newer list even where others cannot.
    """
    path = store_path(trust)
    results: list[dict[str, object]] = []
    taken: list[str] = []
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
                changed, problems = with_lists(changed, name, source)
                taken.append(name)
                result = issuer_json(changed, name)
            except SignedCertError as error:
                result, problems = {"issuer": name}, (str(error),)
            if problems:
                failed = True
                result["error"] = "; ".join(problems)
            results.append(result)
            for problem in problems:
                error_screen().print(visible(f"signedcert: {name}: {problem}"))
        if changed != known:
            write_store(path, changed)
    if as_json:
        print_json(results)
    else:
        for name in taken:
            print_issuer(screen(), changed, name)
    if failed:
        raise typer.Exit(ExitCode.USAGE)


def _with_newer_document(known: Trust, name: str, source: "Site") -> Trust:
    holding = known.holding(name)
    if holding is None:
        raise TrustError(f"it is not trusted yet: signedcert trust add {name}")
    if holding.pin is None:
        raise TrustError("it is trusted by a key set alone; remove it, and add it from its site")
    return with_document(known, name, document_of(name, source))
