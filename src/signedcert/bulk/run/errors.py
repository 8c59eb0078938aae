"""What can go wrong with a run as a whole. What is wrong with a row is said of the row."""

from signedcert.errors import SignedCertError


class RunError(SignedCertError):
    """A run cannot begin, or not go on; the message says what to do."""


class EmptyRosterError(RunError):
    """There is no row in the roster, so that there is nothing to do."""


class NothingIssuedError(RunError):
    """There is no file of certificates to be recorded."""


class EndedResultError(RunError):
    """A finished result has certificates that are no longer to be handed out."""
