import assert from "node:assert/strict";
import { test } from "node:test";
import { Keeper } from "../../src/keeping/keeper.ts";
import { fetchSealed, refreshIssuer, refreshLists } from "../../src/keeping/refresh.ts";
import { listAddress } from "../../src/keeping/refresh_lists.ts";
import { document, ISSUER, keySet, ROOT_2, statusList, trustIn } from "../issuing.ts";
import { ROOT } from "../issuing.ts";
import { SharedShelf } from "./shelves.ts";
import { type Answer, DOCUMENT, Site } from "./site.ts";

function opened(): Promise<Keeper> {
  return Keeper.open(async () => new SharedShelf());
}

/** A site and a browser that has been there before. */
async function visited(): Promise<{ site: Site; keeper: Keeper }> {
  const [site, keeper] = [await Site.open(), await opened()];
  site.publish(DOCUMENT, await document({ version: 2 }));
  await refreshIssuer(keeper, site.page);
  return { site, keeper };
}

async function version(keeper: Keeper): Promise<number | undefined> {
  return (await keeper.pageStore.describe(ISSUER)).document?.version;
}

test("first contact pins the issuer that the page's origin publishes", async () => {
  const [site, keeper] = [await Site.open(), await opened()];
  site.publish(DOCUMENT, await document());
  const before = Date.now();
  assert.deepEqual(await refreshIssuer(keeper, site.page), {
    issuer: ISSUER,
    source: "network",
    problem: null,
  });
  assert.deepEqual(keeper.pageStore.issuers, [ISSUER]);
  assert.ok((keeper.firstSeen.get(ISSUER) ?? 0) >= before);
  assert.ok((keeper.lastFetched.get(ISSUER) ?? 0) >= before);
});

test("a newer document is taken in, and the first sight stays", async () => {
  const { site, keeper } = await visited();
  const seen = keeper.firstSeen.get(ISSUER);
  site.publish(DOCUMENT, await document({ version: 3, epoch: 2 }));
  const { problem, source } = await refreshIssuer(keeper, site.page);
  assert.deepEqual([problem, source, await version(keeper)], [null, "network", 3]);
  assert.equal(keeper.firstSeen.get(ISSUER), seen);
});

const REFUSED: [reason: string, token: Uint8Array][] = [
  ["rollback", await document({ version: 1 })],
  ["fork", await document({ version: 2, body: { 1: 1_800_000_000 } })],
  ["untrusted_root", await document({ version: 3, by: ROOT_2, body: { 6: [ROOT_2.coseKey] } })],
  ["broken_handover", await document({ version: 3, body: { 6: [ROOT.coseKey, ROOT_2.coseKey] } })],
  ["not_a_token", new TextEncoder().encode("hello")],
];
for (const [reason, token] of REFUSED) {
  test(`a document that is refused leaves what is kept: ${reason}`, async () => {
    const { site, keeper } = await visited();
    const fetched = keeper.lastFetched.get(ISSUER);
    site.publish(DOCUMENT, token);
    assert.deepEqual(await refreshIssuer(keeper, site.page), {
      issuer: ISSUER,
      source: "kept",
      problem: reason,
    });
    assert.equal(await version(keeper), 2);
    assert.equal(keeper.lastFetched.get(ISSUER), fetched);
  });
}

test("a document that is refused at first contact pins nobody", async () => {
  const [site, keeper] = [await Site.open(), await opened()];
  site.publish(DOCUMENT, await document({ by: ROOT_2 }));
  const { source, problem } = await refreshIssuer(keeper, site.page);
  assert.deepEqual([source, problem], ["none", "untrusted_root"]);
  assert.deepEqual(keeper.pageStore.issuers, []);
});

const FAILURES: [name: string, problem: string, answer: Answer][] = [
  ["not there", "not_published", (_, response) => response.writeHead(404).end()],
  [
    "a page instead",
    "not_published",
    (_, response) => {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<html>");
    },
  ],
  ["a fault of the server", "offline", (_, response) => response.writeHead(503).end()],
  ["no connection", "offline", (request) => request.socket.destroy()],
  ["a redirect", "offline", (_, response) => response.writeHead(302, { location: "/x" }).end()],
  ["too much", "too_large", (_, response) => response.end(Buffer.alloc(8 * 1024 * 1024 + 1))],
  [
    "never an end",
    "too_large",
    (_, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(1 << 20), () => setImmediate(more));
      };
      more();
    },
  ],
  ["never an answer", "too_slow", () => undefined],
];
for (const [name, problem, answer] of FAILURES) {
  test(`what is kept counts where the document cannot be had: ${name}`, async () => {
    const { site, keeper } = await visited();
    site.paths.set(DOCUMENT, answer);
    assert.deepEqual(await refreshIssuer(keeper, site.page), {
      issuer: ISSUER,
      source: "kept",
      problem,
    });
    assert.equal(await version(keeper), 2);
  });
}

test("the file's issuer gets the document too, by the file's own pin", async () => {
  const [site, keeper] = [await Site.open(), await opened()];
  await keeper.importFile("trust", (await trustIn(await document())).toBundle());
  site.publish(DOCUMENT, await document({ version: 4 }));
  assert.equal((await refreshIssuer(keeper, site.page)).problem, null);
  assert.equal((await keeper.fileStore?.describe(ISSUER))?.document?.version, 4);
});

test("a page that publishes other roots than the file says so", async () => {
  const [site, keeper] = [await Site.open(), await opened()];
  await keeper.importFile("trust", (await trustIn(await document({ version: 9 }))).toBundle());
  site.publish(DOCUMENT, await document({ version: 1 }));
  assert.equal((await refreshIssuer(keeper, site.page)).problem, "rollback");
  assert.equal((await keeper.fileStore?.describe(ISSUER))?.document?.version, 9);
});

test("an issuer that the file trusts by a key set gets no document", async () => {
  const [site, keeper] = [await Site.open(), await opened()];
  await keeper.importFile("jwks.json", keySet(), undefined, ISSUER);
  site.publish(DOCUMENT, await document());
  assert.equal((await refreshIssuer(keeper, site.page)).problem, null);
  assert.equal((await keeper.fileStore?.describe(ISSUER))?.kind, "key set");
});

test("status lists are fetched beside the page's folder and taken in by both stores", async () => {
  const { site, keeper } = await visited();
  await keeper.importFile("trust", (await trustIn(await document())).toBundle());
  site.publish("/status/1.cwt", await statusList());
  site.publish("/status/2.cwt", await statusList({ number: 2, by: ROOT }));
  const { problems } = await refreshLists(keeper, site.page, ISSUER, [1, 1, 2, 3]);
  assert.deepEqual([...problems].sort(), [
    [2, "status_list_refused"],
    [3, "not_published"],
  ]);
  for (const store of [keeper.pageStore, keeper.fileStore]) {
    const { lists } = (await store?.describe(ISSUER)) ?? assert.fail("not there");
    assert.deepEqual(
      lists.map(({ number, problem }) => [number, problem]),
      [[1, null]],
    );
  }
});

test("lists of an issuer that is not held are not asked for", async () => {
  const { site, keeper } = await visited();
  const { problems } = await refreshLists(keeper, site.page, "other.example.org", [1]);
  assert.deepEqual([...problems], [[1, "not_published"]]);
});

const PAGE = new URL("https://preview.example.net/site/c/");
const ADDRESSES: [uri: string, address: string | null][] = [
  ["https://learn.example.edu/status/1.cwt", "https://preview.example.net/site/status/1.cwt"],
  ["https://learn.example.edu/s/1?a=b", "https://preview.example.net/site/s/1?a=b"],
  ["https://learn.example.edu//evil.example/1", "https://preview.example.net/site//evil.example/1"],
  ["https://learn.example.edu/http://evil/1", "https://preview.example.net/site/http://evil/1"],
  ["https://preview.example.net/lists/1", "https://preview.example.net/lists/1"],
  ["https://learn.example.edu.evil.example/1", null],
  ["http://learn.example.edu/status/1.cwt", null],
  ["urn:list:1", null],
  ["https://[/", null],
];
for (const [uri, address] of ADDRESSES) {
  test(`a list at ${uri} is looked for at ${address ?? "no address of this page"}`, () => {
    assert.equal(listAddress(uri, ISSUER, PAGE)?.href ?? null, address);
  });
}

test("a sealed file is fetched from beside the page", async () => {
  const site = await Site.open();
  const name = "0123456789abcdef".repeat(2);
  assert.equal(await fetchSealed(site.page, name), "missing");
  site.publish(`/c/sealed/${name}.cose`, Uint8Array.of(0xd0, 0x83));
  assert.deepEqual(await fetchSealed(site.page, name), Uint8Array.of(0xd0, 0x83));
  site.publish(`/c/sealed/${name}.cose`, new Uint8Array(10_000_000));
  const large = await fetchSealed(site.page, name);
  assert.ok(large instanceof Uint8Array && large.length > 66_048 && large.length < 5_000_000);
  site.paths.set(`/c/sealed/${name}.cose`, (request) => request.socket.destroy());
  assert.equal(await fetchSealed(site.page, name), "offline");
  assert.equal(await fetchSealed(site.page, "../../secret"), "missing");
});
