"""Private-key files: what is written, and that OpenSSL reads it."""

import subprocess

import pytest

import signedcert as sc
from signedcert.signers.pbes2 import ROUNDS


@pytest.mark.parametrize("passphrase", ["a", "correct horse", "pässwörd", "x" * 500])
def test_openssl_reads_what_is_written(passphrase: str) -> None:
    signer = sc.SoftwareSigner.generate()
    pem = signer.to_pem(passphrase.encode())
    assert sc.SoftwareSigner.from_pem(pem, passphrase.encode()).public_key == signer.public_key
    command = ["openssl", "pkey", "-passin", f"pass:{passphrase}", "-pubout", "-outform", "DER"]
    written = subprocess.run(command, input=pem, capture_output=True, check=True).stdout
    assert written.endswith(signer.public_key.raw)


def test_guessing_a_passphrase_is_made_slow() -> None:
    pem = sc.SoftwareSigner.generate().to_pem(b"passphrase")
    shown = subprocess.run(
        ["openssl", "asn1parse"], input=pem, capture_output=True, check=True
    ).stdout.decode()
    for part in ("PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc", f":{ROUNDS:06X}"):
        assert part in shown
    assert ROUNDS >= 600_000


def test_no_two_files_are_alike() -> None:
    signer = sc.SoftwareSigner.generate()
    assert signer.to_pem(b"same") != signer.to_pem(b"same")
