"""The conformance vectors, topic by topic, and how their input is made."""
