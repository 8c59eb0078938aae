/** How things arrive: dropped or pasted anywhere on the page, or picked from the device. */
import { element } from "./element.ts";

export interface Arrivals {
  file(file: File): void;
  text(text: string): void;
}

/** From now on, whatever is dropped or pasted on the page arrives. */
export function listen(arrivals: Arrivals): void {
  const marked = document.documentElement.classList;
  let depth = 0;
  const over = (change: number): void => {
    depth = Math.max(0, depth + change);
    marked.toggle("dropping", depth > 0);
  };
  document.addEventListener("dragenter", () => over(1));
  document.addEventListener("dragleave", () => over(-1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    over(-depth);
    if (event.dataTransfer !== null) arrive(event.dataTransfer, arrivals);
  });
  document.addEventListener("paste", (event) => {
    const inField = event.target instanceof HTMLInputElement;
    const { clipboardData } = event;
    if (inField || clipboardData === null) return;
    event.preventDefault();
    arrive(clipboardData, arrivals);
  });
}

function arrive(data: DataTransfer, arrivals: Arrivals): void {
  const file = data.files[0];
  if (file !== undefined) return arrivals.file(file);
  const text = data.getData("text/uri-list") || data.getData("text/plain");
  if (text.trim() !== "") arrivals.text(text);
}

/** Lets the reader choose a file of theirs. */
export function pickFile(onFile: (file: File) => void): void {
  const input = element("input", { type: "file", hidden: true });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    input.remove();
    if (file !== undefined) onFile(file);
  });
  input.addEventListener("cancel", () => input.remove());
  // Some browsers lose the answer of an input that is not in the document.
  document.body.append(input);
  input.click();
}
