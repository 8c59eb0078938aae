"""HTML for web pages of one's own: the badge with its link, and what social media read.

All of it is ASCII, so that it is right in pages of any encoding; and there is no script in it.
"""

from dataclasses import dataclass
from html import escape

#: As they are shown. The PNG file has twice as many pixels, for sharp screens.
BADGE_WIDTH, BADGE_HEIGHT = 480, 120
PREVIEW_WIDTH, PREVIEW_HEIGHT = 1200, 630


@dataclass(frozen=True, slots=True)
class Described:
    """What a web page says of a certificate.

    :ivar title: the course and what was awarded.
    :ivar summary: who awarded it to whom, and when.
    :ivar language: of both, a BCP 47 tag.
    :ivar direction: ``ltr`` or ``rtl``.
    """

    title: str
    summary: str
    language: str
    direction: str


def embed_snippet(described: Described, url: str, badge: str) -> str:
    """A badge that opens the verify URL: what to paste into a page.

    :param badge: the address of the badge's file, as the page sees it.
    """
    link = _attributes(
        ("href", url),
        ("rel", "noopener"),
        ("target", "_blank"),
        ("lang", described.language),
        ("dir", described.direction),
    )
    image = _attributes(
        ("src", badge),
        ("width", BADGE_WIDTH),
        ("height", BADGE_HEIGHT),
        ("alt", f"{described.title}. {described.summary}"),
    )
    return f"<a {link}><img {image}></a>\n"


def open_graph_tags(described: Described, preview: str, page: str) -> str:
    """The tags for the head of a page, by which social media show the preview beside its link.

    The verify page has none: what a link leads to stands behind its ``#``, which no server sees.

    :param preview: the whole address of the preview's file. Relative ones are not understood.
    :param page: the address of the page that the tags go into.
    """
    properties = (
        ("og:type", "website"),
        ("og:url", page),
        ("og:title", described.title),
        ("og:description", described.summary),
        ("og:image", preview),
        ("og:image:type", "image/png"),
        ("og:image:width", PREVIEW_WIDTH),
        ("og:image:height", PREVIEW_HEIGHT),
        ("og:image:alt", f"{described.title}. {described.summary}"),
    )
    tags = [f"<meta {_attributes(('property', name), ('content', of))}>" for name, of in properties]
    tags.append(f"<meta {_attributes(('name', 'twitter:card'), ('content', _LARGE))}>")
    return "\n".join(tags) + "\n"


_LARGE = "summary_large_image"


def _attributes(*pairs: tuple[str, object]) -> str:
    return " ".join(f'{name}="{_escaped(str(value))}"' for name, value in pairs)


def _escaped(text: str) -> str:
    return escape(text).encode("ascii", "xmlcharrefreplace").decode("ascii")
