/**
 * Tables of fields: docs/spec.md, sections 4.2, 4.4 and 6.3. A kind reads a value and gives what it
 * means, in the JSON form of section 6.4; a model is a table of kinds. So what a table says is
 * written once, and reading and showing follow from it.
 */
import { toBase64url } from "../codec/base64url.ts";
import type { Key, Value, ValueMap } from "../codec/values.ts";
import { demand, type Faults, type Kind, type PlainKind } from "./kind.ts";
import type { Json } from "./statement.ts";
import { isParagraphs } from "./text.ts";

export const REQUIRED = true;

/** By name: label, kind, and REQUIRED where the type demands the field. */
export type Fields<T> = {
  readonly [Name in Exclude<keyof T, "additional">]-?: object extends Pick<T, Name>
    ? readonly [label: number, kind: Kind<Exclude<T[Name], undefined>>]
    : readonly [label: number, kind: Kind<T[Name]>, required: true];
};

type Field = readonly [label: number, kind: Kind<unknown>, required?: boolean];

/** The labels of a table. */
export function labelsOf(fields: object): number[] {
  // Every table is of a type Fields<T>, whatever T is.
  return Object.values(fields as Record<string, Field>).map(([label]) => label);
}

/**
 * The fields of a map by their names; labels of 128 and above under `additionalName`. `others` are
 * keys that the table leaves to the caller.
 */
export function readFields<T>(
  map: ValueMap,
  fields: Fields<T>,
  faults: Faults,
  additionalName = "additional",
  others: readonly Key[] = [],
): T {
  const known = new Set<Key>([...others, ...labelsOf(fields)]);
  const found: Record<string, unknown> = {};
  // Every table is of a type Fields<T>, whatever T is.
  for (const [name, [label, kind, required]] of Object.entries(fields as Record<string, Field>)) {
    const value = map.get(label);
    demand(value !== undefined || required !== true);
    if (value !== undefined) found[name] = kind(value, faults);
  }
  const additional: Record<string, Json> = {};
  for (const [label, value] of map) {
    if (known.has(label)) continue;
    if (typeof label === "number" && label >= 128) additional[label] = ignored(value);
    else faults.unknownField = true;
  }
  if (Object.keys(additional).length > 0) found[additionalName] = additional;
  // The loop above filled what the type of `fields` demands.
  return found as T;
}

/** A model: a map of the fields in its table, never empty. */
export function model<T>(fields: Fields<T>): Kind<T> {
  return (value, faults) => readFields(nonEmptyMap(value), fields, faults);
}

/** A model "or bare text": text alone stands for label 0, whose field is called `name`. */
export function orBareText<T>(fields: Fields<T>, name: keyof Fields<T>): Kind<T> {
  const whole = model(fields);
  return (value, faults) => {
    const isText = typeof value === "string";
    demand(isText || !(value instanceof Map && value.size === 1 && value.has(0)));
    // Only the field of label 0 is required, so that the text is all of the model.
    return isText ? ({ [name]: fields[name][1](value, faults) } as T) : whole(value, faults);
  };
}

/** A model in array form: exactly its fields, in the order of labels. */
export function arrayForm<T>(fields: Fields<T>): Kind<T> {
  const count = labelsOf(fields).length;
  return (value, faults) => {
    demand(Array.isArray(value) && value.length === count);
    return readFields(new Map<Key, Value>(value.entries()), fields, faults);
  };
}

/** Text by itself, or a map. */
export function textOr<T>(text: Kind<string>, other: Kind<T>): Kind<string | T> {
  return (value, faults) => (typeof value === "string" ? text : other)(value, faults);
}

/** An array of 1 to `most`. */
export function arrayOf<T>(most: number, kind: Kind<T>): Kind<readonly T[]> {
  return (value, faults) => {
    demand(Array.isArray(value) && value.length > 0 && value.length <= most);
    return value.map((item) => kind(item, faults));
  };
}

/** An enumeration, numbered from 0, by its names; a number that it does not list is noted. */
export function enumeration<const Name extends string>(...names: Name[]): Kind<Name> {
  return (value, faults) => {
    demand(typeof value === "number" && value >= 0);
    const name = names[value];
    if (name !== undefined) return name;
    faults.unknownValue = true;
    return names[0] as Name; // never seen: the fault refuses the whole
  };
}

export const flag: PlainKind<true> = (value) => {
  demand(value === true);
  return value;
};

export function nonEmptyMap(value: Value): ValueMap {
  demand(value instanceof Map && value.size > 0);
  return value;
}

/** A value under a label of 128 or above: section 4.4, in its JSON form. */
export function ignored(value: Value): Json {
  demand(hasCleanText(value));
  return asJson(value);
}

/** Whether all text in a value is free of the code points that paragraphs refuse. */
export function hasCleanText(value: Value): boolean {
  if (typeof value === "string") return isParagraphs(value);
  if (Array.isArray(value)) return value.every(hasCleanText);
  return !(value instanceof Map) || [...value.values()].every(hasCleanText);
}

/** Any value as JSON: two values of the profile have the same JSON only where they are the same. */
export function asJson(value: Value): Json {
  if (value instanceof Uint8Array) return { base64url: toBase64url(value) };
  if (Array.isArray(value)) return value.map(asJson);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([label, item]) => [label, asJson(item)]));
}
