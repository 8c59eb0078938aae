"""LinkedIn's form for a certification, filled in by a link ("add to profile").

The parameters are those that LinkedIn's own builder of such links wrote
(https://addtoprofile.linkedin.com/). Its help says by now that the form may stay empty, and how
long a value may be it has never said: so whoever uses the link gets every value for copying, too.
"""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlencode

from signedcert.model.certificate import Certificate

_ADD = "https://www.linkedin.com/profile/add"
#: What every server takes at least (RFC 9110, section 4.1).
LINK_MAX = 8_000
#: Where other fields for URLs on a profile end, as its users report.
URL_MAX = 255


class Month(NamedTuple):
    """A month of a year: LinkedIn knows no days."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


@dataclass(frozen=True, slots=True)
class LinkedInEntry:
    """A certificate as an entry under "Licenses & certifications".

    :ivar name: the course, and the title awarded where it has one of its own.
    :ivar organisation: who awards it.
    :ivar organisation_id: the number of its page on LinkedIn, which shows its logo; or None.
    :ivar issued: when it was signed.
    :ivar expires: its end, or None.
    :ivar code: the printed code, LinkedIn's "credential ID".
    :ivar url: where it can be checked, LinkedIn's "credential URL".
    """

    name: str
    organisation: str
    organisation_id: int | None
    issued: Month
    expires: Month | None
    code: str
    url: str

    @property
    def link(self) -> str:
        """The link that opens the form. Without the URL, where that makes it too long."""
        whole = self._link(with_url=True)
        return whole if len(whole) <= LINK_MAX else self._link(with_url=False)

    @property
    def link_has_url(self) -> bool:
        """Whether the link fills in the credential URL."""
        return len(self._link(with_url=True)) <= LINK_MAX

    def _link(self, *, with_url: bool) -> str:
        fields: dict[str, object] = {"startTask": "CERTIFICATION_NAME", "name": self.name}
        if self.organisation_id is None:
            fields["organizationName"] = self.organisation
        else:
            fields["organizationId"] = self.organisation_id
        fields |= {"issueYear": self.issued.year, "issueMonth": self.issued.month}
        if self.expires is not None:
            fields["expirationYear"] = self.expires.year
            fields["expirationMonth"] = self.expires.month
        if with_url:
            fields["certUrl"] = self.url
        fields["certId"] = self.code
        # A "+" for a space would be taken for a plus by some. Its "#" must not end the query.
        return f"{_ADD}?{urlencode(fields, quote_via=quote, safe='')}"


def linkedin_entry(
    certificate: Certificate,
    url: str,
    *,
    short_url: str | None = None,
    organisation_id: int | None = None,
) -> LinkedInEntry:
    """A certificate as LinkedIn shows it.

    :param url: the verify URL. It becomes the credential URL if it is as short as such fields are,
        or if there is nothing shorter.
    :param short_url: where the certificate is published under its code, if it is.
    """
    awarded = certificate.awarded_title
    title = certificate.course.title
    awarding = certificate.awarding_body
    ends = certificate.expires_at
    issued = certificate.issued_at
    return LinkedInEntry(
        # A kind of certificate is no name; a title that an institution thought of is one.
        name=f"{awarded}: {title}" if isinstance(awarded, str) else title,
        organisation=certificate.course.institution if awarding is None else awarding.name,
        organisation_id=organisation_id,
        issued=Month(issued.year, issued.month),
        expires=None if ends is None else Month(ends.year, ends.month),
        code=certificate.code,
        url=url if short_url is None or len(url) <= URL_MAX else short_url,
    )
