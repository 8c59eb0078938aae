"""An issuer's own folder, and ids for what it issues."""
