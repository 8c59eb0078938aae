/** The values of CBOR as this project has them: docs/spec.md, section 4.1. */

/** The key simple(59) of a course record's body (section 15.2), where all other keys are integers. */
export const SIMPLE_59 = "simple(59)";

export type Key = number | typeof SIMPLE_59;

/** In the profile: integers of at most 2^53 - 1, byte strings, text, arrays, maps, booleans. */
export type Value = number | boolean | string | Uint8Array | Value[] | ValueMap;

/** In the order of the encoding. Read with `get(label)`. */
export type ValueMap = Map<Key, Value>;
