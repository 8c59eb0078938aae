"""The demo's course record: shared, opened, tampered with, and reset."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from signedcert.cli.demo_courses import demo_record
from signedcert.cli.screen import visible
from signedcert.cli.verdict_output import print_verdict
from signedcert.codec.text import verify_url
from signedcert.model.issuer_document import KeyUse
from signedcert.model.numbers import decimal_parts
from signedcert.share.held_record import HeldRecord, Preset
from signedcert.signers.software import SoftwareSigner
from signedcert.trust.trust import Trust
from signedcert.verify.verdict import Status, Verdict
from signedcert.verify.verify import verify, verify_text
from signedcert.workspace.atomic_files import replace
from signedcert.workspace.holder_keys import keep_holder_key
from signedcert.workspace.key_file import AskPassphrase
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.publication import own_trust
from signedcert.workspace.record_issuing import issue_record_recorded, own_first_share_place
from signedcert.workspace.sharing import MadeShare, Wish, make_share, record_page
from signedcert.workspace.workspace import Workspace

AUDIENCE = "Acme HR"
_DAYS = 30
_RECORD_MODE = 0o600
EXPECTED = [Status.VALID, Status.INVALID, Status.INVALID, Status.VALID]


class RecordStory(NamedTuple):
    """What was made of the record, before it is verified.

    :ivar token_file: the record, for its learner.
    :ivar share: the final score, for Acme HR.
    :ivar tampered: its link with a better score.
    :ivar anew: the share that took its place.
    :ivar before: the trust store as it was before the reset.
    """

    code: str
    token_file: Path
    share: MadeShare
    tampered: str
    anew: MadeShare
    before: Trust


def record_story(
    owner: Workspace, ledger: Ledger, out: Path, ask: AskPassphrase, now: datetime
) -> RecordStory:
    """Issues a record, shares its final score, and resets the share."""
    key = SoftwareSigner.generate()
    keep_holder_key(owner, key, None)
    issued = issue_record_recorded(
        ledger,
        demo_record(owner.issuer, now),
        owner.signer(KeyUse.STATEMENTS, now, ask),
        key.public_key,
        now,
    )
    token_file = out / "course-record.cose"
    replace(token_file, issued.token, mode=_RECORD_MODE)

    def shared(instead: bytes | None = None) -> MadeShare:
        first = own_first_share_place(HeldRecord.open(issued.token).visible)
        return make_share(
            issued.token,
            Wish(Preset.FINAL_SCORE, AUDIENCE, now + timedelta(days=_DAYS), sealed=False),
            key,
            record_page(owner.page),
            lambda asked: ledger.reserve_share(asked, first, instead=instead),
            now,
        )

    share = shared()
    before = own_trust(owner, ask, now)
    anew = shared(instead=share.kept.id)
    result = issued.record.final_score
    assert result is not None
    assert result.score is not None
    score = Decimal(result.score)
    tampered = _with_score(share.token, score, score + 5)
    link = verify_url(record_page(owner.page), tampered)
    return RecordStory(issued.record.code, token_file, share, link, anew, before)


def record_verdicts(story: RecordStory, after: Trust, now: datetime) -> dict[str, Verdict]:
    """What verification says, by what was verified."""
    return {
        f"the link with the final score, for {AUDIENCE}": verify_text(
            story.share.url, story.before, now=now
        ),
        "the same link with a better score": verify_text(story.tampered, story.before, now=now),
        "the same link after it was reset": verify(story.share.token, after, now=now),
        "the new link": verify_text(story.anew.url, after, now=now),
    }


def print_record_story(console: Console, story: RecordStory, verdicts: dict[str, Verdict]) -> None:
    """Tells it to people; the shared record in full, the rest by what came out."""
    console.print(visible(f"{story.code}  {story.token_file}: all of it, for the learner alone"))
    console.print(
        visible(f"shared with {AUDIENCE} for {_DAYS} days: {', '.join(story.share.kept.rows)}")
    )
    console.print(visible(f"  {story.share.url}"))
    console.print()
    (name, first), *rest = verdicts.items()
    console.print(Text(name, style="bold"))
    print_verdict(console, first)
    console.print()
    for name, verdict in rest:
        failed = [each.reason.value for each in verdict.findings if each.outcome == "FAILED"]
        why = f" ({', '.join(failed)})" if failed else ""
        console.print(Text.assemble((verdict.status.value, "bold"), f": {name}{why}"))
    console.print(visible(f"  {story.anew.url}"))


def _with_score(share: bytes, score: Decimal, other: Decimal) -> bytes:
    """The share with another score in it."""
    honest, better = (bytes(_encoded(each)) for each in (score, other))
    assert share.count(honest) == 1
    return share.replace(honest, better)


def _encoded(score: Decimal) -> bytes:
    mantissa, scale = decimal_parts(score)
    return b"\x82\x19" + mantissa.to_bytes(2, "big") + bytes((scale,))
