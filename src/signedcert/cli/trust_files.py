"""The files named with ``--trust``: whose keys count."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.errors import TrustError
from signedcert.trust.bundle import BUNDLE_MAX
from signedcert.trust.chain import look_into
from signedcert.trust.jwks import checked_issuer, issuer_of, parse_jwks
from signedcert.trust.trust import Trust

OperatorOption = Annotated[
    str | None,
    typer.Option(
        "--operator",
        metavar="KEY",
        help="The public key of the list operator who signed the bundle: 64 digits.",
    ),
]
_COSE_SIGN1 = b"\xd2"


def trust_from(files: Sequence[Path], issuer: str | None, operator: str | None = None) -> Trust:
    """The issuers and keys of all files.

    :param issuer: whose keys a key set holds that does not say so.
    :param operator: the public key of whoever signed a signed bundle among them.
    :raises CommandError: when a file is neither a trust bundle nor a JWK Set, names no issuer, or
        contradicts another.
    :raises OSError: when a file cannot be read.
    """
    trust = Trust.empty()
    for path in files:
        try:
            trust = trust.with_trust(trust_file(path, operator, issuer))
        except TrustError as error:
            raise CommandError(f"{path}: {error}") from error
    if issuer is not None and _name(issuer) not in trust.issuers:
        named = ", ".join(trust.issuers) or "nobody"
        raise CommandError(f"--issuer says {issuer}, but the trusted issuers are {named}")
    return trust


def trust_file(path: Path, operator: str | None, issuer: str | None = None) -> Trust:
    """The issuers and keys of one file.

    :raises CommandError: as :func:`trust_from` does.
    :raises OSError: when it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(BUNDLE_MAX + 1)
    try:
        return _trust(data, operator, issuer)
    except TrustError as error:
        raise CommandError(f"{path}: {error}") from error


def _trust(data: bytes, operator: str | None, issuer: str | None) -> Trust:
    if not data.strip():
        raise TrustError("it is empty")
    if data.startswith(_COSE_SIGN1):
        _refuse_document(data)
        if operator is None:
            raise TrustError(
                "it is signed by a list operator; say by whom, with --operator and the public key"
            )
        return Trust.from_signed_bundle(data, _operator_key(operator))
    # A bundle is a map of CBOR, whose first byte no JSON begins with.
    if data[0] >> 5 == 5:
        return Trust.from_bundle(data)
    named = issuer_of(parse_jwks(data)) or issuer
    if named is None:
        raise TrustError(
            'the key set does not say whose it is (it has no member "iss"); say it with '
            "--issuer HOST"
        )
    return Trust.from_jwks(named, data)


def _refuse_document(data: bytes) -> None:
    try:
        issuer = look_into(data).issuer
    except TrustError:
        return
    raise TrustError(
        f"it is an issuer document, not a trust store; take it in with: signedcert trust add "
        f"{issuer} --site FOLDER"
    )


def _operator_key(text: str) -> bytes:
    if not re.fullmatch("[0-9a-fA-F]{64}", text):
        raise CommandError("--operator: expected a public key of 64 hexadecimal digits")
    return bytes.fromhex(text)


def _name(issuer: str) -> str:
    try:
        return checked_issuer(issuer)
    except TrustError as error:
        raise CommandError(f"--issuer: {error}") from error
