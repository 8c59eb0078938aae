import { sameBytes } from "../crypto/digest.ts";
import { Refusal } from "../verdict.ts";
import { firstContact } from "./first_contact.ts";
import { HeldIssuer } from "./held_issuer.ts";
import type { Look } from "./looking_in.ts";
import type { OpenedDocument } from "./opening.ts";
import { acceptList, unpackList } from "./status_list.ts";
import type { SignedList } from "./status_list.ts";
import { readStatusToken } from "./status_token.ts";
import type { StatusToken } from "./status_token.ts";
import { walk } from "./walk.ts";
import type { Pin, Walked } from "./walk.ts";

/**
 * "An issuer document", docs/spec.md, section 13.2: what is held of its issuer afterwards. `held`
 * is what was held before, `told` the root that the verifier was told.
 */
export async function takeInDocument(
  token: Uint8Array,
  look: Look,
  held: HeldIssuer | undefined,
  told: Uint8Array | undefined,
): Promise<HeldIssuer> {
  if (held === undefined) {
    if (told === undefined) {
      throw new Refusal("untrusted_root");
    }
    return HeldIssuer.ofDocument(token, await walk(look, await firstContact(look, told)));
  }
  const { pin } = held.content;
  if (pin === null) {
    // Section 13.2 names no reason: what is relied on here is a key set, and no root.
    throw new Refusal("untrusted_root");
  }
  if (told !== undefined) {
    await walk(look, await firstContact(look, told));
  }
  const walked = await walkFromPin(look, pin, told !== undefined);
  const before = await held.open();
  const isNewer = before.kind !== "document" || replaces(token, walked, held, before);
  return isNewer ? HeldIssuer.ofDocument(token, walked, held) : held;
}

/** With a root that leads to the document, a pin that does not is one to another root. */
async function walkFromPin(look: Look, pin: Pin, wasTold: boolean): Promise<Walked> {
  try {
    return await walk(look, pin);
  } catch (error) {
    const isOtherRoot = wasTold && error instanceof Refusal && error.reason !== "rollback";
    throw isOtherRoot ? new Refusal("untrusted_root") : error;
  }
}

/** Section 11.4: true for a newer document, false for the same one. */
function replaces(
  token: Uint8Array,
  walked: Walked,
  held: HeldIssuer,
  before: OpenedDocument,
): boolean {
  const { version } = walked.document;
  if (version < before.document.version) {
    throw new Refusal("rollback");
  }
  if (version === before.document.version) {
    if (!sameBytes(token, held.content.published)) {
      throw new Refusal("fork");
    }
    return false;
  }
  if (before.document.final) {
    throw new Refusal("fork");
  }
  return true;
}

/** "A status list", section 13.2, for one issuer that may have signed it. */
export async function takeInList(
  bytes: Uint8Array,
  token: StatusToken,
  held: HeldIssuer,
): Promise<HeldIssuer> {
  const opened = await held.open();
  if (opened.kind !== "document") {
    throw new Refusal(opened.kind === "refused" ? opened.reason : "status_list_refused");
  }
  const list = await acceptList(token, opened);
  const known = held.content.lists.get(list.number);
  if (known !== undefined) {
    await compareWithKnown(bytes, list, known, opened);
  }
  unpackList(list);
  return held.withList(list.number, bytes);
}

async function compareWithKnown(
  bytes: Uint8Array,
  list: SignedList,
  known: Uint8Array,
  opened: OpenedDocument,
): Promise<void> {
  const before = await acceptedOrNull(known, opened);
  if (before === null || before.number !== list.number) {
    return;
  }
  if (before.issuedAt > list.issuedAt) {
    throw new Refusal("rollback");
  }
  if (before.issuedAt === list.issuedAt && !sameBytes(bytes, known)) {
    throw new Refusal("fork");
  }
}

/** What is held of a list, where it passes the same rules as the one that is taken in. */
async function acceptedOrNull(
  known: Uint8Array,
  opened: OpenedDocument,
): Promise<SignedList | null> {
  try {
    return await acceptList(readStatusToken(known), opened);
  } catch (error) {
    if (error instanceof Refusal) {
      return null;
    }
    throw error;
  }
}
