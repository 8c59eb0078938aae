/** Answers go by what is kept, also where that shows late, or changes in another tab. */
import type { Keeper } from "../keeping/keeper.ts";

/** `startAgain` is called whenever what was answered so far may be answered otherwise now. */
export async function goAlong(keeper: Keeper, site: string, startAgain: () => void): Promise<void> {
  if ("BroadcastChannel" in globalThis) {
    keeper.listen(new BroadcastChannel(`signedcert ${site}`), startAgain);
  }
  if (await keeper.keptAfterAll) startAgain();
}
