/** The camera: it runs while its dialog is open, and no longer. */
import { startCamera } from "../../scan/camera.ts";
import { button, element } from "../element.ts";
import { say } from "../words.ts";

/** Opens the dialog. `onCode` is called once, with the text of the first code that is read. */
export async function openCamera(onCode: (text: string) => void): Promise<void> {
  const message = element("p", { role: "status" }, say("camera.hint"));
  const video = element("video", { playsinline: true, muted: true });
  const dialog = element(
    "dialog",
    { class: "camera", "aria-labelledby": "camera-title" },
    element("h2", { id: "camera-title" }, say("camera.title")),
    video,
    message,
    button(say("camera.stop"), () => dialog.close(), { class: "primary" }),
  );
  document.body.append(dialog);
  let stop = (): void => {};
  let closed = false;
  dialog.addEventListener("close", () => {
    closed = true;
    stop();
    dialog.remove();
  });
  dialog.showModal();
  const camera = await startCamera(
    video,
    (text) => {
      if (closed) return;
      dialog.close();
      onCode(text);
    },
    (problem) => {
      message.textContent = say(`camera.${problem}`);
      video.hidden = true;
    },
  );
  stop = () => camera.stop();
  // Whoever closed the dialog while the camera was starting wants it off as well.
  if (closed) stop();
}
