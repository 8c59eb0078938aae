"""Words for what was signed, by language: one catalogue for the verify page and for documents.

The page's build (``web/catalogue.ts``) takes all groups but ``print``, which only documents say.
"""
