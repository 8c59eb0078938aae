import assert from "node:assert/strict";
import { test } from "node:test";
import { ImportContradicts, ImportNeeds, Keeper } from "../../src/keeping/keeper.ts";
import { TrustStore } from "../../src/trust/store.ts";
import {
  document,
  handover,
  ISSUER,
  KEY,
  keySet,
  OTHER_ISSUER,
  ROOT,
  signedWith,
} from "../issuing.ts";
import { headerOf, STRANGER, trustIn } from "../issuing.ts";
import { refusal } from "../refusing.ts";
import { SharedShelf } from "./shelves.ts";

const bundle = (await trustIn(await document())).toBundle();

function open(shelf: SharedShelf): Promise<Keeper> {
  return Keeper.open(async () => shelf);
}

/** Pins the issuer of a document that the test made, as the page does. */
async function pinSoon(keeper: Keeper, name: string, version: number): Promise<void> {
  const token = await document({ version, claims: name === ISSUER ? {} : { 1: name } });
  await keeper.takeIn(async (kept) => ({
    ...kept,
    store: await kept.store.withIssuerDocument(token, ROOT.publicKey),
    firstSeen: new Map(kept.firstSeen).set(name, 17),
  }));
}

/** Likewise, and waits until it is kept. */
async function pin(keeper: Keeper, name: string, version = 1): Promise<void> {
  await pinSoon(keeper, name, version);
  await keeper.settled;
}

async function versionOf(store: TrustStore, issuer: string): Promise<number | undefined> {
  return (await store.describe(issuer)).document?.version;
}

test("an issuer that was pinned is there when the page is opened again", async () => {
  const shelf = new SharedShelf();
  await pin(await open(shelf), ISSUER);
  const again = await open(shelf);
  assert.ok(again.persistent);
  assert.deepEqual(again.pageStore.issuers, [ISSUER]);
  assert.deepEqual([...again.firstSeen], [[ISSUER, 17]]);
  await again.forgetPageIssuers();
  assert.deepEqual((await open(shelf)).pageStore.issuers, []);
  assert.equal((await open(shelf)).firstSeen.size, 0);
});

test("two tabs that change at once lose neither change", async () => {
  const shelf = new SharedShelf();
  const [one, other] = [await open(shelf), await open(shelf)];
  await Promise.all([pin(one, ISSUER), pin(other, OTHER_ISSUER)]);
  assert.deepEqual((await open(shelf)).pageStore.issuers, [ISSUER, OTHER_ISSUER].sort());
});

test("a tab that was faster with a higher version keeps it", async () => {
  const shelf = new SharedShelf();
  const [slow, fast] = [await open(shelf), await open(shelf)];
  await pin(slow, ISSUER, 1);
  shelf.before = async () => {
    shelf.before = async () => undefined;
    await pin(fast, ISSUER, 5);
  };
  await pin(slow, ISSUER, 3);
  assert.equal(await versionOf((await open(shelf)).pageStore, ISSUER), 5);
  assert.equal(await versionOf(slow.pageStore, ISSUER), 5);
});

test("what is taken in counts before it is kept, and stays when more is taken in", async () => {
  const shelf = new SharedShelf();
  const keeper = await open(shelf);
  let release: () => void = () => assert.fail("nothing was written");
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const seen: (number | undefined)[] = [];
  shelf.before = async () => {
    await gate;
    seen.push(await versionOf(keeper.pageStore, ISSUER));
  };
  await pinSoon(keeper, ISSUER, 1);
  assert.equal(await versionOf(keeper.pageStore, ISSUER), 1);
  await pinSoon(keeper, ISSUER, 2);
  assert.equal(await versionOf(keeper.pageStore, ISSUER), 2);
  release();
  await keeper.settled;
  assert.deepEqual(seen, [2, 2]);
  assert.equal(await versionOf((await open(shelf)).pageStore, ISSUER), 2);
});

test("what is refused changes nothing", async () => {
  const keeper = await open(new SharedShelf());
  await pin(keeper, ISSUER, 2);
  assert.equal(await refusal(() => pin(keeper, ISSUER, 1)), "rollback");
  assert.equal(await versionOf(keeper.pageStore, ISSUER), 2);
});

test("without storage the page keeps what it learns for as long as it is open", async () => {
  const keeper = await Keeper.open(() => Promise.reject(new DOMException("no", "SecurityError")));
  assert.equal(keeper.persistent, false);
  await pin(keeper, ISSUER);
  await keeper.importFile("trust.bundle", bundle);
  assert.deepEqual(keeper.pageStore.issuers, [ISSUER]);
  assert.deepEqual(keeper.fileStore?.issuers, [ISSUER]);
});

for (const failing of ["writing", "reading"] as const) {
  test(`storage that fails at ${failing} is left, with all that is known`, async () => {
    const shelf = new SharedShelf();
    const keeper = await open(shelf);
    await pin(keeper, ISSUER);
    await keeper.importFile("trust.bundle", bundle);
    shelf.failing = failing;
    await Promise.all([pin(keeper, OTHER_ISSUER), keeper.importFile("other.bundle", bundle)]);
    await pin(keeper, ISSUER, 2);
    assert.equal(keeper.persistent, false);
    assert.deepEqual(keeper.pageStore.issuers, [ISSUER, OTHER_ISSUER].sort());
    assert.equal(await versionOf(keeper.pageStore, ISSUER), 2);
    assert.equal(keeper.file?.name, "other.bundle");
  });
}

const BROKEN: [name: string, value: unknown][] = [
  ["no object", 7],
  ["no bundle", { bundle: Uint8Array.of(1, 2), firstSeen: new Map(), lastFetched: new Map() }],
  ["no moments", { bundle, firstSeen: new Map([[1, 2]]), lastFetched: new Map() }],
];
for (const [name, value] of BROKEN) {
  test(`what cannot be read back is dropped and said: ${name}`, async () => {
    const shelf = new SharedShelf();
    await shelf.write("page", 0, value);
    const keeper = await open(shelf);
    assert.deepEqual([...keeper.dropped], ["page"]);
    await pin(keeper, ISSUER);
    assert.deepEqual((await open(shelf)).pageStore.issuers, [ISSUER]);
    assert.equal((await open(shelf)).dropped.size, 0);
  });
}

test("an imported bundle takes the place of an earlier one, and can be removed", async () => {
  const shelf = new SharedShelf();
  const keeper = await open(shelf);
  await keeper.importFile("old", TrustStore.empty().toBundle());
  await keeper.importFile("new", bundle);
  const again = await open(shelf);
  assert.deepEqual(again.fileStore?.issuers, [ISSUER]);
  assert.equal(again.file?.name, "new");
  assert.equal(again.file?.operator, null);
  assert.ok(Math.abs((again.file?.importedAt ?? 0) - Date.now()) < 60_000);
  await again.removeFile();
  assert.equal(again.fileStore, null);
  assert.equal((await open(shelf)).file, null);
});

test("a signed bundle needs its operator's key", async () => {
  const keeper = await open(new SharedShelf());
  const header = headerOf(STRANGER, "application/vnd.signedcert.bundle");
  const token = await signedWith(header, bundle, STRANGER);
  const importing = keeper.importFile("signed", token);
  await assert.rejects(importing, new ImportNeeds("operator key"));
  const wrong = (): Promise<void> => keeper.importFile("signed", token, KEY.publicKey);
  assert.equal(await refusal(wrong), "signature_mismatch");
  const unchanged = keeper.file;
  assert.equal(unchanged, null);
  await keeper.importFile("signed", token, STRANGER.publicKey);
  assert.deepEqual(keeper.fileStore?.issuers, [ISSUER]);
  assert.equal(keeper.file?.operator, Buffer.from(STRANGER.publicKey).toString("hex"));
});

test("a key set needs its issuer, named in it or by the person", async () => {
  const keeper = await open(new SharedShelf());
  const importing = keeper.importFile("jwks.json", keySet());
  await assert.rejects(importing, new ImportNeeds("issuer"));
  await keeper.importFile("jwks.json", keySet(), undefined, OTHER_ISSUER);
  assert.deepEqual(keeper.fileStore?.issuers, [OTHER_ISSUER]);
  await keeper.importFile("jwks.json", keySet(undefined, { iss: `https://${ISSUER}` }));
  assert.deepEqual(keeper.fileStore?.issuers, [ISSUER]);
});

test("what is no trust is refused", async () => {
  const keeper = await open(new SharedShelf());
  const text = new TextEncoder().encode("{ no JSON");
  assert.equal(await refusal(() => keeper.importFile("x", text)), "schema_violation");
  assert.equal(await refusal(() => keeper.importFile("x", new Uint8Array())), "not_deterministic");
  const broken = bundle.subarray(0, -1);
  assert.equal(await refusal(() => keeper.importFile("x", broken)), "not_deterministic");
});

test("what is taken in at once is all there, before it is kept", async () => {
  const keeper = await open(new SharedShelf());
  await Promise.all([pinSoon(keeper, ISSUER, 1), pinSoon(keeper, OTHER_ISSUER, 1)]);
  assert.deepEqual(keeper.pageStore.issuers, [ISSUER, OTHER_ISSUER].sort());
  await keeper.settled;
  assert.deepEqual(keeper.pageStore.issuers, [ISSUER, OTHER_ISSUER].sort());
});

test("a file that was removed does not come back with what is taken into it", async () => {
  const keeper = await open(new SharedShelf());
  await keeper.importFile("trust.bundle", bundle);
  let release: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const taking = keeper.takeIntoFile(async (store) => {
    await slow;
    return store.withIssuerDocument(await document({ version: 7 }));
  });
  const removing = keeper.removeFile();
  release();
  await Promise.all([taking, removing]);
  assert.equal(keeper.file, null);
  await keeper.takeIntoFile(() => assert.fail("there is no file"));
  await keeper.settled;
  assert.equal(keeper.file, null);
});

test("another root for an issuer of the kept file is refused, until that one is removed", async () => {
  const keeper = await open(new SharedShelf());
  await keeper.importFile("mine", bundle);
  const roots = [STRANGER.coseKey];
  const genesis = await handover({ roots, by: STRANGER });
  const strange = await document({ by: STRANGER, body: { 6: roots, 7: [genesis] } });
  const store = await TrustStore.empty().withIssuerDocument(strange, STRANGER.publicKey);
  await assert.rejects(keeper.importFile("theirs", store.toBundle()), ImportContradicts);
  assert.equal(keeper.file?.name, "mine");
  await keeper.removeFile();
  await keeper.importFile("theirs", store.toBundle());
  assert.equal(keeper.file?.name, "theirs");
});
