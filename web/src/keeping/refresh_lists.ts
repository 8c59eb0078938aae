import type { IssuerDocument } from "../statement/documents.ts";
import { statusListUri } from "../trust/first_use.ts";
import type { TrustStore } from "../trust/store.ts";
import type { Reason } from "../verdict.ts";
import { fetchWithin } from "./fetch.ts";
import type { Keeper } from "./keeper.ts";
import { refusalOf } from "./refusal.ts";

/** docs/spec.md, section 12.2. */
const LIST_LIMIT = 16_777_216;

/**
 * Where this page can fetch a list from: what lies under the issuer's own address is looked for
 * beside the page's folder, so that a copy of the site on another host works. Null: elsewhere.
 */
export function listAddress(uri: string, issuer: string, pageUrl: URL): URL | null {
  const own = `https://${issuer}/`;
  let url: URL;
  try {
    // Whatever follows the dots stays on this host.
    url = uri.startsWith(own) ? new URL(`../${uri.slice(own.length)}`, pageUrl) : new URL(uri);
  } catch {
    return null;
  }
  return url.origin === pageUrl.origin ? url : null;
}

async function documentOf(
  store: TrustStore | null,
  issuer: string,
): Promise<IssuerDocument | null> {
  if (!store?.issuers.includes(issuer)) return null;
  return (await store.describe(issuer)).document;
}

/** Each store takes the list by the document that it holds. */
async function takeInList(
  keeper: Keeper,
  list: Uint8Array,
  issuer: string,
): Promise<Reason | null> {
  const byPage = async (): Promise<void> => {
    if ((await documentOf(keeper.pageStore, issuer)) === null) return;
    await keeper.takeIn(async (kept) => ({
      ...kept,
      store: await kept.store.withStatusList(list, issuer),
    }));
  };
  const byFile = async (): Promise<void> => {
    if ((await documentOf(keeper.fileStore, issuer)) === null) return;
    await keeper.takeIntoFile((store) => store.withStatusList(list, issuer));
  };
  const refusals = [await refusalOf(byPage), await refusalOf(byFile)];
  // An older list than the one at hand is no news: a host's cache may well give one.
  return refusals.find((reason) => reason !== null && reason !== "rollback") ?? null;
}

async function refreshList(
  keeper: Keeper,
  pageUrl: URL,
  issuer: string,
  document: IssuerDocument,
  list: number,
): Promise<string | null> {
  const uri = statusListUri(document, list);
  if (uri === null) return "not_published";
  const url = listAddress(uri, issuer, pageUrl);
  if (url === null) return "elsewhere";
  const fetched = await fetchWithin(url, LIST_LIMIT, "no-cache");
  if ("problem" in fetched) return fetched.problem;
  return fetched.whole ? takeInList(keeper, fetched.bytes, issuer) : "too_large";
}

/**
 * Fetches status lists whole (section 17) and takes them in. A list that is not fetched stays as it
 * was kept, and is named with a FetchProblem, a Reason, or "elsewhere": another origin has it.
 */
export async function refreshLists(
  keeper: Keeper,
  pageUrl: URL,
  issuer: string,
  lists: readonly number[],
): Promise<{ problems: ReadonlyMap<number, string> }> {
  const problems = new Map<number, string>();
  const document =
    (await documentOf(keeper.pageStore, issuer)) ?? (await documentOf(keeper.fileStore, issuer));
  await Promise.all(
    [...new Set(lists)].map(async (list) => {
      const problem =
        document === null
          ? "not_published"
          : await refreshList(keeper, pageUrl, issuer, document, list);
      if (problem !== null) problems.set(list, problem);
    }),
  );
  return { problems };
}
