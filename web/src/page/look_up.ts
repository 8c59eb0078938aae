/** Printed codes: where the learner agreed, a certificate lies under its code beside this page. */

/** The address of the certificate's own page, where this host has one. Only the code is sent. */
export async function lookUp(code: string, page: URL): Promise<URL | "missing" | "offline"> {
  const address = new URL(`../v/${code}/`, page);
  try {
    const response = await fetch(address, {
      credentials: "omit",
      referrerPolicy: "no-referrer",
      redirect: "manual",
    });
    return response.ok ? address : "missing";
  } catch {
    return "offline";
  }
}
