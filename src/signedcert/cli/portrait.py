"""``signedcert portrait``: a photo → the digest that is signed, and the salt that is kept."""

from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.document_options import SaltOption, check_installed, salt_from
from signedcert.cli.options import JsonOption, given_path
from signedcert.cli.portrait_issuing import photo_in
from signedcert.cli.screen import print_json, screen


def portrait(
    photo: Annotated[
        Path,
        typer.Argument(
            metavar="PHOTO", help="A PNG or JPEG file.", parser=given_path, show_default=False
        ),
    ],
    salt: SaltOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the salted digest of a learner's photo, to be signed within an identity check.

    Put portrait_digest into the check that the photo belongs to, in the certificate's JSON, and
    keep the salt with the photo. The file counts byte for byte: do not save it anew.

    "signedcert issue --portrait PHOTO" does all of that at once.
    """
    check_installed()
    from signedcert.documents.portrait import new_salt, portrait_digest  # needs the extra pdf

    content = photo_in(photo)
    chosen = new_salt() if salt is None else salt_from(salt)
    digest = portrait_digest(chosen, content)
    if as_json:
        print_json({"salt": chosen.hex(), "portrait_digest": digest.hex()})
        return
    console = screen()
    console.print(f"portrait_digest  {digest.hex()}")
    console.print(f"salt             {chosen.hex()}")
    console.print(
        "The digest is signed. The salt is not: keep it with the photo, and give both to the "
        "learner alone."
    )
