/**
 * The one Trusted Types policy of the page. The page's Content-Security-Policy allows no other, so
 * that this file is all there is to read about which scripts can ever be started.
 */

/** The page's own scripts that run outside the page. */
export type OwnScript = "reader.js" | "sheet.js" | "decoder.js" | "sw.js";

const OWN_SCRIPTS: readonly string[] = [
  "reader.js",
  "sheet.js",
  "decoder.js",
  "sw.js",
] satisfies OwnScript[];

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

/** The address of exactly one of the page's own scripts, in the folder of the page. */
function ownAddress(name: string): string {
  if (!OWN_SCRIPTS.includes(name)) throw new TypeError(`not a script of this page: ${name}`);
  return new URL(name, new URL(".", document.baseURI)).href;
}

let policy: { createScriptURL(url: string): unknown } | undefined;

/** What Worker and ServiceWorkerContainer.register take where Trusted Types are enforced. */
export function scriptAddress(name: OwnScript): string {
  // Not all browsers have Trusted Types, and TypeScript's DOM library does not know them yet.
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (trustedTypes === undefined) return ownAddress(name);
  policy ??= trustedTypes.createPolicy("signedcert", { createScriptURL: ownAddress });
  // A TrustedScriptURL, which the DOM library's signatures call a string.
  return policy.createScriptURL(name) as string;
}
