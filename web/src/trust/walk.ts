import { readDocumentFrame, toBeSigned } from "../codec/frame.ts";
import type { DocumentFrame } from "../codec/frame.ts";
import { kidOf, sameBytes } from "../crypto/digest.ts";
import { accepts } from "../crypto/ed25519.ts";
import { readHandover, readIssuerDocument } from "../statement/documents.ts";
import type { Handover, IssuerDocument } from "../statement/documents.ts";
import { Refusal } from "../verdict.ts";
import type { Look } from "./looking_in.ts";

/** The number of an epoch and its Ed25519 roots, in order: what a verifier relies on. */
export interface Pin {
  readonly epoch: number;
  readonly roots: readonly Uint8Array[];
}

/** A verified document, and the pin that the walk ended with. */
export interface Walked {
  readonly document: IssuerDocument;
  readonly pin: Pin;
}

/** "Walking", docs/spec.md, section 11.3, after step 1. */
export async function walk(look: Look, pin: Pin): Promise<Walked> {
  if (look.handovers.length < pin.epoch) {
    throw new Refusal("rollback");
  }
  const reached = await followHandovers(look, pin);
  if (!(await isSignedByOne(look.frame, reached.roots))) {
    throw new Refusal("untrusted_root");
  }
  const document = readIssuerDocument(look.frame.payload);
  if (!sameKeys(look.listedRoots, reached.roots)) {
    throw new Refusal("broken_handover");
  }
  return { document, pin: reached };
}

/** Step 3 of walking: from a pin over the handovers behind it to the last one. */
export async function followHandovers(look: Look, pin: Pin): Promise<Pin> {
  let { epoch, roots } = pin;
  for (const token of look.handovers.slice(pin.epoch)) {
    const frame = handoverFrame(token);
    if (!(await isSignedByOne(frame, roots))) {
      throw new Refusal("broken_handover");
    }
    epoch += 1;
    roots = handoverTo(epoch, frame, look).roots;
  }
  return { epoch, roots };
}

/** The frame of a handover; `broken_handover` where it is none. */
export function handoverFrame(token: Uint8Array): DocumentFrame {
  return orBroken(() => readDocumentFrame(token, "handover"));
}

/** What a handover says, which has to be the one to this epoch of the document's issuer. */
export function handoverTo(epoch: number, frame: DocumentFrame, look: Look): Handover {
  const handover = orBroken(() => readHandover(frame.payload));
  if (handover.epoch !== epoch || handover.issuer !== look.issuer) {
    throw new Refusal("broken_handover");
  }
  return handover;
}

/** Whether the root has the frame's kid and accepts its signature. */
export async function isSignedBy(frame: DocumentFrame, root: Uint8Array): Promise<boolean> {
  return (
    sameBytes(await kidOf(root), frame.kid) &&
    (await accepts(root, toBeSigned(frame.header, frame.payload), frame.signature))
  );
}

export async function isSignedByOne(
  frame: DocumentFrame,
  roots: readonly Uint8Array[],
): Promise<boolean> {
  for (const root of roots) {
    if (await isSignedBy(frame, root)) {
      return true;
    }
  }
  return false;
}

/** Whatever refuses a handover, the document's handovers do not lead on. */
export function orBroken<Found>(read: () => Found): Found {
  try {
    return read();
  } catch (error) {
    throw error instanceof Refusal ? new Refusal("broken_handover") : error;
  }
}

function sameKeys(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  return (
    some.length === others.length &&
    some.every((key, place) => {
      const other = others[place];
      return other !== undefined && sameBytes(key, other);
    })
  );
}
