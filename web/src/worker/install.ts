import { scriptAddress } from "../keeping/trusted_types.ts";

/**
 * Registers the service worker of the page's own folder, so that the page opens without a network.
 * The page works without it. Browsers look for a newer worker whenever the page is opened.
 */
export async function installWorker(): Promise<"installed" | "unsupported" | "failed"> {
  if (!("serviceWorker" in navigator)) return "unsupported";
  try {
    await navigator.serviceWorker.register(scriptAddress("sw.js"), { updateViaCache: "none" });
    return "installed";
  } catch {
    return "failed";
  }
}
