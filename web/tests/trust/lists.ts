/** Taking in status lists, for tests, and values that they may not have. */
import type { TrustStore } from "../../src/trust/store.ts";
import { bytes, Raw } from "../encoding.ts";
import { document, ISSUER, statusList, trustIn } from "../issuing.ts";
import type { ListOptions } from "../issuing.ts";
import { refusal } from "../refusing.ts";

export const TYPE = "application/statuslist+cwt";
const TRUST = await trustIn(await document());
export const NULL = new Raw(Uint8Array.of(0xf6));
export const UNDEFINED = new Raw(Uint8Array.of(0xf7));
export const FLOAT = new Raw(bytes("fb3ff0000000000000"));

export function taken(list: Uint8Array, store: TrustStore = TRUST): Promise<unknown> {
  return refusal(() => store.withStatusList(list, ISSUER));
}

export async function takenWith(options: ListOptions, store: TrustStore = TRUST): Promise<unknown> {
  return taken(await statusList(options), store);
}
