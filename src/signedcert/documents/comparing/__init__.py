"""The printed text of a document, held beside what was signed."""
