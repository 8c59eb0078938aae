import { type Dictionary, dictionary1 } from "../codec/dictionary.ts";
import text from "../../../src/signedcert/codec/dictionary1.bin";

/**
 * Dictionary 1 (docs/spec.md, section 7.3), which is part of the page's script: nothing is fetched.
 * Only for what the build bundles; Node reads the file itself.
 */
export function pageDictionary(): Promise<Dictionary> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = text.charCodeAt(at);
  return dictionary1(bytes);
}
