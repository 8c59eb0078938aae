"""The kinds of statement that this version knows, by media type."""

from collections.abc import Mapping
from types import MappingProxyType

from signedcert.model.certificate import Certificate
from signedcert.model.course_record import CourseRecord

MODELS: Mapping[str, type[Certificate] | type[CourseRecord]] = MappingProxyType(
    {model.media_type: model for model in (Certificate, CourseRecord)}
)

#: Media types of signed documents that are no statements about a learner. A verifier of statements
#: refuses them as the wrong type, and does not take them for something newer.
DOCUMENTS = frozenset({"application/vnd.signedcert.issuer", "application/vnd.signedcert.handover"})
