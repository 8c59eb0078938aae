"""Makes keys/: the README's example certificate, and the public key that verifies it.

The private key is made, signs once, and is gone when this script ends: it is never written.
Running it again makes another key, and all three files anew.
"""

from datetime import UTC, datetime
from pathlib import Path

from signedcert import (
    SoftwareSigner,
    Status,
    Trust,
    issue,
    new_id,
    qr,
    verify_text,
    verify_url,
)
from signedcert.workspace.key_set import KEY_PERIOD, jwk, jwk_set
from specification.example_data import CERTIFICATE

ROOT = Path(__file__).resolve().parent.parent
ISSUER = "learn.example.edu"
PAGE = f"https://{ISSUER}/c/"
#: Pixels a module: README shows the image as it is.
SCALE = 4


def main() -> None:
    """Makes the three files, and verifies what they hold before it writes any."""
    now = datetime.now(UTC).replace(microsecond=0)
    signer = SoftwareSigner.generate()
    certificate = CERTIFICATE.model_copy(update={"id": new_id(), "issued_at": now})
    token = issue(certificate, signer)
    published = jwk_set(ISSUER, [jwk(signer.public_key, now, KEY_PERIOD)], now)
    url = verify_url(PAGE, token)
    code = qr.encode(PAGE, token)
    verdict = verify_text(url, Trust.from_jwks(ISSUER, published), now=now)
    assert verdict.status is Status.VALID, verdict
    images = ROOT / "docs" / "images"
    images.mkdir(parents=True, exist_ok=True)
    (ROOT / "keys").mkdir(exist_ok=True)
    (ROOT / "keys" / f"{ISSUER}.jwks.json").write_bytes(published)
    (ROOT / "keys" / "example-certificate.txt").write_text(f"{url}\n", encoding="ascii")
    (images / "example-qr.png").write_bytes(qr.png(code, scale=SCALE))
    print(f"wrote keys/ and docs/images/example-qr.png: QR code version {code.version}")


if __name__ == "__main__":
    main()
