"""Checks of the files made from an issuer document, for software that knows nothing else.

A key that stands in them and not in the document, or longer than there, is a key that somebody
relies on without the issuer's root having said so.
"""

from typing import Any

from signedcert.codec.base64url import from_base64url
from signedcert.crypto.keys import KEY_SIZE, PublicKey
from signedcert.errors import DecodeError, TrustError
from signedcert.fetch.doctor.findings import PUBLISH, Finding, Level, quoted
from signedcert.fetch.doctor.snapshot import FileRead
from signedcert.model.issuer_document import IssuerDocument, KeyUse
from signedcert.trust import jwks
from signedcert.trust.key_entry import KeyEntry
from signedcert.trust.strict_json import parse_json

#: Members of private and secret keys (RFC 8037, section 2; RFC 7518, section 6).
_SECRET = frozenset({"d", "k"})


def check_key_set(read: FileRead, document: IssuerDocument, expected: bytes) -> list[Finding]:
    """Whether the JWK Set has the keys that the document has for statements, and no others.

    :param expected: the JWK Set that the document stands for.
    """
    if read.problem is not None:
        return [_unread("jwks", read, Level.FAULT, "Software that reads JWK Sets finds no keys")]
    if secret := _private_key(read.data):
        return [secret]
    try:
        content = jwks.parse_jwks(read.data)
        named = jwks.issuer_of(content)
        found = jwks.entries(content, document.issuer)
        made = jwks.published_at(content)
    except TrustError as error:
        return [Finding(Level.FAULT, "jwks", f"{read.path}: {error}.", PUBLISH)]
    wanted = jwks.entries(jwks.parse_jwks(expected), document.issuer)
    problems = _key_differences(found, wanted, document)
    if named not in (None, document.issuer):
        problems.append(f"it says that it is {named}'s")
    if problems:
        return [_contradiction("jwks", read.path, problems)]
    if made != document.issued_at:
        says = f"{read.path} has the right keys, but was made from another issuer document."
        return [Finding(Level.WARNING, "jwks", says, PUBLISH)]
    says = f"{read.path} has the same keys and periods as the issuer document."
    return [Finding(Level.OK, "jwks", says)]


def check_did(read: FileRead, expected: bytes) -> list[Finding]:
    """Whether the DID document has the keys of the issuer document, and no others.

    :param expected: the DID document that the issuer document stands for.
    """
    if read.problem is not None:
        return [_unread("did", read, Level.WARNING, "Software that resolves did:web finds no keys")]
    try:
        found = parse_json(read.data)
    except ValueError as error:
        says = f"{read.path} is not plain JSON in UTF-8: {error}."
        return [Finding(Level.FAULT, "did", says, PUBLISH)]
    if not isinstance(found, dict):
        return [Finding(Level.FAULT, "did", f"{read.path} is not a JSON object.", PUBLISH)]
    problems = _did_differences(found, parse_json(expected))
    if problems:
        return [_contradiction("did", read.path, problems)]
    says = f"{read.path} has the same keys as the issuer document."
    return [Finding(Level.OK, "did", says)]


def _unread(check: str, read: FileRead, level: Level, effect: str) -> Finding:
    if read.missing:
        says = f"{read.path} is missing. {effect}."
        return Finding(level, check, says, f"Upload it with the rest of the site; or: {PUBLISH}")
    says = f"{read.path} cannot be read: {read.problem}. {effect}."
    return Finding(level, check, says, "See that the web server hands it out as it is")


def _contradiction(check: str, path: str, problems: list[str]) -> Finding:
    says = f"{path} contradicts the issuer document: {'; '.join(problems)}."
    advice = (
        f"{PUBLISH}. Find out who changed the file: nobody needs to write it by hand, and whoever "
        "reads it believes these keys"
    )
    return Finding(Level.FAULT, check, says, advice)


def _private_key(data: bytes) -> Finding | None:
    """The worst that can stand in a JWK Set. What it is comes from the public half beside it."""
    try:
        content = parse_json(data)
    except ValueError:
        return None
    keys = content.get("keys") if isinstance(content, dict) else None
    for key in keys if isinstance(keys, list) else ():
        if isinstance(key, dict) and _SECRET & key.keys():
            kid = _kid_of(key)
            says = (
                f"A private key stands in the published key set{'' if kid is None else f': {kid}'}."
                " Everybody can sign with it."
            )
            named = "KID" if kid is None else kid
            advice = (
                f"Now: signedcert compromise {named} --workspace DIR; signedcert rotate "
                f"--workspace DIR; then {PUBLISH}. Taking the file away is not enough"
            )
            return Finding(Level.FAULT, "private_key", says, advice)
    return None


def _kid_of(key: dict[str, Any]) -> str | None:
    x = key.get("x")
    try:
        raw = from_base64url(x) if isinstance(x, str) else b""
    except DecodeError:
        return None
    return PublicKey(raw).kid.hex() if len(raw) == KEY_SIZE else None


def _key_differences(
    found: tuple[KeyEntry, ...], wanted: tuple[KeyEntry, ...], document: IssuerDocument
) -> list[str]:
    problems = []
    expected = {each.public_key: each for each in wanted}
    for entry in found:
        kid, listed = entry.public_key.kid.hex(), expected.get(entry.public_key)
        if listed is None:
            problems.append(f"the key {kid} {_stranger(entry.public_key.raw, document)}")
        elif entry != listed:
            problems.append(f"the key {kid} has {_difference(entry, listed)}")
    present = [entry.public_key for entry in found]
    problems += [
        f"the key {key.kid.hex()} stands in it twice"
        for key in dict.fromkeys(present)
        if present.count(key) > 1
    ]
    return problems + [
        f"the key {key.kid.hex()} is missing" for key in expected if key not in present
    ]


def _stranger(raw: bytes, document: IssuerDocument) -> str:
    """What a key is that does not belong there."""
    if raw in document.roots:
        return "is a root key, and could then sign certificates"
    if any(each.key == raw and each.use is KeyUse.STATUS for each in document.keys):
        return "is for status lists, and could then sign certificates"
    return "is not in the document"


def _difference(entry: KeyEntry, listed: KeyEntry) -> str:
    if (entry.revocation, entry.revoked_at) != (listed.revocation, listed.revoked_at):
        return "another revocation"
    return "another period"


def _did_differences(found: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    problems = []
    if found.get("id") != expected["id"]:
        problems.append(f"its id is {quoted(found.get('id'))}, not {expected['id']}")
    listed = found.get("verificationMethod")
    methods = {
        str(each.get("id")): each
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, dict)
    }
    wanted = {each["id"]: each for each in expected["verificationMethod"]}
    problems += [
        f"the key {quoted(name)} is not in the document"
        for name in sorted(methods.keys() - wanted.keys())
    ]
    problems += [f"the key {name} is missing" for name in sorted(wanted.keys() - methods.keys())]
    for name in sorted(wanted.keys() & methods.keys()):
        # A member "revoked" that is there and should not be counts as well as one that is missing.
        names = wanted[name].keys() | {"expires", "revoked"}
        if any(methods[name].get(member) != wanted[name].get(member) for member in names):
            problems.append(f"the key {name} says something else")
    asserting = found.get("assertionMethod")
    if _as_text(asserting) != _as_text(expected["assertionMethod"]):
        problems.append("its list of the keys that sign certificates (assertionMethod) is another")
    return problems


def _as_text(members: object) -> list[str]:
    return sorted(map(str, members)) if isinstance(members, list) else [str(members)]
