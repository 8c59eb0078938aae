"""The signatures alone, over the messages of our own tokens: PyNaCl, or OpenSSL."""

import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.signing import SigningKey

import signedcert as sc
from benchmarks.token_peers.own import certificate
from benchmarks.token_peers.serving import SEED, Calls, Content, serve
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import Frame

_SIGNATURE = 64


def message(token: bytes) -> bytes:
    """What is signed (RFC 9052, section 4.4)."""
    frame = parse_frame(token)
    assert isinstance(frame, Frame)
    return frame.to_be_signed()


def main() -> None:
    """Answers the lines on standard input. Its tokens are signatures before their messages."""
    signer = sc.SoftwareSigner(SEED)
    messages: list[bytes] = []
    openssl, pynacl = Ed25519PrivateKey.from_private_bytes(SEED), SigningKey(SEED)
    openssl_public, pynacl_public = openssl.public_key(), pynacl.verify_key

    def issue(contents: list[Content]) -> list[bytes]:
        if not messages:
            messages.extend(message(sc.issue(certificate(each), signer)) for each in contents)
        if "--openssl" in sys.argv:
            return [openssl.sign(each) + each for each in messages]
        return [bytes(pynacl.sign(each)) for each in messages]

    def verify(signed: list[bytes]) -> list[None]:
        if "--openssl" in sys.argv:
            for each in signed:
                openssl_public.verify(each[:_SIGNATURE], each[_SIGNATURE:])
        else:
            for each in signed:
                pynacl_public.verify(each[_SIGNATURE:], each[:_SIGNATURE])
        return []

    serve(Calls(issue, verify))


if __name__ == "__main__":
    main()
