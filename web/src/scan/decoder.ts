/**
 * The decoder worker, for browsers that cannot read QR codes by themselves: ZXing-C++ as
 * WebAssembly. It is a script of its own, which a page that scans nothing does not load.
 */
import { prepareZXingModule, type ReaderOptions, readBarcodes } from "zxing-wasm/reader";
import type { Answered, Asked } from "./messages.ts";

/** What this worker uses of its global scope. */
declare const self: {
  readonly location: { readonly href: string };
  onmessage: ((event: MessageEvent<Asked>) => void) | null;
  postMessage(answer: Answered): void;
};

const READING: ReaderOptions = {
  formats: ["QRCode"],
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  tryDownscale: true,
  maxNumberOfSymbols: 8,
  textMode: "Plain",
};

/** From beside this script, and from nowhere else. */
async function load(): Promise<void> {
  const response = await fetch(new URL("zxing_reader.wasm", self.location.href));
  if (!response.ok) throw new Error(`zxing_reader.wasm: ${response.status}`);
  const wasmBinary = await response.arrayBuffer();
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
}

let loaded: Promise<void> | undefined;

function pixels(image: ImageBitmap): ImageData {
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("no canvas");
  // Transparent parts of a picture are shown on white paper.
  context.fillStyle = "white";
  context.fillRect(0, 0, image.width, image.height);
  context.drawImage(image, 0, 0);
  image.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

async function answer({ id, image }: Asked): Promise<Answered> {
  loaded ??= load();
  try {
    await loaded;
  } catch {
    return { id, failed: true };
  }
  const results = await readBarcodes(pixels(image), READING);
  return { id, texts: results.filter(({ isValid }) => isValid).map(({ text }) => text) };
}

self.onmessage = ({ data }) => {
  answer(data).then(
    (answered) => self.postMessage(answered),
    () => self.postMessage({ id: data.id, texts: [] }),
  );
};
