"""``signedcert trust export`` and ``import``: the trust store as one file, to be carried."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.options import JsonOption, NowOption, duration, given_path, moment
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.trust.sites import issuer_named
from signedcert.cli.trust.store import (
    StoreOption,
    changing,
    read_store,
    refuse_replacing,
    store_path,
    write_store,
)
from signedcert.cli.trust_files import OperatorOption, trust_file
from signedcert.trust.trust import Trust
from signedcert.workspace.atomic_files import replace

GoodForOption = Annotated[
    str | None,
    typer.Option(
        "--good-for",
        metavar="TIME",
        help="After which nothing in the file is VALID any more: 90d.",
    ),
]


def export(
    *,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Where to write it.", parser=given_path)
    ],
    issuers: Annotated[
        list[str] | None, typer.Argument(metavar="ISSUER...", help="Which; all unless said.")
    ] = None,
    good_for: GoodForOption = None,
    trust: StoreOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write whom you trust into one file, for a machine without a network."""
    path = store_path(trust)
    known = read_store(path)
    refuse_replacing(path, file)
    if issuers:
        wanted = {issuer_named(each) for each in issuers}
        if missing := sorted(wanted - set(known.issuers)):
            raise CommandError(f"not among the trusted issuers: {', '.join(missing)}")
        for name in known.issuers:
            known = known if name in wanted else known.without(name)
    data = dated_bundle(known, good_for, moment(now))
    replace(file, data)
    if as_json:
        print_json({"file": str(file), "bytes": len(data), "issuers": list(known.issuers)})
    else:
        screen().print(visible(f"wrote  {file}, {len(known.issuers)} issuers, {len(data)} bytes"))


def import_(
    *,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A trust bundle, perhaps a signed one.", parser=given_path
        ),
    ],
    operator: OperatorOption = None,
    trust: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in the trust bundle of a file. Whoever gave it to you chose whom you trust.

    Of an issuer known already, its newer document and lists count; other roots are refused.
    """
    path = store_path(trust)
    with changing(path) as known:
        added = trust_file(file, operator)
        merged = known.with_trust(added)
        write_store(path, merged)
    if as_json:
        print_json({"store": str(path), "imported": list(added.issuers)})
        return
    for name in added.issuers:
        screen().print(visible(f"trusted  {name}"))
    screen().print(visible(f"in {path}"))


def dated_bundle(known: Trust, good_for: str | None, now: datetime) -> bytes:
    """The bundle, with its date and end where an end is asked for."""
    if good_for is None:
        return known.to_bundle()
    good = duration(good_for, "--good-for")
    if not good:
        raise CommandError("--good-for: expected more than nothing")
    try:
        at = now.astimezone(UTC)
        end = at + good
    except OverflowError:
        raise CommandError("--good-for: that ends after the year 9999") from None
    return known.to_bundle(issued_at=at, next_update=end)
