/** What is being done, where it takes long enough for anybody to ask. */
export type Step = "checking" | "fetching" | "fetching_sealed";

/** In milliseconds. An answer seldom takes longer. */
export const PATIENCE_MS = 250;

/** Shows the step that work has come to, unless it is done before that could be read. */
export async function withProgress<Answer>(
  first: Step,
  patience: number,
  show: (step: Step) => void,
  work: (progress: (step: Step) => void) => Promise<Answer>,
): Promise<Answer> {
  let step = first;
  let shown = patience === 0;
  if (shown) show(step);
  const waits = setTimeout(() => {
    if (!shown) show(step);
    shown = true;
  }, patience);
  try {
    return await work((next) => {
      step = next;
      if (shown) show(step);
    });
  } finally {
    clearTimeout(waits);
  }
}
