"""What is signed: frozen models, the single source of the wire labels and the schemas."""
