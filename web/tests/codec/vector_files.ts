/** The vectors that all implementations share, and dictionary 1. */
import { readdirSync, readFileSync } from "node:fs";
import { dictionary1 } from "../../src/codec/dictionary.ts";

const ROOT = new URL("../../../", import.meta.url);

export function vectorBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`tests/vectors/${path}`, ROOT)));
}

export function vectorText(path: string): string {
  return readFileSync(new URL(`tests/vectors/${path}`, ROOT), "utf8");
}

export function vectorNames(folder: string): string[] {
  return readdirSync(new URL(`tests/vectors/${folder}`, ROOT));
}

/** What the golden vectors of both folders have in common, as far as tests here read it. */
export interface Golden {
  readonly token: string;
  readonly packed: string;
  readonly digits: string;
  readonly url: string;
  readonly share: string;
  readonly secret: string;
  readonly sealed_url: string;
  readonly sealed_name: string;
  readonly sealed_file: string;
  readonly record: { readonly issuer: string };
}

/** By file name. The shape is that of files in this repository. */
export function golden(folder: "golden" | "golden-records"): [string, Golden][] {
  return vectorNames(folder).map((name) => [name, JSON.parse(vectorText(`${folder}/${name}`))]);
}

/** The specification, whose worked examples are tests. */
export function specification(): string {
  return readFileSync(new URL("docs/spec.md", ROOT), "utf8");
}

/** The bytes of the worked example that stands between these markers (appendix A). */
export function workedExample(marker: string): Uint8Array {
  const block = specification().split(`<!-- generated: ${marker} -->`)[1]?.split("<!-- end -->")[0];
  const lines = block?.split("```")[1]?.split("\n").slice(1) ?? [];
  const hex = lines.map((line) => line.replace(/#.*/, "").replaceAll(" ", "")).join("");
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

export const dictionaryFile = new Uint8Array(
  readFileSync(new URL("src/signedcert/codec/dictionary1.bin", ROOT)),
);

export const dictionary = await dictionary1(dictionaryFile);
