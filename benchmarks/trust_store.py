"""What many issuers and long status lists cost: opening a trust store, and verifying with it."""

import gc
import time
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import signedcert as sc
from benchmarks.content import ISSUER, NOW, PAGE, example
from benchmarks.speed import ratios
from signedcert.codec.lower import lower
from signedcert.crypto.sign1 import sign
from signedcert.model.issuer_document import Handover, IssuerDocument, KeyUse, SigningKey
from signedcert.model.statement import StatusReference
from signedcert.trust.bundle import Bundle, decode_bundle
from signedcert.trust.chain import Pin
from signedcert.trust.holding import Holding, kids_of, open_holding
from signedcert.trust.status_list import pack_statuses
from signedcert.trust.status_signing import sign_status_list

ISSUERS, ENTRIES = 10_000, 10_000_000
_TEMPLATE = "https://{issuer}/status/{{number}}.cwt"


class Issuer:
    """An issuer with a root, a key for statements and one for status lists."""

    def __init__(self, name: str, number: int) -> None:
        self.name = name
        self.root, self.statements, self.status = (
            sc.SoftwareSigner(kind.to_bytes(1, "big") + number.to_bytes(31, "big"))
            for kind in (1, 2, 3)
        )
        self.begin = NOW - timedelta(days=30)

    def holding(self, *lists: tuple[int, bytes]) -> Holding:
        """What a trust store holds of it."""
        root = self.root.public_key.raw
        first = Handover(issuer=self.name, issued_at=self.begin, epoch=1, roots=(root,))
        document = IssuerDocument(
            issuer=self.name,
            issued_at=self.begin,
            version=1,
            next_update=NOW + timedelta(days=300),
            roots=(root,),
            handovers=(sign(first.media_type, lower(first), self.root).to_bytes(),),
            keys=tuple(
                SigningKey(
                    key=signer.public_key.raw,
                    use=use,
                    valid_from=self.begin,
                    valid_until=NOW + timedelta(days=300),
                )
                for signer, use in (
                    (self.statements, KeyUse.STATEMENTS),
                    (self.status, KeyUse.STATUS),
                )
            ),
            status_lists=_TEMPLATE.format(issuer=self.name),
        )
        token = sign(document.media_type, lower(document), self.root).to_bytes()
        return Holding(self.name, Pin(1, (root,)), token, lists)

    def status_list(self, entries: int) -> bytes:
        """Its list 1, with one certificate in a thousand withdrawn."""
        return sign_status_list(
            subject=_TEMPLATE.format(issuer=self.name).replace("{number}", "1"),
            issued_at=NOW - timedelta(days=1),
            expires_at=NOW + timedelta(days=29),
            ttl=timedelta(hours=12),
            bits=2,
            array=pack_statuses(entries, 2, ((index, 1) for index in range(0, entries, 1000))),
            signer=self.status,
        )


def measure() -> list[str]:
    """Rows of a Markdown table."""
    issuer = Issuer(ISSUER, 0)
    small = _trust([issuer.holding((1, issuer.status_list(1000)))])
    others = [Issuer(f"u{number}.example.edu", number) for number in range(1, ISSUERS)]
    long_list = issuer.status_list(ENTRIES)
    bundle = _trust(
        [issuer.holding((1, long_list)), *(other.holding() for other in others)]
    ).to_bundle()

    index = ENTRIES // 2 + 1
    near = _link(issuer, 501)
    far = _link(issuer, index)
    large = sc.Trust.from_bundle(bundle)
    for trust, url in ((small, near), (large, far)):
        assert sc.verify_text(url, trust, now=NOW).status is sc.Status.VALID
    found = ratios(
        partial(sc.verify_text, near, small, now=NOW),
        {"large": partial(sc.verify_text, far, large, now=NOW)},
    )
    seconds = min(_seconds(partial(sc.Trust.from_bundle, bundle)) for _ in range(5))
    checked = _seconds(sc.Trust.from_bundle(bundle).problems)
    first = _seconds(partial(sc.verify_text, far, sc.Trust.from_bundle(bundle), now=NOW))
    return [
        "| what | result | at most |",
        "|---|---|---|",
        f"| verify_text, {ISSUERS:,} issuers and a list of {ENTRIES:,}, against one issuer and "
        f"1,000 | {found['large']} | 1.2 |",
        f"| opening the bundle of {ISSUERS:,} issuers ({len(bundle) / 1e6:.1f} MB) | "
        f"**{seconds:.2f} s** | 1 s |",
        f"| verifying every document in it (`trust show --check`) | {checked:.1f} s | — |",
        f"| the first verification with it, which inflates the list | {1000 * first:.0f} ms | — |",
        f"| memory of the list of {ENTRIES:,} once inflated | {_list_memory(bundle):.2f} of its "
        "bit array | about 1 |",
    ]


def _trust(holdings: list[Holding]) -> sc.Trust:
    kids: dict[bytes, tuple[str, ...]] = {}
    for each in holdings:
        for kid in kids_of(open_holding(each)):
            kids[kid] = (*kids.get(kid, ()), each.issuer)
    return sc.Trust(Bundle({each.issuer: each for each in holdings}, kids, None, None))


def _link(issuer: Issuer, index: int) -> str:
    certificate = example().model_copy(
        update={
            "issued_at": NOW - timedelta(days=1),
            "status": StatusReference(list=1, index=index),
        }
    )
    return sc.verify_url(PAGE, sc.issue(certificate, issuer.statements))


def _seconds(call: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _list_memory(bundle: bytes) -> float:
    contents = decode_bundle(bundle)
    tracemalloc.start()
    trust = sc.Trust(contents)
    before, _ = tracemalloc.get_traced_memory()
    found = trust.status_list(ISSUER, 1)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found is not None
    return (after - before) / (ENTRIES * 2 / 8)
