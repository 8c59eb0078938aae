"""What scripts outside the project rely on: the names, what importing costs, what a wheel holds."""

import inspect
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import signedcert as sc
from signedcert import share
from signedcert.web.page import built_files

ROOT = Path(__file__).parents[2]
PAGE = "signedcert/web/page/"

NAMES = [
    "WITHHELD", "Assessment", "AssessmentKind", "Assurance", "CallableSigner", "Certificate",
    "CertificateKind", "Check", "Component", "Course", "CourseFormat", "CourseRecord",
    "CreditSystem", "Credits", "DecodeError", "Delivery", "EncodeError", "Finding",
    "IdentityCheck", "IdentityMethod", "KeyFileError", "Level", "Limitation", "Module",
    "Organisation", "Outcome", "Person", "Policy", "PublicKey", "Reason", "Result", "ShareError",
    "SharedRecord", "Signatory", "SignedCertError", "Signer", "SignerError", "Skill",
    "SoftwareSigner", "Status", "StatusReference", "Trust", "TrustError", "Verdict", "Withheld",
    "Workload", "ed25519_verify", "issue", "new_id", "pack", "public_key_from_spki", "record_link",
    "token_from_text", "unpack", "verify", "verify_text", "verify_url",
]  # fmt: skip
REASONS = {
    "ok", "not_reached",
    "empty_input", "too_large", "no_fragment", "damaged_text", "unknown_format", "newer_format",
    "damaged_compression", "wrong_packing", "not_a_token", "not_deterministic", "missing_header",
    "extra_header", "unprotected_header", "wrong_algorithm", "wrong_type",
    "unknown_key", "signature_mismatch", "schema_violation", "unknown_field", "unknown_value",
    "other_issuer", "no_key_period", "before_key_period", "after_key_period", "key_retired",
    "key_compromised", "key_revoked", "issued_in_future", "not_yet_valid", "expired",
    "no_status_reference", "status_list_missing",
    "issuer_document_stale", "issuer_document_refused", "bundle_stale", "dated_in_future",
    "key_compromised_vouched",
    "status_list_refused", "status_list_stale", "status_out_of_range", "status_unknown",
    "revoked", "suspended",
    "disclosure_mismatch", "sealed_file_missing", "sealed_file_refused",
    "no_share", "not_presented", "audience_not_asked", "other_audience", "holder_mismatch",
    "share_outside_record", "share_issued_in_future", "share_expired",
    "no_record_id", "other_record",
    # Of errors alone: no finding has them.
    "untrusted_root", "broken_handover", "rollback", "fork",
}  # fmt: skip
SIGNATURES = {
    "issue": ["statement", "signer"],
    "verify": ["token", "trust", "*now", "*policy"],
    "verify_text": ["text", "trust", "*now", "*policy", "*sealed_file"],
    "record_link": ["certificate", "record"],
    "verify_url": ["page", "token"],
    "pack": ["token"],
    "unpack": ["packed"],
    "token_from_text": ["text"],
    "ed25519_verify": ["public_key", "message", "signature"],
    "new_id": [],
}


def test_exported_names():
    assert sc.__all__ == NAMES
    assert all(hasattr(sc, name) for name in NAMES)


@pytest.mark.parametrize(("name", "parameters"), SIGNATURES.items())
def test_signatures(name, parameters):
    found = inspect.signature(getattr(sc, name)).parameters.values()
    assert [("*" if p.kind is p.KEYWORD_ONLY else "") + p.name for p in found] == parameters


SHARE_NAMES = [
    "SHARE_PLACES", "WITHHELD", "HeldRecord", "Preset", "Sealed", "ShareClaims", "SharePlaces",
    "SharedRecord", "Withheld", "create", "issue_record", "recovery_code", "seal", "sealed_name",
    "sealed_url", "secret_from_text", "unseal", "unseal_link",
]  # fmt: skip
SHARE_SIGNATURES = {
    "issue_record": ["record", "signer", "*holder_key", "*random_bytes", "*share_places"],
    "create": [
        "record_token", "*disclosures", "*holder_signer", "*audience", "*issued_at", "*expires_at",
        "*share_id", "*slot",
    ],
    "seal": ["share", "secret"],
    "unseal": ["secret", "file"],
    "unseal_link": ["text", "file"],
    "sealed_name": ["secret"],
    "sealed_url": ["page", "secret"],
    "secret_from_text": ["text"],
    "recovery_code": ["entropy"],
}  # fmt: skip


def test_names_of_shares():
    assert share.__all__ == SHARE_NAMES
    assert all((getattr(share, name).__doc__ or "").strip() for name in SHARE_NAMES)


@pytest.mark.parametrize(("name", "parameters"), SHARE_SIGNATURES.items())
def test_signatures_of_shares(name, parameters):
    found = inspect.signature(getattr(share, name)).parameters.values()
    assert [("*" if p.kind is p.KEYWORD_ONLY else "") + p.name for p in found] == parameters


@pytest.mark.parametrize("name", [name for name in NAMES if name != "Signer"])
def test_everything_exported_says_what_it_promises(name):
    assert (getattr(sc, name).__doc__ or "").strip()


def test_exceptions_have_one_root():
    errors = [getattr(sc, name) for name in NAMES if name.endswith("Error")]
    assert len(errors) == 7
    assert all(issubclass(error, sc.SignedCertError) for error in errors)
    assert sc.SignedCertError.__bases__ == (Exception,)


def test_closed_sets():
    assert {str(reason) for reason in sc.Reason} == REASONS
    assert [str(status) for status in sc.Status] == ["VALID", "INVALID", "INDETERMINATE"]
    assert {str(outcome) for outcome in sc.Outcome} == {
        "PASSED", "FAILED", "UNKNOWN", "NOT_APPLICABLE", "NOT_RUN",
    }  # fmt: skip
    assert [str(check) for check in sc.Check] == [
        "FORMAT", "ISSUER_TRUSTED", "SIGNATURE", "SCHEMA",
        "ISSUER_MATCHES_KEY", "KEY_PERIOD", "VALIDITY", "STATUS",
        "AUDIENCE", "HOLDER", "SHARE_VALIDITY", "SHARE_STATUS", "RECORD_LINK",
    ]  # fmt: skip


METHODS = {
    "empty": [],
    "from_jwks": ["issuer", "data"],
    "from_bundle": ["data"],
    "from_signed_bundle": ["data", "operator_key"],
    "with_jwks": ["self", "issuer", "data"],
    "with_issuer_document": ["self", "data", "pinned_root"],
    "with_status_list": ["self", "data", "issuer"],
    "with_trust": ["self", "other"],
    "without": ["self", "issuer"],
    "to_bundle": ["self", "*issued_at", "*next_update"],
    "problems": ["self"],
}


@pytest.mark.parametrize(("name", "parameters"), METHODS.items())
def test_methods_of_trust(name, parameters):
    found = inspect.signature(getattr(sc.Trust, name)).parameters.values()
    assert [("*" if p.kind is p.KEYWORD_ONLY else "") + p.name for p in found] == parameters
    assert (getattr(sc.Trust, name).__doc__ or "").strip()


def test_new_ids_differ():
    ids = {sc.new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(identifier) for identifier in ids} == {10}


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_importing_loads_no_extra():
    loaded = run("import sys, signedcert; print(*sys.modules)").split()
    assert "signedcert.verify.verify" in loaded
    extras = ("segno", "PIL", "zxingcpp", "typer", "click", "rich", "pkcs11", "pyarrow", "httpx",
              "typst")  # fmt: skip
    ours = ("signedcert.qr", "signedcert.cli", "signedcert.web")
    assert [name for name in loaded if name.split(".")[0] in extras or name in ours] == []


def test_importing_reads_no_file_and_asks_no_clock():
    code = """
import sys
import pydantic, cbor2, nacl.signing, cryptography.hazmat.primitives.asymmetric.ed25519
import cryptography.hazmat.primitives.serialization, cryptography.hazmat.primitives.ciphers.aead
events = set()
def audit(event, arguments):
    if event == "open" and "signedcert" in str(arguments[0]) and ".py" not in str(arguments[0]):
        events.add(str(arguments[0]))
    if event.startswith(("socket", "subprocess")):
        events.add(event)
sys.addaudithook(audit)
import signedcert
print(*events)
"""
    assert run(code).split() == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_what_it_needs(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        dictionary = archive.read("signedcert/codec/dictionary1.bin")
        page = {name: archive.read(name) for name in names if name.startswith(PAGE)}
    assert "signedcert/py.typed" in names
    source = ROOT / "src" / "signedcert"
    assert dictionary == (source / "codec" / "dictionary1.bin").read_bytes()
    assert page == {f"{PAGE}{name}": data for name, data in built_files().items()}
    modules = {f"signedcert/{path.relative_to(source).as_posix()}" for path in source.rglob("*.py")}
    assert modules <= names
    assert not [name for name in names if name.endswith((".pem", ".key")) or "tests/" in name]


def test_the_wheel_works_without_the_checkout(wheel):
    # From the archive itself: data files must be read through the import system.
    code = f"""
import sys
sys.path.insert(0, {str(wheel)!r})
import signedcert as sc
from signedcert.codec.dictionary import dictionary1
from signedcert.web import page_files
assert {wheel.name!r} in sc.__file__
print(len(dictionary1()), len(page_files()))
"""
    dictionary, page = map(int, run(code).split())
    assert dictionary > 1000
    assert page > 10
