"""With what a learner shows a certificate: LinkedIn, web pages, social media, a CV."""

from signedcert.documents.sharing.kit import Places, ShareKit, share_kit
from signedcert.documents.sharing.linkedin import LinkedInEntry, linkedin_entry
from signedcert.documents.sharing.web_page import Described, embed_snippet, open_graph_tags

__all__ = [
    "Described",
    "LinkedInEntry",
    "Places",
    "ShareKit",
    "embed_snippet",
    "linkedin_entry",
    "open_graph_tags",
    "share_kit",
]
