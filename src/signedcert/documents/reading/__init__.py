"""Documents read back: which tokens and links a PDF, PNG, JPEG or SVG file carries."""
