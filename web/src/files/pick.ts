/** What a person drops or picks. Files are taken apart in a worker, away from the page. */
import type { Dictionary } from "../codec/dictionary.ts";
import { codesInImage } from "./image.ts";
import { ask } from "../worker/ask.ts";
import type { Answer, Codes, Found, NothingFound, Question } from "./reading.ts";

export type { Found, NothingFound } from "./reading.ts";

/** The page's own bound for any file. */
const FILE_LIMIT = 64 * 1024 * 1024;

/** What is in a file, or why there is nothing to check in it. `known` must not reject. */
export async function readFile(
  file: Blob,
  known: Promise<Dictionary | undefined>,
): Promise<Found | NothingFound> {
  if (file.size === 0) return "empty";
  if (file.size > FILE_LIMIT) return "too_large";
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return "unreadable";
  }
  const dictionary = (await known)?.bytes;
  for (let codes: Codes | null = null; ;) {
    const question: Question = { bytes, codes, dictionary };
    const found: Answer | null = await ask("reader.js", question);
    if (found === null) return "unreadable";
    if (typeof found === "string" || found.kind !== "picture") return found;
    codes = await codesInImage(file, found.drawing);
  }
}
