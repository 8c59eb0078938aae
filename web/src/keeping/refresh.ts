/**
 * Network first: what the page's own origin publishes about its issuer is fetched anew, and what
 * proves itself is taken in. What could not be had is said. Nothing here rejects, but for a browser
 * without Ed25519, which can check nothing.
 */
import { documentOnFirstUse } from "../trust/first_use.ts";
import { lookIn } from "../trust/looking_in.ts";
import type { TrustStore } from "../trust/store.ts";
import type { Reason } from "../verdict.ts";
import { type FetchProblem, fetchWithin } from "./fetch.ts";
import type { Keeper } from "./keeper.ts";
import type { PageTrust } from "./kept.ts";
import { refusalOf } from "./refusal.ts";

export interface Refreshed {
  /** Whose document this page publishes, or published when it could last be reached. */
  readonly issuer: string | null;
  readonly source: "network" | "kept" | "none";
  readonly problem: FetchProblem | Reason | null;
}

/** The page's own bound for an issuer document; the format's is 67 MB (section 11.1). */
const DOCUMENT_LIMIT = 8 * 1024 * 1024;

/** More than any sealed share has (section 15.8). What is longer is refused when it is opened. */
const SEALED_LIMIT = 66_048;

/** The issuer whose document was last fetched here. */
function lastIssuer(keeper: Keeper): string | null {
  const { issuers } = keeper.pageStore;
  const fetched = (issuer: string): number => keeper.lastFetched.get(issuer) ?? 0;
  return [...issuers].sort((one, other) => fetched(other) - fetched(one))[0] ?? null;
}

/** Takes the document in by section 13.2; at first contact with a root that it lists itself. */
async function withDocument(
  kept: PageTrust,
  token: Uint8Array,
  issuer: string,
  now: number,
): Promise<PageTrust> {
  const { store, firstSeen, lastFetched } = kept;
  const fetched = new Map(lastFetched).set(issuer, now);
  if (store.issuers.includes(issuer)) {
    return { store: await store.withIssuerDocument(token), firstSeen, lastFetched: fetched };
  }
  const first = await documentOnFirstUse(token);
  const alone = store.issuers.length === 0;
  return {
    store: alone ? first.store : await store.withIssuerDocument(token, first.root),
    firstSeen: new Map(firstSeen).set(issuer, now),
    lastFetched: fetched,
  };
}

/** True where the issuer came with the file and changes by documents. */
async function pinnedByFile(store: TrustStore | null, issuer: string): Promise<boolean> {
  if (!store?.issuers.includes(issuer)) return false;
  return (await store.describe(issuer)).kind === "pinned";
}

async function takeInDocument(
  keeper: Keeper,
  token: Uint8Array,
  issuer: string,
): Promise<Reason | null> {
  const now = Date.now();
  const byPage = await refusalOf(() =>
    keeper.takeIn((kept) => withDocument(kept, token, issuer, now)),
  );
  if (!(await pinnedByFile(keeper.fileStore, issuer))) return byPage;
  const byFile = await refusalOf(() =>
    keeper.takeIntoFile((store) => store.withIssuerDocument(token)),
  );
  return byPage ?? byFile;
}

/**
 * Fetches `../.well-known/signedcert/issuer.cbor` (section 14) and takes it in. It is asked for
 * while what is kept is still being opened.
 */
export async function refreshIssuer(
  opening: Keeper | Promise<Keeper>,
  pageUrl: URL,
): Promise<Refreshed> {
  const url = new URL("../.well-known/signedcert/issuer.cbor", pageUrl);
  const [keeper, fetched] = await Promise.all([
    opening,
    fetchWithin(url, DOCUMENT_LIMIT, "no-cache"),
  ]);
  const answer = (
    issuer: string | null,
    fetched: boolean,
    problem: Refreshed["problem"],
  ): Refreshed => {
    const stores = [keeper.pageStore, keeper.fileStore];
    const kept = issuer !== null && stores.some((store) => store?.issuers.includes(issuer));
    return { issuer, source: fetched ? "network" : kept ? "kept" : "none", problem };
  };

  if ("problem" in fetched) return answer(lastIssuer(keeper), false, fetched.problem);
  if (!fetched.whole) return answer(lastIssuer(keeper), false, "too_large");
  let issuer: string | null = null;
  const unread = await refusalOf(async () => {
    // Only to look up what is held of it: nothing is believed before the store took it in.
    issuer = lookIn(fetched.bytes).issuer;
  });
  if (issuer === null) return answer(lastIssuer(keeper), false, unread);
  const problem = await takeInDocument(keeper, fetched.bytes, issuer);
  return answer(issuer, problem === null, problem);
}

/** `../r/sealed/NAME.cose` and its like: beside the page that the link opens (section 15.8). */
export async function fetchSealed(
  pageUrl: URL,
  name: string,
): Promise<Uint8Array | "missing" | "offline"> {
  if (!/^[0-9a-f]{32}$/.test(name)) return "missing";
  // The page for certificates opens links of records, too; their files lie beside the other page.
  const places = [`sealed/${name}.cose`, `../r/sealed/${name}.cose`];
  for (const address of new Set(places.map((place) => new URL(place, pageUrl).href))) {
    const fetched = await fetchWithin(new URL(address), SEALED_LIMIT, "no-store");
    if ("bytes" in fetched) return fetched.bytes;
    if (fetched.problem !== "not_published") return "offline";
  }
  return "missing";
}

export { refreshLists } from "./refresh_lists.ts";
