"""The files named with ``--trust``: whose keys count."""

from collections.abc import Sequence
from pathlib import Path

from signedcert.cli.failures import CommandError
from signedcert.errors import TrustError
from signedcert.trust.jwks import JWKS_MAX, checked_issuer, issuer_of, parse_jwks
from signedcert.trust.trust import Trust


def trust_from(files: Sequence[Path], issuer: str | None) -> Trust:
    """The keys of all files.

    :param issuer: whose keys a file holds that does not say so.
    :raises CommandError: when a file is no JWK Set, names no issuer, or repeats one.
    :raises OSError: when a file cannot be read.
    """
    trust = Trust.empty()
    for path in files:
        try:
            trust = _with_file(trust, path, issuer)
        except TrustError as error:
            raise CommandError(f"{path}: {error}") from error
    if issuer is not None and _name(issuer) not in trust.issuers:
        named = ", ".join(trust.issuers) or "nobody"
        raise CommandError(f"--issuer says {issuer}, but the key sets are of {named}")
    return trust


def _with_file(trust: Trust, path: Path, issuer: str | None) -> Trust:
    with path.open("rb") as file:
        data = file.read(JWKS_MAX + 1)
    named = issuer_of(parse_jwks(data)) or issuer
    if named is None:
        raise TrustError(
            'the key set does not say whose it is (it has no member "iss"); say it with '
            "--issuer HOST"
        )
    return trust.with_jwks(named, data)


def _name(issuer: str) -> str:
    try:
        return checked_issuer(issuer)
    except TrustError as error:
        raise CommandError(f"--issuer: {error}") from error
