"""All topics, in the order in which a verifier meets them."""

from importlib import import_module

from conformance.layout import Topic

_MODULES = (
    *("text", "packed", "deflate", "frame", "cbor", "field", "value", "label", "signature"),
    *("issuer", "period", "status", "record", "share", "sealed", "key_set", "document", "bundle"),
    *("golden", "link"),
)


def made() -> list[Topic]:
    """Every topic with its cases."""
    return [import_module(f"conformance.{name}_cases").TOPIC for name in _MODULES]
