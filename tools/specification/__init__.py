"""What the generators of docs/spec.md and schemas/ are made of."""
