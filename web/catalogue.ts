/** The page's words, of which it shares those for what was signed with printed documents. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Words by section and name. */
export type Catalogue = Readonly<Record<string, Readonly<Record<string, string>>>>;

const SHARED = join(
  dirname(fileURLToPath(import.meta.url)),
  "../src/signedcert/documents/languages",
);

/** What only documents say, and what goes with them. */
const DOCUMENTS_ONLY = ["print", "share_kit"];

/** The words of one language, from the page's folder of languages and from the shared one. */
export async function catalogue(folder: string, name: string): Promise<Catalogue> {
  const [own, shared] = await Promise.all(
    [folder, SHARED].map(async (each): Promise<Catalogue> =>
      JSON.parse(await readFile(join(each, name), "utf8")),
    ),
  );
  return merged(own ?? {}, shared ?? {});
}

/** Both together, without what only documents say. A word that stands in both is an error. */
export function merged(own: Catalogue, shared: Catalogue): Catalogue {
  const more = Object.keys(shared).filter((each) => !DOCUMENTS_ONLY.includes(each));
  // From the first section that has words of both: what was signed compresses best side by side.
  const sections = Object.keys(own).flatMap((each) => [each, ...(more.includes(each) ? more : [])]);
  const both = (section: string): [string, Catalogue[string]] => {
    const [first, second] = [own[section] ?? {}, shared[section] ?? {}];
    const twice = Object.keys(first).find((name) => Object.hasOwn(second, name));
    if (twice !== undefined) throw new Error(`${section}.${twice} stands in both catalogues`);
    return [section, { ...first, ...second }];
  };
  return Object.fromEntries([...new Set([...sections, ...more])].map(both));
}
