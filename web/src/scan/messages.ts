/** Between the page and its decoder worker. */
export interface Asked {
  readonly id: number;
  /** Handed over: the worker closes it. */
  readonly image: ImageBitmap;
}

export type Answered =
  /** The texts of the QR codes in the image; none: []. */
  | { readonly id: number; readonly texts: readonly string[] }
  /** The decoder itself could not be loaded. */
  | { readonly id: number; readonly failed: true };
