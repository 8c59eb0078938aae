"""Sites written file by file, with whatever an issuer or an attacker could put there."""

import json
from pathlib import Path
from typing import Any

from published_issuers import printed

import signedcert as sc
import trusting
from issuing import ISSUER, NOW
from trusting import ROOT, document, status_list

#: The moment at which the tests verify, as the command line takes it.
AT = ("--now", f"{NOW:%Y-%m-%dT%H:%M:%SZ}")
DOCUMENT = ".well-known/signedcert/issuer.cbor"
LISTS = "status/lists.json"
FINGERPRINT = ROOT.public_key.thumbprint.hex()


def files(
    data: bytes | None = None, *lists: bytes, issuer: str = ISSUER, **extra: bytes
) -> dict[str, bytes]:
    """A site's files by path: a document, and status lists from number 1 on."""
    tokens = lists or (status_list(subject=f"https://{issuer}/status/1.cwt"),)
    uris = [f"https://{issuer}/status/{number + 1}.cwt" for number in range(len(tokens))]
    return {
        DOCUMENT: document() if data is None else data,
        LISTS: json.dumps({"status_lists": uris}).encode(),
        **{f"status/{number + 1}.cwt": token for number, token in enumerate(tokens)},
        **extra,
    }


def write(folder: Path, content: dict[str, bytes]) -> Path:
    """A folder with these files."""
    for path, data in content.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


def other_document(issuer: str, version: int = 1) -> bytes:
    """The document of another issuer, which has keys of its own."""
    signer = sc.SoftwareSigner(issuer.encode().ljust(32, b".")[:32])
    return document(version, issuer=issuer, keys=(trusting.key(signer), trusting.STATUS_KEY))


def add(store: Path, site: object, *options: object, issuer: str = ISSUER) -> Any:
    return printed("trust", "add", issuer, "--site", site, "--trust", store, *options)
