/** What a kind of field is, and how faults are told: docs/spec.md, sections 4.2 and 6.3. */
import type { Value } from "../codec/values.ts";
import { Refusal } from "../verdict.ts";

/**
 * The faults that a graver one may still outdo (section 6.3). A schema violation is thrown where it
 * is found: after it, nothing graver can come.
 */
export class Faults {
  unknownField = false;
  unknownValue = false;

  /** Once everything was read: throws the gravest fault. */
  settle(): void {
    if (this.unknownField) throw new Refusal("unknown_field");
    if (this.unknownValue) throw new Refusal("unknown_value");
  }
}

/** What one kind of field holds. Throws `schema_violation` where the value is of no such kind. */
export type Kind<T> = (value: Value, faults: Faults) => T;

/** A kind in which no enumeration and no further label can be. */
export type PlainKind<T> = (value: Value) => T;

export function demand(condition: boolean): asserts condition {
  if (!condition) throw new Refusal("schema_violation");
}
