/** A payload: claims, and under one of them the body. docs/spec.md, sections 6.1 and 6.3. */
import type { Key, Value, ValueMap } from "../codec/values.ts";
import { demand, type Faults, type PlainKind } from "./kind.ts";
import { type Fields, nonEmptyMap, readFields } from "./table.ts";

const BODY = -65537;

export interface Payload {
  readonly claims: ValueMap;
  readonly body: ValueMap;
}

export function openPayload(value: Value): Payload {
  const claims = nonEmptyMap(value);
  return { claims, body: present(claims, BODY, nonEmptyMap) };
}

/** What both tables say, in one object. `bodyKeys` are those that the body's table leaves out. */
export function readPayload<C, B>(
  payload: Payload,
  claims: Fields<C>,
  body: Fields<B>,
  faults: Faults,
  bodyKeys: readonly Key[] = [],
): C & B {
  return {
    ...readFields(payload.claims, claims, faults, "additional_claims", [BODY]),
    ...readFields(payload.body, body, faults, "additional", bodyKeys),
  };
}

/** What stands under a label that is required. */
export function present<T>(map: ValueMap, label: Key, kind: PlainKind<T>): T {
  const value = map.get(label);
  demand(value !== undefined);
  return kind(value);
}

/** What stands under a label, or null. */
export function optional<T>(map: ValueMap, label: Key, kind: PlainKind<T>): T | null {
  return map.has(label) ? present(map, label, kind) : null;
}
