"""CBOR ↔ model, the frame of a token, the packed form, and its text."""
