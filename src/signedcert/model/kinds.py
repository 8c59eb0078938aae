"""The kinds of signed things that this version knows, by media type."""

from collections.abc import Mapping
from types import MappingProxyType

from signedcert.model.certificate import Certificate
from signedcert.model.issued_record import VisibleRecord
from signedcert.model.issuer_document import Handover, IssuerDocument

CERTIFICATE, RECORD = Certificate.media_type, VisibleRecord.media_type

#: What issuers sign about learners. Of a record, this is the part that is always visible.
MODELS: Mapping[str, type[Certificate] | type[VisibleRecord]] = MappingProxyType(
    {model.media_type: model for model in (Certificate, VisibleRecord)}
)

#: Signed documents that are no statements about a learner. A verifier of statements refuses them as
#: the wrong type, and does not take them for something newer.
DOCUMENTS: Mapping[str, type[IssuerDocument] | type[Handover]] = MappingProxyType(
    {model.media_type: model for model in (IssuerDocument, Handover)}
)
#: A trust store that a list operator signed: what it signs is no CWT, hence no model.
SIGNED_BUNDLE = "application/vnd.signedcert.bundle"
#: Every media type of this version.
MEDIA_TYPES = frozenset({*MODELS, *DOCUMENTS, SIGNED_BUNDLE})
