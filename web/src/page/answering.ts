/** From a question to everything that its view is made of. */
import type { Keeper } from "../keeping/keeper.ts";
import { type Checked, check, issuerOf, type Subject, type Surroundings } from "./checking.ts";
import type { Wishes } from "./checking.ts";
import type { Result } from "./views/context.ts";

/** What the answer needs, most of it still on its way. */
export interface OnItsWay extends Omit<Surroundings, "keeper"> {
  readonly keeper: Promise<Keeper>;
  /** Whether the browser has Ed25519. */
  readonly supported: Promise<boolean>;
}

type Answer = Omit<Result, "site" | "actions">;

/** Or why there is none: the page was not opened securely, or the browser cannot check. */
export async function answerTo(
  subject: Subject,
  wishes: Wishes,
  around: OnItsWay,
): Promise<Answer | "insecure" | "unsupported"> {
  if (!isSecureContext) return "insecure";
  if (!(await around.supported)) return "unsupported";
  const keeper = await around.keeper;
  const checked = await check(subject, wishes, { ...around, keeper });
  return { checked, keeper, ...(await issuerIn(checked, keeper)) };
}

/** The issuer that the answer is about, and what the store that counted has of it. */
async function issuerIn(
  checked: Checked,
  keeper: Keeper,
): Promise<Pick<Answer, "issuer" | "description">> {
  const { statement } = checked.verdict;
  const issuer = statement === null ? checked.refreshed.issuer : issuerOf(statement);
  const store = checked.policy.basis === "file" ? keeper.fileStore : keeper.pageStore;
  if (issuer === null || !store?.issuers.includes(issuer)) return { issuer, description: null };
  return { issuer, description: await store.describe(issuer) };
}
