"""Course certificates and course records that prove themselves.

A platform signs with its Ed25519 key; the learner holds a link, a QR code or a PDF; an employer
checks it offline against the issuer's published keys. Everything for normal use is here:

- sign: :class:`Certificate`, :class:`SoftwareSigner`, :func:`new_id`,
  :func:`issue`, :func:`verify_url`
- course records and shares: ``from signedcert import share``
- check: :class:`Trust`, :func:`verify`, :func:`verify_text`, :class:`Verdict`
- keys in hardware: ``from signedcert.signers.hsm import Pkcs11Signer`` (extra ``hsm``)
- QR codes: ``from signedcert import qr`` (extra ``qr``)
"""

from signedcert.codec.packed import pack, unpack
from signedcert.codec.text import token_from_text, verify_url
from signedcert.crypto.ed25519 import ed25519_verify
from signedcert.crypto.keys import PublicKey
from signedcert.crypto.signer import Signer
from signedcert.errors import (
    DecodeError,
    EncodeError,
    KeyFileError,
    Reason,
    ShareError,
    SignedCertError,
    SignerError,
    TrustError,
)
from signedcert.issue import issue
from signedcert.model.certificate import Certificate, CertificateKind, Limitation, Skill
from signedcert.model.course import (
    Course,
    Credits,
    CreditSystem,
    Delivery,
    Level,
    Module,
    Workload,
)
from signedcert.model.course_record import (
    Assessment,
    AssessmentKind,
    Component,
    CourseFormat,
    CourseRecord,
)
from signedcert.model.identity import Assurance, IdentityCheck, IdentityMethod
from signedcert.model.people import Organisation, Person, Signatory
from signedcert.model.statement import Result, StatusReference
from signedcert.share.shared_record import SharedRecord
from signedcert.share.withheld import WITHHELD, Withheld
from signedcert.signers.callable_signer import CallableSigner
from signedcert.signers.software import SoftwareSigner
from signedcert.signers.spki import public_key_from_spki
from signedcert.trust.trust import Trust
from signedcert.verify.record_link import record_link
from signedcert.verify.verdict import Check, Finding, Outcome, Policy, Status, Verdict
from signedcert.verify.verify import verify, verify_text
from signedcert.workspace.identifiers import new_id

__version__ = "0.1.0"

__all__ = [
    "WITHHELD",
    "Assessment",
    "AssessmentKind",
    "Assurance",
    "CallableSigner",
    "Certificate",
    "CertificateKind",
    "Check",
    "Component",
    "Course",
    "CourseFormat",
    "CourseRecord",
    "CreditSystem",
    "Credits",
    "DecodeError",
    "Delivery",
    "EncodeError",
    "Finding",
    "IdentityCheck",
    "IdentityMethod",
    "KeyFileError",
    "Level",
    "Limitation",
    "Module",
    "Organisation",
    "Outcome",
    "Person",
    "Policy",
    "PublicKey",
    "Reason",
    "Result",
    "ShareError",
    "SharedRecord",
    "Signatory",
    "SignedCertError",
    "Signer",
    "SignerError",
    "Skill",
    "SoftwareSigner",
    "Status",
    "StatusReference",
    "Trust",
    "TrustError",
    "Verdict",
    "Withheld",
    "Workload",
    "ed25519_verify",
    "issue",
    "new_id",
    "pack",
    "public_key_from_spki",
    "record_link",
    "token_from_text",
    "unpack",
    "verify",
    "verify_text",
    "verify_url",
]
