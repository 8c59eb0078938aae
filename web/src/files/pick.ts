/** What a person drops or picks. Files are taken apart in a worker, away from the page. */
import type { Dictionary } from "../codec/dictionary.ts";
import { codesInImage } from "./image.ts";
import { different, mayBeLink } from "./link.ts";
import { ask } from "../worker/ask.ts";
import type { Found, NothingFound, Picture } from "./reading.ts";

export type { Found, NothingFound } from "./reading.ts";

/** The page's own bound for any file. */
const FILE_LIMIT = 64 * 1024 * 1024;

/** What is in a file, or why there is nothing to check in it. `dictionary` must not reject. */
export async function readFile(
  file: Blob,
  dictionary: Promise<Dictionary | undefined>,
): Promise<Found | NothingFound> {
  if (file.size === 0) return "empty";
  if (file.size > FILE_LIMIT) return "too_large";
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return "unreadable";
  }
  const found = (await ask<Found | NothingFound | Picture>("reader.js", bytes)) ?? "unreadable";
  if (typeof found === "string" || found.kind !== "picture") return found;
  return fromPicture(found, await codesInImage(file, found.drawing), await dictionary);
}

/** One certificate, whether it is drawn or stands in the file besides. Two are not chosen from. */
function fromPicture(
  { links }: Picture,
  seen: readonly string[] | "unreadable",
  dictionary: Dictionary | undefined,
): Found | NothingFound {
  const codes = seen === "unreadable" ? [] : seen;
  const [link, ...others] = different([...links, ...codes.filter(mayBeLink)], dictionary);
  if (others.length > 0) return "several";
  const text = link ?? codes[0];
  if (text !== undefined) return { kind: "text", text };
  return seen === "unreadable" ? seen : "no_code";
}
