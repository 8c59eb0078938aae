import { type OwnScript, scriptAddress } from "../keeping/trusted_types.ts";

/** Longer than any answer takes; a worker that hangs is no reason to wait for ever. */
const PATIENCE_MS = 30_000;

/** The answer of a worker that is started for one question; null where it gives none. */
export function ask<Answer>(script: OwnScript, question: unknown): Promise<Answer | null> {
  return new Promise((resolve) => {
    const worker = new Worker(scriptAddress(script));
    const end = (answer: Answer | null): void => {
      worker.terminate();
      resolve(answer);
    };
    worker.onmessage = ({ data }: MessageEvent<Answer>) => end(data);
    worker.onerror = () => end(null);
    setTimeout(end, PATIENCE_MS, null);
    worker.postMessage(question);
  });
}
