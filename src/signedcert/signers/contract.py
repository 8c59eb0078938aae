"""What every signer must satisfy, as tests that anybody can run on a signer of their own.

::

    from signedcert.signers.contract import SignerContract

    class TestMySigner(SignerContract):
        def signer(self):
            return MySigner(...)

pytest runs the class as it stands; ``class TestMySigner(SignerContract, unittest.TestCase)`` runs
under unittest. Neither is needed to import this module.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

from signedcert.codec.base64url import to_base64url
from signedcert.crypto.ed25519 import ed25519_verify
from signedcert.crypto.keys import PublicKey
from signedcert.crypto.prechecks import passes_prechecks
from signedcert.crypto.signer import Signer
from signedcert.errors import SignerError
from signedcert.issue import issue
from signedcert.model.certificate import Certificate
from signedcert.model.course import Course
from signedcert.model.people import Person
from signedcert.trust.trust import Trust
from signedcert.verify.verdict import Status
from signedcert.verify.verify import verify

_MESSAGE = b"signedcert signer contract"
#: Around what implementations cut or hash at, what digests and nonces take, and our largest token.
_SIZES = (0, 1, 2, 25, 64, 4096, 4097, 16_640, 60_000, 2**16, 2**20)
#: What is lost where somebody takes a message for text, a line, or a string of C.
_LIKE_TEXT = (
    bytes(range(256)),
    b"one line\r\nanother\rthe last\n",
    b" \t text \r\n",
    b"\0text\0\0",
    "\ufeffé".encode(),
)
_ISSUER = "issuer.example"
_ISSUED_AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
_THREADS = 2
#: Long enough for what goes wrong at every so many calls: a counter, a session, a buffer.
_IN_A_ROW = 100


class SignerContract:
    """The tests. A subclass gives the signer and may say more about it.

    Each test asks for the signer anew, makes at most 16 signatures, but for one that makes 100, and
    fails with an ``AssertionError`` that says what is wrong.

    :cvar largest_message: the longest message, in bytes, that the signer takes. Key services have
        limits: 4,096 bytes for AWS KMS. What is longer is not tried. A token of signedcert needs
        16,640 bytes at most, most need less than 1,000.
    """

    largest_message: int = 2**20

    def signer(self) -> Signer:
        """The signer under test. The subclass must give it."""
        raise NotImplementedError("the subclass of SignerContract must have a method signer()")

    def private_key(self) -> bytes | None:
        """The private key that the signer holds, where the test knows it; the default is None."""
        return None

    def test_it_is_a_signer(self) -> None:
        """It has what the protocol asks for, and a public key of 32 bytes."""
        signer = self.signer()
        _require(
            isinstance(signer, Signer),
            "a signer has the property public_key and the method sign (signedcert.Signer)",
        )
        _require(
            isinstance(signer.public_key, PublicKey),
            f"public_key is {type(signer.public_key).__name__} instead of signedcert.PublicKey",
        )

    def test_its_public_key_stays_the_same(self) -> None:
        """Its public key is no other after signing."""
        signer = self.signer()
        before = signer.public_key
        signer.sign(_MESSAGE)
        _require(signer.public_key == before, "public_key changes between calls")

    def test_its_key_and_signature_are_canonical(self) -> None:
        """Both are what every verifier accepts: points of large order, and S < L."""
        signer = self.signer()
        _require(
            passes_prechecks(signer.public_key.raw, signer.sign(_MESSAGE)),
            "public_key or the signature is not canonical or of small order (RFC 8032, 5.1.7)",
        )

    def test_a_signature_is_64_bytes(self) -> None:
        """A signature is bytes, and 64 of them."""
        signature: object = self.signer().sign(_MESSAGE)
        _require(
            isinstance(signature, bytes),
            f"sign returns {type(signature).__name__} instead of bytes",
        )
        _require(
            isinstance(signature, bytes) and len(signature) == 64,
            "sign returns another length than 64 bytes; DER and base64 are other encodings",
        )

    def test_it_signs_messages_of_every_length(self) -> None:
        """The whole message is signed as it is, from no byte to :attr:`largest_message`."""
        signer = self.signer()
        for size in sorted({*_SIZES, self.largest_message}):
            if size <= self.largest_message:
                message = bytes(index % 251 for index in range(size))
                _require(
                    _signs(signer, message),
                    f"the signature over a message of {size} bytes does not verify: it must be "
                    "pure Ed25519 over the whole message, which nothing hashes or cuts before",
                )

    def test_it_signs_bytes_and_not_text(self) -> None:
        """Ends of lines, spaces, zero bytes and what is no UTF-8 are signed as they are."""
        signer = self.signer()
        for message in _LIKE_TEXT:
            _require(
                _signs(signer, message),
                f"the signature over {message[:24]!r} does not verify: the message is bytes, in "
                "which nothing is translated, stripped or decoded",
            )

    def test_it_goes_on_signing(self) -> None:
        """A hundred signatures in a row are right, the last as the first."""
        signer = self.signer()
        for number in range(_IN_A_ROW):
            _require(
                _signs(signer, _MESSAGE + number.to_bytes(2, "big")),
                f"signature {number + 1} in a row does not verify, though those before it do: "
                "every call must sign its own message",
            )

    def test_a_signature_is_for_its_message_alone(self) -> None:
        """It does not verify for another message."""
        signer = self.signer()
        signature = signer.sign(_MESSAGE)
        for other in (b"", _MESSAGE[:-1], _MESSAGE + b"\0"):
            _require(
                not ed25519_verify(signer.public_key.raw, other, signature),
                "the signature verifies for a message that was not signed",
            )

    def test_signing_is_deterministic(self) -> None:
        """Two signatures over one message are equal (RFC 8032, section 5.1.6)."""
        signer = self.signer()
        _require(
            signer.sign(_MESSAGE) == signer.sign(_MESSAGE),
            "two signatures over one message differ: Ed25519 takes no randomness (RFC 8032, 5.1.6)",
        )

    def test_text_is_refused(self) -> None:
        """Text raises, because nobody could say which bytes were signed."""
        signer = self.signer()
        try:
            signer.sign("text")  # type: ignore[arg-type]  # the mistake that is tried
        except (TypeError, ValueError, SignerError):
            return
        raise AssertionError("sign takes text; it must raise TypeError for anything but bytes")

    def test_threads_can_share_it(self) -> None:
        """Signatures made by two threads at once are those over their own messages."""
        signer = self.signer()
        messages = [_MESSAGE + bytes((index,)) for index in range(8 * _THREADS)]
        with ThreadPoolExecutor(_THREADS) as threads:
            signatures = list(threads.map(signer.sign, messages))
        for message, signature in zip(messages, signatures, strict=True):
            _require(
                ed25519_verify(signer.public_key.raw, message, signature),
                "a signature made while another thread signed does not verify; take a lock",
            )

    def test_the_private_key_does_not_show(self) -> None:
        """The key is in no repr, str or format, where :meth:`private_key` tells what it is."""
        secret = self.private_key()
        if secret is None:
            return
        signer = self.signer()
        shown = f"{signer!r} {signer!s} {signer} {getattr(signer, '__dict__', None)!r}"
        for form in (secret.hex(), repr(secret)[2:-1], to_base64url(secret), str(list(secret))):
            _require(form not in shown, "the private key shows in the signer's repr, str or vars")

    def test_what_it_issues_verifies(self) -> None:
        """A certificate that it signs is valid under its published key."""
        signer = self.signer()
        certificate = Certificate(
            id=bytes(10),
            issuer=_ISSUER,
            issued_at=_ISSUED_AT,
            learner=Person(name="Ada Example"),
            course=Course(title="Signing", institution="University of Example"),
            completed_on=date(2026, 11, 2),
        )
        token = issue(certificate, signer)
        published = {"kty": "OKP", "crv": "Ed25519", "x": to_base64url(signer.public_key.raw)}
        trust = Trust.from_jwks(_ISSUER, json.dumps({"keys": [published]}).encode())
        verdict = verify(token, trust, now=_ISSUED_AT)
        _require(verdict.status is Status.VALID, f"what it issues is {verdict.status}: {verdict}")


def _signs(signer: Signer, message: bytes) -> bool:
    return ed25519_verify(signer.public_key.raw, message, signer.sign(message))


def _require(holds: bool, otherwise: str) -> None:
    """Fails a test. Not by assert, which ``python -O`` leaves out, and which explains nothing here.

    pytest rewrites assertions in the tests' own modules alone.
    """
    if not holds:
        raise AssertionError(otherwise)
