"""Whether an SVG page made from a designer's template is as harmless as a picture."""

from xml.parsers import expat

from signedcert.documents.errors import TemplateError

_SCHEMES = ("http://", "https://", "mailto:", "tel:")
#: Typst draws with these. Anything else came from elsewhere.
_ELEMENTS = frozenset(
    (
        *("svg", "g", "defs", "symbol", "use", "path", "rect", "image", "clipPath", "pattern"),
        *("linearGradient", "radialGradient", "stop", "text", "tspan", "title", "metadata", "a"),
    )
)


def check_own_svg(page: bytes) -> None:
    """:raises TemplateError: when it runs something, or leads to anything but web and mail."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = _element
    parser.StartDoctypeDeclHandler = _doctype
    try:
        parser.Parse(page, True)  # noqa: FBT003  # takes no keyword
    except expat.ExpatError:
        raise TemplateError("the template made an SVG page that is damaged") from None


def _element(name: str, attributes: dict[str, str]) -> None:
    if name not in _ELEMENTS:
        raise TemplateError(f"the template made an SVG page with <{name[:40]}>, which may run code")
    for attribute, value in attributes.items():
        if attribute.lower().startswith("on"):
            raise TemplateError("the template made an SVG page that runs code")
        if attribute not in ("href", "xlink:href"):
            continue
        inside = value.startswith("#") or (name == "image" and value.startswith("data:image/"))
        if not inside and not (name == "a" and value.lower().startswith(_SCHEMES)):
            raise TemplateError(
                f"the template links to {value[:60]!r}; web pages and mail addresses are taken"
            )


def _doctype(_name: str, _system: str | None, _public: str | None, _internal: int) -> None:
    raise TemplateError("the template made an SVG page with a DOCTYPE")
