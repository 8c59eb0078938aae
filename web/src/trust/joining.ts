import { sameBytes } from "../crypto/digest.ts";
import { Refusal } from "../verdict.ts";
import { earlierEnd, joinedEnd } from "./ends.ts";
import type { HeldIssuer } from "./held_issuer.ts";
import { lookIn } from "./looking_in.ts";
import { readStatusToken } from "./status_token.ts";
import { TrustStore } from "./store.ts";
import { takeInDocument, takeInList } from "./taking_in.ts";
import { walk } from "./walk.ts";
import type { Pin } from "./walk.ts";

/** Both stores together: "Another store", docs/spec.md, section 13.2. */
export async function joinStores(mine: TrustStore, theirs: TrustStore): Promise<TrustStore> {
  const joined = new Map(withOwnEnds(mine).map((held) => [held.content.name, held]));
  for (const held of withOwnEnds(theirs)) {
    const { name } = held.content;
    const known = joined.get(name);
    joined.set(name, known === undefined ? held : await joinIssuers(known, held));
  }
  return TrustStore.of(joined.values());
}

/** The end of the whole takes the place of an issuer's where it comes earlier. */
function withOwnEnds(store: TrustStore): HeldIssuer[] {
  return store.issuers.flatMap((name) => {
    const held = store.held(name);
    return held === undefined ? [] : [held.with({ end: earlierEnd(held.content.end, store.end) })];
  });
}

/** What is held of an issuer that both stores hold. */
async function joinIssuers(mine: HeldIssuer, theirs: HeldIssuer): Promise<HeldIssuer> {
  const document = await joinPublished(mine, theirs);
  let joined = sameBytes(mine.content.published, theirs.content.published)
    ? document.with({ kids: joinedKids(mine, theirs) })
    : document;
  for (const list of theirs.content.lists.values()) {
    joined = await withListOrWithout(joined, list);
  }
  return joined.with({ end: joinedEnd(mine.content.end, theirs.content.end) });
}

async function joinPublished(mine: HeldIssuer, theirs: HeldIssuer): Promise<HeldIssuer> {
  const { pin, published } = mine.content;
  const other = theirs.content;
  const isSame = sameBytes(published, other.published);
  if (pin === null || other.pin === null) {
    if (pin !== other.pin || !isSame) {
      // Section 13.2 names no reason: what the two say of this issuer does not go together.
      throw new Refusal("fork");
    }
    return mine;
  }
  if (isSame && samePin(pin, other.pin)) return mine;
  const look = lookIn(other.published);
  if (look.issuer !== other.name) {
    throw new Refusal("other_issuer");
  }
  try {
    const taken = await takeInDocument(other.published, look, mine, undefined);
    if (isSame) {
      await walk(look, other.pin);
    }
    return taken;
  } catch (error) {
    if (error instanceof Refusal && error.reason === "rollback") {
      return mineByTheirPin(mine, published, other.pin);
    }
    throw error;
  }
}

/** An older document is no harm where the other's roots lead to the newer one. */
async function mineByTheirPin(
  mine: HeldIssuer,
  published: Uint8Array,
  theirPin: Pin,
): Promise<HeldIssuer> {
  await walk(lookIn(published), theirPin);
  return mine;
}

function samePin(one: Pin, other: Pin): boolean {
  const roots = one.roots.length === other.roots.length;
  return (
    roots &&
    one.epoch === other.epoch &&
    one.roots.every((root, place) => sameBytes(root, other.roots[place] ?? root))
  );
}

function joinedKids(mine: HeldIssuer, theirs: HeldIssuer): readonly string[] {
  return [...new Set([...mine.content.kids, ...theirs.content.kids])].sort();
}

async function withListOrWithout(held: HeldIssuer, list: Uint8Array): Promise<HeldIssuer> {
  try {
    return await takeInList(list, readStatusToken(list), held);
  } catch (error) {
    if (error instanceof Refusal) {
      return held;
    }
    throw error;
  }
}
