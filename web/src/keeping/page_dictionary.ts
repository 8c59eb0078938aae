import { type Dictionary, dictionary1 } from "../codec/dictionary.ts";
import text from "../../../src/signedcert/codec/dictionary1.bin";

/**
 * Dictionary 1 (docs/spec.md, section 7.3), which is part of the page's script: nothing is fetched.
 * Only for what the build bundles; Node reads the file itself.
 */
export function pageDictionary(): Promise<Dictionary> {
  return dictionary1(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}
