/** The reader worker: a hostile file keeps neither the page busy nor its memory. */
import { type Found, type NothingFound, type Picture, readBytes } from "./reading.ts";

/** What this worker uses of its global scope. */
declare const self: {
  onmessage: ((event: MessageEvent<Uint8Array>) => void) | null;
  postMessage(answer: Found | NothingFound | Picture): void;
};

self.onmessage = ({ data }) => self.postMessage(readBytes(data));
