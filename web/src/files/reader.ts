/** The reader worker: a hostile file keeps neither the page busy nor its memory. */
import { dictionary1 } from "../codec/dictionary.ts";
import { type Answer, type Question, readBytes } from "./reading.ts";

/** What this worker uses of its global scope. */
declare const self: {
  onmessage: ((event: MessageEvent<Question>) => void) | null;
  postMessage(answer: Answer): void;
};

self.onmessage = async ({ data: { bytes, codes, dictionary } }) => {
  const known = dictionary === undefined ? undefined : await dictionary1(dictionary);
  self.postMessage(readBytes(bytes, codes, known));
};
