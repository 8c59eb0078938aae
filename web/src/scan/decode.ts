/** QR codes out of images: by the browser itself, or by the decoder worker, loaded only then. */
import { scriptAddress } from "../keeping/trusted_types.ts";
import type { Answered, Asked } from "./messages.ts";

export interface QrDecoder {
  /** The texts of the QR codes in it. */
  decode(image: ImageBitmap | HTMLVideoElement): Promise<readonly string[]>;
  close(): void;
}

/** The decoder could not be loaded: without a network, say, before it was ever used. */
export class DecoderMissing extends Error {}

/** https://wicg.github.io/shape-detection-api/#barcode-detection-api, as far as it is used. */
interface BarcodeDetector {
  detect(image: ImageBitmap | HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
interface BarcodeDetectorConstructor {
  new (options: { formats: readonly string[] }): BarcodeDetector;
  getSupportedFormats(): Promise<readonly string[]>;
}

async function browserDecoder(): Promise<QrDecoder | null> {
  // Not all browsers have it, and TypeScript's DOM library does not know it.
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: BarcodeDetectorConstructor };
  try {
    if (!(await BarcodeDetector?.getSupportedFormats())?.includes("qr_code")) return null;
  } catch {
    return null;
  }
  if (BarcodeDetector === undefined) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return {
    decode: async (image) => (await detector.detect(image)).map((code) => code.rawValue),
    close: () => undefined,
  };
}

interface Waiting {
  resolve(texts: readonly string[]): void;
  reject(error: Error): void;
}

class WorkerDecoder implements QrDecoder {
  readonly #worker = new Worker(scriptAddress("decoder.js"));
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<Answered>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("failed" in data) waiting?.reject(new DecoderMissing());
      else waiting?.resolve(data.texts);
    };
    this.#worker.onerror = () => this.close();
  }

  async decode(image: ImageBitmap | HTMLVideoElement): Promise<readonly string[]> {
    const copy = await createImageBitmap(image);
    this.#asked += 1;
    const asked: Asked = { id: this.#asked, image: copy };
    const texts = new Promise<readonly string[]>((resolve, reject) => {
      this.#waiting.set(asked.id, { resolve, reject });
    });
    this.#worker.postMessage(asked, [copy]);
    return texts;
  }

  close(): void {
    this.#worker.terminate();
    for (const waiting of this.#waiting.values()) waiting.reject(new DecoderMissing());
    this.#waiting.clear();
  }
}

/** Its `decode` throws DecoderMissing where the worker cannot be loaded. */
export async function qrDecoder(): Promise<QrDecoder> {
  return (await browserDecoder()) ?? new WorkerDecoder();
}
