"""Which tokens are to be printed: by their codes in the ledger, or as the user holds them."""

from collections.abc import Iterator
from typing import NamedTuple

from signedcert.cli.failures import CommandError
from signedcert.cli.presented import present
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import Frame
from signedcert.model.certificate import Certificate
from signedcert.model.code import code_from_id, id_from_code
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.sharing import record_page
from signedcert.workspace.workspace import Workspace


class TokenGiven(NamedTuple):
    """A token to be printed.

    :ivar name: what the user called it.
    :ivar page: the verify page that its link opens.
    """

    name: str
    token: bytes
    page: str


def token_given(
    argument: str, owner: Workspace | None, ledger: Ledger | None, page: str | None
) -> TokenGiven:
    """The token that an argument names. Of a code, the workspace's ledger has the token.

    :param page: the verify page, instead of the workspace's or the link's own.
    :raises CommandError: when there is none, or no page is known.
    :raises DecodeError: when what it names is no token.
    """
    identifier = _identifier(argument)
    if identifier is None:
        return _presented(argument, owner, page)
    if owner is None or ledger is None:
        raise CommandError(f"{argument}: to print by code, say --workspace DIR")
    found = ledger.find(identifier)
    if found is None or found.token is None:
        raise CommandError(f"{argument}: no token of this code is in the ledger")
    return TokenGiven(argument, found.token, page or _page_of(found.token, owner.page))


def certificates_in(ledger: Ledger, page: str) -> Iterator[TokenGiven]:
    """Every certificate in the ledger. Course records are printed only where they are named."""
    for each in ledger.tokens():
        assert each.token is not None  # tokens() passes the others over
        frame = parse_frame(each.token)
        if isinstance(frame, Frame) and frame.media_type == Certificate.media_type:
            yield TokenGiven(code_from_id(each.id), each.token, page)


def _identifier(argument: str) -> bytes | None:
    try:
        return id_from_code(argument)
    except ValueError:
        return None


def _presented(argument: str, owner: Workspace | None, page: str | None) -> TokenGiven:
    presented = present(argument)
    token = presented.frame().to_bytes()
    if page is None and owner is not None:
        page = _page_of(token, owner.page)
    if page is None and isinstance(presented.content, str) and "://" in presented.content:
        page = presented.content.partition("#")[0]
    if page is None:
        raise CommandError(f"{presented.name}: which verify page opens it? Say --page URL")
    return TokenGiven(presented.name, token, page)


def _page_of(token: bytes, page: str) -> str:
    return page if isinstance(parse_frame(token), Frame) else record_page(page)
