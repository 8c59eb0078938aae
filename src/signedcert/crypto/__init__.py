"""Ed25519 with one acceptance rule, COSE_Sign1 signatures, and names of keys."""
