/** The issuers of a store, with the dates of what is known of them. */
import type { IssuerDescription, TrustStore } from "../../trust/store.ts";
import { type Child, element, isolated } from "../element.ts";
import { phrase, say } from "../words.ts";
import { atMilliseconds, atSeconds } from "./dates.ts";
import { code } from "./rows.ts";

/** So many are described. An operator's list may have thousands. */
const SHOWN = 50;

/** `firstSeen`: issuer and milliseconds since 1970, where that is known. */
export async function issuersView(
  store: TrustStore,
  firstSeen: ReadonlyMap<string, number>,
): Promise<HTMLElement> {
  const shown = store.issuers.slice(0, SHOWN);
  const described = await Promise.all(shown.map((issuer) => store.describe(issuer)));
  const rest = store.issuers.length - shown.length;
  return element(
    "ul",
    { class: "issuers", "aria-label": say("settings.issuers") },
    ...described.map((each) => issuerView(each, firstSeen.get(each.issuer))),
    rest === 0 ? null : element("li", {}, say("settings.more", { count: `${rest}` })),
  );
}

function issuerView(issuer: IssuerDescription, seen: number | undefined): HTMLElement {
  const { asOf, document, lists, problem, roots } = issuer;
  const line = (...content: Child[]): HTMLElement => element("p", { class: "dated" }, ...content);
  return element(
    "li",
    {},
    element("p", { class: "host" }, isolated(issuer.issuer)),
    ...(document?.names ?? []).map(({ name }) => element("p", { class: "names" }, isolated(name))),
    problem === null
      ? null
      : element(
          "p",
          { class: "notice warning" },
          `${say("settings.unusable")} ${say(`reason.${problem}`)}`,
        ),
    asOf === null ? null : line(...phrase("settings.as_of", { date: atSeconds(asOf) })),
    issuer.kind === "key set" && asOf === null ? line(say("settings.key_set")) : null,
    seen === undefined
      ? null
      : line(...phrase("settings.first_seen", { date: atMilliseconds(seen) })),
    ...lists.map(({ number, iat, problem: fault }) => {
      const values = { number: `${number}`, date: iat === null ? "" : atSeconds(iat) };
      return line(
        ...phrase(iat === null ? "settings.list_undated" : "settings.list", values),
        fault === null ? "" : ` ${say("settings.unusable")} ${say(`reason.${fault}`)}`,
      );
    }),
    ...roots.map(({ thumbprint }) => line(say("trust.fingerprint"), " ", code(thumbprint))),
  );
}
