/** What the page shows, and how that is drawn. */
import type { Step } from "./progress.ts";
import type { Result } from "./views/context.ts";
import { type Frame, showChecking, showProblem, showResult, showStart } from "./views/frame.ts";

export type Shown =
  | { readonly kind: "start" }
  | { readonly kind: "checking"; readonly step: Step }
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "problem"; readonly problem: "unsupported" | "insecure" | "unexpected" };

/** What the reader may do where nothing is shown yet. */
export type Start = Parameters<typeof showStart>[1];

export function drawShown(frame: Frame, shown: Shown, start: Start): void {
  switch (shown.kind) {
    case "start":
      return showStart(frame, start);
    case "checking":
      return showChecking(frame, shown.step);
    case "result":
      return showResult(frame, shown.result);
    case "problem":
      return showProblem(frame, shown.problem);
  }
}
