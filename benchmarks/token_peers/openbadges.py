"""openbadgeslib: an Open Badge 3.0 as a JWT, signed with Ed25519 (by OpenSSL).

The token alone, without the picture that it can be baked into. Its model has no place for an
institution, a workload, a level, a signatory and limitations: they stand in the texts.
"""

from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openbadgeslib import Achievement, Issuer, OB3Signer, OB3Verifier, OpenBadgeCredential
from openbadgeslib.ob3 import IdentityObject

from benchmarks.token_peers.serving import ISSUER, SEED, Content, one_by_one, serve


def main() -> None:
    """Answers the lines on standard input."""
    private = Ed25519PrivateKey.from_private_bytes(SEED)
    signer = OB3Signer(private, algorithm="EdDSA")
    verifier = OB3Verifier(private.public_key())
    issuer = Issuer(id=f"https://{ISSUER}", name=ISSUER)

    def issue(content: Content) -> str:
        token: str = signer.sign(_credential(content, issuer))
        return token

    def verify(token: str) -> object:
        credential = verifier.verify(token)
        if credential.issuer.id != issuer.id:
            raise ValueError("of another issuer")
        return credential

    serve(one_by_one(issue, verify))


def _credential(content: Content, issuer: Issuer) -> OpenBadgeCredential:
    course, learner = content["course"], content["learner"]
    hours = course["workload"]["total_hours"]
    signatories = ", ".join(f"{each['name']}, {each['title']}" for each in content["signatories"])
    return OpenBadgeCredential(
        id=f"urn:uuid:{content['id']}",
        issuer=issuer,
        recipient_id=None,
        identifiers=[
            IdentityObject(identity_hash=name, identity_type="name", hashed=False)
            for name in learner.values()
        ],
        achievement=Achievement(
            id=f"https://{ISSUER}/{course['title'].casefold().replace(' ', '-')}",
            name=course["title"],
            description=f"{course['institution']}, {course['level']}, {hours} hours",
            criteria_narrative=f"Completed on {content['completed_on']}. {signatories}. "
            f"{', '.join(content['limitations'])}.",
            tags=content["skills"],
            achievement_type="Certificate",
        ),
        issuance_date=datetime.fromtimestamp(content["issued_at"], UTC),
    )


if __name__ == "__main__":
    main()
