"""What the ``_headers`` file of a site says, read as Netlify and Cloudflare Pages read it.

So whoever previews a site sees the headers that a host will send, from the file that says so.
"""

import re
from collections.abc import Mapping

#: Token and field value of RFC 9110, section 5; nothing that ends a line.
_HEADER = re.compile(r"\s+([A-Za-z0-9-]+):[ \t]*([\x20-\x7e]*)")
#: The server's own: how long a body is, and how it is sent.
_OURS = frozenset({"connection", "content-length", "date", "server", "transfer-encoding"})


class SentHeaders:
    """The rules of a site, for paths relative to its top."""

    def __init__(self, data: bytes, issuer: str = "") -> None:
        """Reads the rules. What is no rule says nothing.

        :param data: the file's content.
        :param issuer: whose site it is: its rules name paths from the root of the host.
        """
        _, slash, folder = issuer.partition("/")
        top, rules = f"/{folder}{slash}", dict[str, dict[str, str]]()
        current = dict[str, str]()
        for line in data.decode("utf-8", "replace").splitlines():
            if line.startswith(top):
                current = rules.setdefault(line.rstrip()[len(top) :], {})
            elif found := _HEADER.fullmatch(line):
                if found[1].lower() not in _OURS:
                    current[found[1]] = found[2].rstrip()
            elif line and not line.startswith((" ", "\t", "#")):  # the rule of another host
                current = {}
        self._rules = rules

    def of(self, path: str) -> Mapping[str, str]:
        """The headers for a path without the slash at its beginning; none where no rule fits."""
        if path in self._rules:
            return self._rules[path]
        for pattern, headers in self._rules.items():
            if pattern.endswith("*") and path.startswith(pattern[:-1]):
                return headers
        return {}
