/** What the answer rests on: whose page this is, whose keys, how old, and what to do about it. */
import { button, type Child, element, isolated } from "../element.ts";
import { has, locale, phrase, say } from "../words.ts";
import { onOwnSite, type Result } from "./context.ts";
import { atMilliseconds, atSeconds } from "./dates.ts";
import { code, list, type Row } from "./rows.ts";

/** What a published document is refused with when it contradicts what is known (section 16). */
const CONTRADICTIONS: readonly string[] = ["rollback", "fork", "broken_handover", "untrusted_root"];

export function trustBox(result: Result): HTMLElement {
  const { actions, checked, keeper, site: host } = result;
  const byFile = checked.policy.basis === "file";
  return element(
    "section",
    { class: "card trust", "aria-labelledby": "trust-title" },
    element("h2", { id: "trust-title" }, say("trust.title")),
    ...notices(result),
    list(rows(result)),
    element("h3", {}, say("trust.rely_title")),
    element(
      "ul",
      { class: "rely" },
      element("li", {}, ...phrase("trust.rely_address", { host })),
      element("li", {}, say("trust.rely_install")),
      byFile ? null : element("li", {}, say("trust.rely_file")),
      element("li", {}, say("trust.rely_command"), " ", ...commandLine(result)),
    ),
    element(
      "div",
      { class: "buttons" },
      button(say("page.trust"), () => actions.openSettings()),
      keeper.file !== null && !byFile
        ? button(say("trust.file_again"), () => actions.checkBy("file"))
        : null,
    ),
  );
}

function commandLine({ checked, issuer }: Result): HTMLElement[] {
  const what = checked.subject.kind === "token" ? "certificate.cose" : "'LINK'";
  return [`signedcert trust add ${issuer ?? "ISSUER"}`, `signedcert verify ${what}`].map((line) =>
    element("code", { class: "command", dir: "ltr" }, line),
  );
}

function notices(result: Result): HTMLElement[] {
  const { checked, issuer, keeper, site: host } = result;
  const { problem } = checked.refreshed;
  const said: HTMLElement[] = [];
  const note = (...content: Child[]): number =>
    said.push(element("p", { class: "notice" }, ...content));
  const warn = (...content: Child[]): number =>
    said.push(element("p", { class: "notice warning" }, ...content));

  if (checked.verdict.statement !== null && issuer !== null && !onOwnSite(result)) {
    said.push(
      element("p", { class: "notice foreign" }, ...phrase("trust.foreign", { host, issuer })),
    );
  }
  if (problem === "offline" || problem === "not_published" || problem === "too_slow") {
    note(say(`trust.${problem}`));
  } else if (problem !== null) {
    const refused = CONTRADICTIONS.includes(problem) ? "trust.contradiction" : "trust.refused";
    warn(phrase(refused, { host }), " ", say(`reason.${problem}`));
  }
  for (const [number, why] of checked.listProblems) {
    const values = { number: `${number}` };
    if (has("reason", why)) warn(phrase("trust.list_refused", values), " ", say(`reason.${why}`));
    else note(phrase(why === "elsewhere" ? "trust.list_elsewhere" : "trust.list_offline", values));
  }
  if (keeper.dropped.size > 0) warn(say("trust.dropped"));
  if (!keeper.persistent) note(say("page.nothing_kept"));
  return said;
}

function rows(result: Result): Row[] {
  const { checked, description, issuer, keeper, site: host } = result;
  const { statement, findings } = checked.verdict;
  const rows: Row[] = [[say("trust.page_host"), isolated(host, { class: "host" })]];
  if (statement !== null && issuer !== null) {
    const names = issuerNames(result);
    rows.push([
      say("trust.certificate_from"),
      [
        isolated(issuer, { class: "host" }),
        names === null ? null : element("p", { class: "names" }, isolated(names)),
        onOwnSite(result) ? element("p", { class: "names" }, say("trust.own_host")) : null,
      ],
    ]);
  }
  rows.push([say("trust.keys_from"), origin(result)]);
  if (description !== null && description.asOf !== null) {
    rows.push([say("trust.keys_as_of"), atSeconds(description.asOf)]);
  }
  const root = description?.roots[0];
  if (root !== undefined && checked.policy.basis === "page") {
    rows.push([say("trust.fingerprint"), code(root.thumbprint)]);
  }
  const lists = findings.filter(({ check }) => check === "STATUS" || check === "SHARE_STATUS");
  const oldest = lists.flatMap(({ asOf }) => asOf ?? []).sort((one, other) => one - other)[0];
  if (oldest !== undefined) rows.push([say("trust.list_as_of"), atSeconds(oldest)]);
  const fetched = description === null ? undefined : keeper.lastFetched.get(description.issuer);
  if (fetched !== undefined) rows.push([say("trust.fetched_at"), atMilliseconds(fetched)]);
  return rows;
}

/** How this page came by the keys. */
function origin({ checked, issuer, keeper, site: host }: Result): Child {
  const { file } = keeper;
  if (checked.policy.basis === "file" && file !== null) {
    return phrase("trust.file", { name: file.name, date: atMilliseconds(file.importedAt) });
  }
  const seen = issuer === null ? undefined : keeper.firstSeen.get(issuer);
  if (seen === undefined) return say("trust.none");
  const origin =
    seen >= performance.timeOrigin
      ? phrase("trust.first_use", { host })
      : phrase("trust.first_seen", { host, date: atMilliseconds(seen) });
  return file === null ? origin : [origin, " ", say("trust.page_instead")];
}

/** The issuer's own names for itself, in the reader's language where it has one. */
function issuerNames({ description }: Result): string | null {
  const names = description?.document?.names ?? [];
  const spoken = locale().split("-")[0];
  const name = names.find(({ language }) => language?.split("-")[0] === spoken) ?? names[0];
  return name?.name ?? null;
}
