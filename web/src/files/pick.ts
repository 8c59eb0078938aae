/** What a person drops or picks. Files are taken apart in a worker, away from the page. */
import { scriptAddress } from "../keeping/trusted_types.ts";
import { codesInImage } from "./image.ts";
import { different, mayBeLink } from "./link.ts";
import type { Found, NothingFound, Picture } from "./reading.ts";

export type { Found, NothingFound } from "./reading.ts";

/** The page's own bound for any file. */
const FILE_LIMIT = 64 * 1024 * 1024;

/** Longer than any file takes; a worker that hangs is no reason to wait for ever. */
const PATIENCE_MS = 30_000;

/** What `readBytes` says, in a worker that ends with the answer. */
function readInWorker(bytes: Uint8Array): Promise<Found | NothingFound | Picture> {
  return new Promise((resolve) => {
    const worker = new Worker(scriptAddress("reader.js"));
    const end = (answer: Found | NothingFound | Picture): void => {
      clearTimeout(patience);
      worker.terminate();
      resolve(answer);
    };
    const patience = setTimeout(() => end("unreadable"), PATIENCE_MS);
    worker.onmessage = ({ data }: MessageEvent<Found | NothingFound | Picture>) => end(data);
    worker.onerror = () => end("unreadable");
    worker.postMessage(bytes);
  });
}

/** What is in a file, or why there is nothing to check in it. */
export async function readFile(file: Blob): Promise<Found | NothingFound> {
  if (file.size === 0) return "empty";
  if (file.size > FILE_LIMIT) return "too_large";
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return "unreadable";
  }
  const found = await readInWorker(bytes);
  if (typeof found === "string" || found.kind !== "picture") return found;
  return fromPicture(found, await codesInImage(file, found.drawing));
}

/** One certificate, whether it is drawn or stands in the file besides. Two are not chosen from. */
function fromPicture(
  { links }: Picture,
  seen: readonly string[] | "unreadable",
): Found | NothingFound {
  const codes = seen === "unreadable" ? [] : seen;
  const [link, ...others] = different([...links, ...codes.filter(mayBeLink)]);
  if (others.length > 0) return "several";
  const text = link ?? codes[0];
  if (text !== undefined) return { kind: "text", text };
  return seen === "unreadable" ? seen : "no_code";
}
