"""Whatever can sign."""
