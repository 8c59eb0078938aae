import { different, mayBeLink } from "../files/link.ts";
import { DecoderMissing, type QrDecoder, qrDecoder } from "./decode.ts";

export type CameraProblem = "denied" | "no_camera" | "in_use" | "insecure" | "decoder";

/** The densest codes need this much; cameras give what they have. */
const WISHES: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } },
};

/** Between two looks at the picture: a code is found within a moment, and batteries last. */
const PAUSE_MS = 120;

/** https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia, the errors' names. */
function problemOf(error: unknown): CameraProblem {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "no_camera";
  return "in_use";
}

/** The code that is meant: of several certificates in view, none. */
function meant(texts: readonly string[]): string | null {
  const links = different(texts.filter(mayBeLink));
  return links.length > 1 ? null : (links[0] ?? texts[0] ?? null);
}

class Scan {
  readonly #video: HTMLVideoElement;
  readonly #stream: MediaStream;
  readonly #onCode: (text: string) => void;
  readonly #onProblem: (problem: CameraProblem) => void;
  #decoder: QrDecoder | null = null;
  #stopped = false;

  constructor(
    video: HTMLVideoElement,
    stream: MediaStream,
    onCode: (text: string) => void,
    onProblem: (problem: CameraProblem) => void,
  ) {
    this.#video = video;
    this.#stream = stream;
    this.#onCode = onCode;
    this.#onProblem = onProblem;
    for (const track of stream.getTracks()) track.onended = () => this.#fail("no_camera");
  }

  async run(): Promise<void> {
    try {
      this.#video.muted = true;
      this.#video.playsInline = true;
      this.#video.srcObject = this.#stream;
      await this.#video.play();
      this.#decoder = await qrDecoder();
      await this.#look(this.#decoder);
    } catch (error) {
      this.#fail(error instanceof DecoderMissing ? "decoder" : "in_use");
    } finally {
      // It may have come only after the scan was stopped.
      this.#decoder?.close();
    }
  }

  /** Tells each text once, until another one is seen. */
  async #look(decoder: QrDecoder): Promise<void> {
    let last: string | null = null;
    while (!this.#stopped) {
      const ready = this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
      const texts = ready && !document.hidden ? await decoder.decode(this.#video) : [];
      const text = meant(texts);
      if (text !== null && text !== last && !this.#stopped) this.#onCode(text);
      last = text ?? last;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const track of this.#stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
    if (this.#video.srcObject === this.#stream) this.#video.srcObject = null;
    this.#decoder?.close();
  }

  #fail(problem: CameraProblem): void {
    if (this.#stopped) return;
    this.stop();
    this.#onProblem(problem);
  }
}

/**
 * Shows the camera in `video` and tells the texts of the QR codes that it sees, until `stop`. After
 * a problem the camera is off. Resolves when the camera is on, or cannot be.
 */
export async function startCamera(
  video: HTMLVideoElement,
  onCode: (text: string) => void,
  onProblem: (problem: CameraProblem) => void,
): Promise<{ stop(): void }> {
  if (!isSecureContext || navigator.mediaDevices === undefined) {
    onProblem("insecure");
    return { stop: () => undefined };
  }
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia(WISHES);
  } catch (error) {
    onProblem(problemOf(error));
    return { stop: () => undefined };
  }
  const scan = new Scan(video, stream, onCode, onProblem);
  // It goes on until it is stopped, and tells its problems itself.
  void scan.run();
  return scan;
}
