"""An issuer's keys change: new documents in the place of old ones, whatever fails in between."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

import signedcert as sc
from issuing import minimal
from signedcert.model.issuer_document import Handover, KeyEnd, KeyRevocation, KeyUse
from signedcert.workspace import closing, document_file, key_changes
from signedcert.workspace.closing import close
from signedcert.workspace.creation import Plan, Secrets, create_workspace
from signedcert.workspace.document_changes import next_document
from signedcert.workspace.key_changes import NewKey, end_key, renew, rotate, rotate_root
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.workspace import keys_in_order, public_key_of

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
LIFETIME = timedelta(days=400)
STATEMENTS = NewKey(KeyUse.STATEMENTS, LATER)


def never(_):
    raise AssertionError("a key in the clear needs no passphrase")


@pytest.fixture
def owner(tmp_path):
    plan = Plan(issuer="learn.example.edu", page="https://learn.example.edu/c/", now=NOW)
    return create_workspace(tmp_path / "w", plan, lambda: Secrets(None, None))


def root_of(owner):
    return lambda: owner.root_signer(never)


def kid_of(owner, use=KeyUse.STATEMENTS):
    return public_key_of(keys_in_order(owner.document(), use)[-1]).kid


def all_changes(owner):
    """Every change there is, by name."""
    root = root_of(owner)
    retired = KeyRevocation(end=KeyEnd.RETIRED, since=LATER)
    return {
        "rotate": lambda: rotate(owner, STATEMENTS, root, LATER),
        "rotate_root": lambda: rotate_root(owner, root, None, None, LATER),
        "end_key": lambda: end_key(owner, kid_of(owner), lambda _: retired, root, LATER),
        "renew": lambda: renew(owner, root, LATER, LIFETIME),
        "close": lambda: close(owner, root, LATER),
    }


NAMES = ("rotate", "rotate_root", "end_key", "renew", "close")


@pytest.mark.parametrize("name", NAMES)
def test_every_change_makes_the_next_version_which_those_who_pinned_take(owner, name):
    before = owner.trust()
    all_changes(owner)[name]()
    document = owner.document()
    assert (document.version, document.issued_at) == (2, LATER)
    assert document.next_update == (None if name == "close" else LATER + LIFETIME)
    after = before.with_issuer_document(owner.document_file.read_bytes())
    assert after.problems() == ()
    keys = sc.Trust.from_jwks(owner.issuer, owner.jwks_file.read_bytes())
    assert keys.issuers == (owner.issuer,)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_signed_before_stays_valid(owner, name):
    token = sc.issue(minimal(issued_at=NOW), owner.signer(KeyUse.STATEMENTS, NOW, never))
    all_changes(owner)[name]()
    assert sc.verify(token, owner.trust(), now=LATER).status is sc.Status.VALID


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_a_full_disk_leaves_the_present_document_and_its_keys(owner, monkeypatch, name, failing):
    before = owner.document_file.read_bytes()
    calls = itertools.count(1)
    real = key_changes.write_new

    def full(path, data, **more):
        if next(calls) == failing:
            raise OSError(28, "No space left on device", str(path))
        replace(path, data, **more)

    def full_new(files, **more):
        if next(calls) == failing:
            raise OSError(28, "No space left on device")
        real(files, **more)

    replace = document_file.replace
    monkeypatch.setattr(document_file, "replace", full)
    monkeypatch.setattr(closing, "replace", full)
    monkeypatch.setattr(key_changes, "write_new", full_new)
    try:
        all_changes(owner)[name]()
        done = True
    except OSError:
        done = False
    monkeypatch.undo()
    # The old one or the new one, and each key that it lists has its file.
    changed = owner.document_file.read_bytes() != before
    assert changed or not done
    for use in KeyUse:
        for key in keys_in_order(owner.document(), use):
            assert (owner.keys_folder / f"{public_key_of(key).kid.hex()}.pem").exists()
    assert owner.root_signer(never)
    if not changed:
        all_changes(owner)[name]()
        assert owner.document().version == 2


@pytest.mark.parametrize("name", NAMES)
def test_two_changes_at_once_are_one_after_the_other(owner, name):
    change = all_changes(owner)[name]
    before = owner.document_file.read_bytes()
    with document_file.changing(owner), pytest.raises(WorkspaceError, match="try again"):
        change()
    assert owner.document_file.read_bytes() == before
    change()


@pytest.mark.parametrize("name", NAMES)
def test_a_closed_issuer_changes_no_more(owner, name):
    changes = all_changes(owner)
    close(owner, root_of(owner), NOW)
    before = owner.document_file.read_bytes()
    with pytest.raises(WorkspaceError, match="the issuer is closed"):
        changes[name]()
    assert owner.document_file.read_bytes() == before
    assert len(list(owner.keys_folder.iterdir())) == 2
    assert len(list(owner.root_folder.iterdir())) == 1


@pytest.mark.parametrize("name", ["rotate", "rotate_root"])
def test_nothing_is_made_where_the_root_does_not_open(owner, name):
    def wrong():
        raise sc.KeyFileError("wrong passphrase")

    changes = {
        "rotate": lambda: rotate(owner, STATEMENTS, wrong, LATER),
        "rotate_root": lambda: rotate_root(owner, wrong, None, None, LATER),
    }
    before = {path: path.read_bytes() for path in owner.folder.rglob("*.pem")}
    with pytest.raises(sc.KeyFileError):
        changes[name]()
    assert {path: path.read_bytes() for path in owner.folder.rglob("*.pem")} == before


def test_the_root_is_not_asked_for_a_change_that_cannot_be(owner):
    def asked():
        raise AssertionError("the root was asked for")

    retired = KeyRevocation(end=KeyEnd.RETIRED, since=NOW)
    early = NOW - timedelta(seconds=1)
    for change in (
        lambda: rotate(owner, STATEMENTS, asked, early),
        lambda: rotate_root(owner, asked, None, None, early),
        lambda: end_key(owner, bytes(8), lambda _: retired, asked, NOW),
        lambda: end_key(owner, kid_of(owner), lambda _: retired, asked, early),
        lambda: renew(owner, asked, early, LIFETIME),
        lambda: close(owner, asked, early),
    ):
        with pytest.raises(WorkspaceError):
            change()


def test_the_document_of_a_moment_can_be_followed_by_one_of_the_same_second(owner):
    document = owner.document()
    assert next_document(document, document.issued_at).version == 2


def test_handovers_are_kept_for_those_who_sleep(owner):
    pinned = owner.trust()
    for epoch in range(2, 8):
        rotate_root(owner, root_of(owner), None, None, LATER)
        assert owner.document().epoch == epoch
    assert pinned.with_issuer_document(owner.document_file.read_bytes()).problems() == ()
    assert len(owner.document().handovers) == 7


def test_the_private_key_is_there_before_a_document_lists_it(owner, monkeypatch):
    order = []

    def placing(files, **more):
        order.append("key")
        write_new(files, **more)

    def replacing(path, data, **more):
        order.append(path.name)
        replace(path, data, **more)

    write_new, replace = key_changes.write_new, document_file.replace
    monkeypatch.setattr(key_changes, "write_new", placing)
    monkeypatch.setattr(document_file, "replace", replacing)
    rotate(owner, STATEMENTS, root_of(owner), LATER)
    rotate_root(owner, root_of(owner), None, None, LATER)
    assert order == ["key", "issuer.cbor", "jwks.json"] * 2


def test_final_lists_are_there_before_the_document_is_final(owner, monkeypatch):
    with owner.open_ledger(NOW) as ledger:
        ledger.allocate()
    order = []

    def replacing(path, data, **more):
        order.append(path.name)
        replace(path, data, **more)

    replace = document_file.replace
    monkeypatch.setattr(closing, "replace", replacing)
    monkeypatch.setattr(document_file, "replace", replacing)
    close(owner, root_of(owner), LATER)
    assert order == ["1.cwt", "issuer.cbor", "jwks.json"]


def private_files(owner):
    return {path for path in owner.folder.rglob("*") if path.suffix in {".pem", ".pkcs11"}}


def refused_before_anything_is_made(owner, change, words):
    """The root is not even asked for."""

    def asked():
        raise AssertionError("the root was asked for")

    before = private_files(owner), owner.document_file.read_bytes()
    with pytest.raises(WorkspaceError, match=words):
        change(asked)
    assert (private_files(owner), owner.document_file.read_bytes()) == before


def put(owner, **fields):
    """Gives the workspace a document that was changed so."""
    root = owner.root_signer(never)
    changed = owner.document().model_copy(update=fields)
    document_file.write_document(owner, changed, document_file.signed_document(changed, root))


def test_no_more_keys_than_a_document_holds(owner, tmp_path):
    (first, *_) = owner.document().keys
    count = 150 - len(owner.document().keys)
    keys = [sc.SoftwareSigner.generate().public_key.raw for _ in range(count)]
    many = tuple(first.model_copy(update={"key": key}) for key in keys)
    put(owner, keys=(*owner.document().keys, *many))
    for use in KeyUse:
        refused_before_anything_is_made(
            owner, lambda root, use=use: rotate(owner, NewKey(use, LATER), root, LATER), "keys"
        )
    in_hardware = NewKey(KeyUse.STATEMENTS, LATER, hardware=lambda: pytest.fail("it was made"))
    refused_before_anything_is_made(
        owner, lambda root: rotate(owner, in_hardware, root, LATER), "keys"
    )
    renew(owner, root_of(owner), LATER, LIFETIME)


def test_no_more_handovers_than_a_document_holds(owner, tmp_path):
    document, root = owner.document(), owner.root_signer(never)
    handovers = list(document.handovers)
    for epoch in range(2, 101):
        next_one = Handover(issuer=owner.issuer, issued_at=NOW, epoch=epoch, roots=document.roots)
        handovers.append(document_file.signed_handover(next_one, root))
    put(owner, handovers=tuple(handovers))
    refused_before_anything_is_made(
        owner,
        lambda root: rotate_root(owner, root, None, tmp_path / "spare.pem", LATER),
        "handovers",
    )
    assert not (tmp_path / "spare.pem").exists()
    rotate(owner, STATEMENTS, root_of(owner), LATER)


END_OF_TIME = datetime(9999, 12, 1, tzinfo=UTC)
NONE = timedelta(0)
IMPOSSIBLE = {
    "a key that ends too late": lambda owner, root: rotate(
        owner, NewKey(KeyUse.STATEMENTS, END_OF_TIME), root, LATER
    ),
    "a key without a period": lambda owner, root: rotate(
        owner, NewKey(KeyUse.STATEMENTS, LATER, NONE), root, LATER
    ),
    "a key, a document that ends too late": lambda owner, root: rotate(
        owner, STATEMENTS, root, END_OF_TIME
    ),
    "a key, a document of no time": lambda owner, root: rotate(
        owner, STATEMENTS, root, LATER, NONE
    ),
    "a root, a document that ends too late": lambda owner, root: rotate_root(
        owner, root, None, None, END_OF_TIME
    ),
    "a root, a document of no time": lambda owner, root: rotate_root(
        owner, root, None, None, LATER, NONE
    ),
    "renewed, ends too late": lambda owner, root: renew(owner, root, END_OF_TIME, LIFETIME),
    "renewed, of no time": lambda owner, root: renew(owner, root, LATER, -LIFETIME),
}


@pytest.mark.parametrize("change", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_no_document_can_say_is_refused_before_a_key_is_made(owner, change):
    refused_before_anything_is_made(
        owner, lambda root: change(owner, root), r"nothing was changed$"
    )


def test_closing_in_the_last_second_there_is(owner):
    close(owner, root_of(owner), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert owner.document().final


def test_a_key_that_will_be_retired_signs_until_then(owner):
    for use in KeyUse:
        retired = KeyRevocation(end=KeyEnd.RETIRED, since=LATER)
        end_key(owner, kid_of(owner, use), lambda _, r=retired: r, root_of(owner), NOW)
        before = LATER - timedelta(seconds=1)
        assert owner.signer(use, before, never).public_key.kid == kid_of(owner, use)
        with pytest.raises(WorkspaceError, match="no signing key"):
            owner.signer(use, LATER, never)
    token = sc.issue(minimal(issued_at=before), owner.signer(KeyUse.STATEMENTS, before, never))
    assert sc.verify(token, owner.trust(), now=LATER).status is sc.Status.VALID
    stolen = KeyRevocation(end=KeyEnd.COMPROMISED, since=LATER)
    end_key(owner, kid_of(owner), lambda _: stolen, root_of(owner), NOW)
    with pytest.raises(WorkspaceError, match="no signing key"):
        owner.signer(KeyUse.STATEMENTS, NOW, never)
