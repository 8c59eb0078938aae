"""Whether a certificate and a course record belong together, without a row being revealed."""

from signedcert.errors import Reason
from signedcert.model.certificate import Certificate
from signedcert.share.shared_record import SharedRecord
from signedcert.verify.verdict import Check, Finding, Outcome, Verdict


def record_link(certificate: Verdict, record: Verdict) -> Finding:
    """Whether the record is the one that the certificate names (docs/spec.md, section 15.9).

    It compares what both issuers signed: the record's id, which stays the same when the record is
    issued anew, and the issuer. That the verdicts themselves are VALID is for the caller to see.

    :param certificate: what :func:`signedcert.verify` found of the certificate.
    :param record: what it found of the share or the course record.
    :returns: a finding of the check RECORD_LINK: PASSED; FAILED ``other_record``; NOT_APPLICABLE
        ``no_record_id`` where the certificate names no record; NOT_RUN where one of the two did not
        get so far that anything in it can be relied on.
    :raises TypeError: when the first is not of a certificate, or the second not of a record.
    """
    if isinstance(certificate.statement, SharedRecord) or isinstance(record.statement, Certificate):
        raise TypeError("pass the verdict of the certificate, then that of the course record")
    if certificate.statement is None or record.statement is None:
        return Finding(Check.RECORD_LINK, Outcome.NOT_RUN, Reason.NOT_REACHED)
    named, found = certificate.statement, record.statement
    if named.record_id is None:
        return Finding(Check.RECORD_LINK, Outcome.NOT_APPLICABLE, Reason.NO_RECORD_ID)
    if (named.issuer, named.record_id) != (found.issuer, found.id):
        return Finding(Check.RECORD_LINK, Outcome.FAILED, Reason.OTHER_RECORD)
    return Finding(Check.RECORD_LINK, Outcome.PASSED, Reason.OK)
