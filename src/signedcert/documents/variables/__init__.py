"""What a design gets to print: every signed field as text in the document's language."""

from signedcert.documents.variables.document import variables

__all__ = ["variables"]
