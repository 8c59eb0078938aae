import type { DocumentFrame } from "../codec/frame.ts";
import { sameBytes, thumbprint } from "../crypto/digest.ts";
import { Refusal } from "../verdict.ts";
import { rootsOfHandover } from "./looking_in.ts";
import type { Look } from "./looking_in.ts";
import {
  followHandovers,
  handoverFrame,
  handoverTo,
  isSignedBy,
  isSignedByOne,
  orBroken,
} from "./walk.ts";
import type { Pin } from "./walk.ts";

/**
 * "First contact", docs/spec.md, section 11.3: the pin of a verifier that was told one root, as the
 * 32 bytes of its public key or of its thumbprint. The walk from that pin comes after it.
 */
export async function firstContact(look: Look, told: Uint8Array): Promise<Pin> {
  const frames = look.handovers.map(handoverFrame);
  const listed = frames.map((frame) => orBroken(() => rootsOfHandover(frame)));
  const key = await findKey([...look.listedRoots, ...listed.flat()], told);
  for (const [place, frame] of frames.entries()) {
    if (await isSignedBy(frame, key)) {
      const { epoch, roots } = handoverTo(place + 1, frame, look);
      return { epoch, roots };
    }
  }
  if (await isSignedBy(look.frame, key)) {
    return followHandovers(look, await genesis(frames, look));
  }
  throw new Refusal("untrusted_root");
}

async function findKey(keys: readonly Uint8Array[], told: Uint8Array): Promise<Uint8Array> {
  for (const key of keys) {
    if (sameBytes(key, told) || sameBytes(await thumbprint(key), told)) {
      return key;
    }
  }
  throw new Refusal("untrusted_root");
}

/** The pin of epoch 1, whose handover one of its own roots has signed. */
async function genesis(frames: readonly DocumentFrame[], look: Look): Promise<Pin> {
  const [frame] = frames;
  if (frame === undefined) {
    throw new Refusal("broken_handover");
  }
  const { epoch, roots } = handoverTo(1, frame, look);
  if (!(await isSignedByOne(frame, roots))) {
    throw new Refusal("broken_handover");
  }
  return { epoch, roots };
}
