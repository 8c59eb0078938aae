"""Runs in python-cwt's own environment: token and key in, its claims out, both in hexadecimal.

Exit code 0 and JSON where python-cwt verified the token; 1 and its error's name where it refused.
"""

import json
import sys

from cwt import COSE, CWT, COSEKey


def readable(value: object) -> object:
    """Claims as JSON: maps as lists of pairs, so that their order and keys' types show."""
    if isinstance(value, dict):
        return [[key, readable(item)] for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [readable(item) for item in value]
    return value.hex() if isinstance(value, bytes) else value


def main() -> int:
    token, public_key, kid = map(bytes.fromhex, sys.argv[1:])
    # A COSE_Key (RFC 9052, section 7): OKP, its kid, Ed25519 (-19, RFC 9864), the curve, x.
    key = COSEKey.new({1: 1, 2: kid, 3: -19, -1: 6, -2: public_key})
    try:
        protected, unprotected, payload = COSE.new().decode_with_headers(token, key)
        claims = CWT.new().decode(token, key)
    except Exception as error:  # noqa: BLE001  # the library's errors have many roots
        sys.stdout.write(type(error).__name__)
        return 1
    found = {"protected": protected, "unprotected": unprotected, "claims": claims}
    document = {name: readable(item) for name, item in found.items()} | {"raw": payload.hex()}
    sys.stdout.write(json.dumps(document))
    return 0


if __name__ == "__main__":
    sys.exit(main())
