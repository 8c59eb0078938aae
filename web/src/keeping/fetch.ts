/** Fetching from the page's own origin, within bounds of size and time. */

/** How long one file may take, its body included. */
const PATIENCE_MS = 8000;

export type FetchProblem = "offline" | "not_published" | "too_slow";

export type Fetched =
  /** `whole`: nothing came after these bytes; otherwise there are more than were allowed. */
  { readonly bytes: Uint8Array; readonly whole: boolean } | { readonly problem: FetchProblem };

/** Reads on until more than `limit` bytes came, and lets the rest go. */
async function bodyWithin(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined && length <= limit) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  if (length > limit) await reader?.cancel();
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/**
 * Never rejects. Says nothing about whoever asks: no credentials, no referrer; follows no redirect.
 * `kept` "no-cache": the browser may ask whether what it has is still right;
 * "no-store": it has nothing.
 */
export async function fetchWithin(
  url: URL,
  limit: number,
  kept: "no-cache" | "no-store",
): Promise<Fetched> {
  try {
    const response = await fetch(url, {
      cache: kept,
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    // A host that answers every address with some page publishes nothing there.
    const page = response.headers.get("content-type")?.startsWith("text/html") ?? false;
    if (response.status >= 500) return { problem: "offline" };
    if (!response.ok || page) return { problem: "not_published" };
    const bytes = await bodyWithin(response, limit);
    return { bytes, whole: bytes.length <= limit };
  } catch (error) {
    const slow = error instanceof DOMException && error.name === "TimeoutError";
    return { problem: slow ? "too_slow" : "offline" };
  }
}
