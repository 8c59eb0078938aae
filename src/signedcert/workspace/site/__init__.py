"""What an issuer publishes: its files, and how they get into a folder as a whole."""
