"""Course records: rows that the learner reveals or withholds, shares, and sealed shares.

- an issuer: :func:`issue_record`
- a learner: :class:`HeldRecord`, :func:`create` with a :class:`Preset` or paths, :func:`seal` with
  :func:`sealed_url`, :func:`recovery_code`
- whoever receives a share: :func:`signedcert.verify`, whose verdict has a :class:`SharedRecord`
  with :data:`WITHHELD` in it; before that, of a sealed share, :func:`unseal_link` with the file
  that :func:`sealed_name` names
"""

from signedcert.codec.text import sealed_url, secret_from_text
from signedcert.model.issued_record import SHARE_PLACES, ShareClaims, SharePlaces
from signedcert.share.held_record import HeldRecord, Preset
from signedcert.share.issuing import issue_record
from signedcert.share.presenting import create
from signedcert.share.recovery_code import recovery_code
from signedcert.share.sealing import Sealed, seal, sealed_name, unseal, unseal_link
from signedcert.share.shared_record import SharedRecord
from signedcert.share.withheld import WITHHELD, Withheld

__all__ = [
    "SHARE_PLACES",
    "WITHHELD",
    "HeldRecord",
    "Preset",
    "Sealed",
    "ShareClaims",
    "SharePlaces",
    "SharedRecord",
    "Withheld",
    "create",
    "issue_record",
    "recovery_code",
    "seal",
    "sealed_name",
    "sealed_url",
    "secret_from_text",
    "unseal",
    "unseal_link",
]
