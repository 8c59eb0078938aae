"""``signedcert trust sign``: a trust bundle signed by a list operator."""

from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.options import (
    JsonOption,
    NowOption,
    PassphraseFdOption,
    given_path,
    moment,
)
from signedcert.cli.passphrase import asking, of_keys
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.trust.exporting import GoodForOption, dated_bundle
from signedcert.cli.trust.store import StoreOption, read_store, refuse_replacing, store_path
from signedcert.trust.bundle import sign_bundle
from signedcert.workspace.atomic_files import replace
from signedcert.workspace.key_file import read_key_file


def sign(
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to write it.", parser=given_path)
    ],
    key: Annotated[
        Path,
        typer.Option(
            "--key",
            metavar="FILE",
            help="The operator's private key (PKCS#8, Ed25519).",
            parser=given_path,
        ),
    ],
    good_for: GoodForOption = "90d",
    trust: StoreOption = None,
    passphrase_fd: PassphraseFdOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign a trust store as the operator of a list, such as a consortium or a ministry.

    Verifiers give your public key with --operator. Sign again before it ends.
    """
    if out.exists() and key.exists() and out.samefile(key):
        raise CommandError("--out would overwrite the key")
    path = store_path(trust)
    known = read_store(path)
    refuse_replacing(path, out)
    signer = read_key_file(key, asking(of_keys(passphrase_fd)))
    data = sign_bundle(dated_bundle(known, good_for, moment(now)), signer)
    replace(out, data)
    operator = signer.public_key.raw.hex()
    if as_json:
        print_json({"file": str(out), "operator": operator, "issuers": list(known.issuers)})
        return
    screen().print(visible(f"wrote     {out}, {len(known.issuers)} issuers"))
    screen().print(f"operator  {operator}")
