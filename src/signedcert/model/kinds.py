"""The kinds of signed things that this version knows, by media type."""

from collections.abc import Mapping
from types import MappingProxyType

from signedcert.model.certificate import Certificate
from signedcert.model.course_record import CourseRecord
from signedcert.model.issuer_document import Handover, IssuerDocument

MODELS: Mapping[str, type[Certificate] | type[CourseRecord]] = MappingProxyType(
    {model.media_type: model for model in (Certificate, CourseRecord)}
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
