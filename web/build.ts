/**
 * Builds the verify page: `node web/build.ts [--out DIR]`, or `--check` to compare with what is
 * committed. The same sources give the same bytes, wherever and whenever they are built.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { minify } from "terser";
import { catalogue } from "./catalogue.ts";

const WEB = dirname(fileURLToPath(import.meta.url));
const PAGE = join(WEB, "src", "page");
const COMMITTED = join(WEB, "..", "src", "signedcert", "web", "page");
const ZXING = join(WEB, "node_modules", "zxing-wasm");

/** Files by their path below the page's folder. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** What one page's policy consists of, without what only a header can say. */
export function contentSecurityPolicy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src '${integrity(script)}'`,
    `style-src '${integrity(style)}'`,
    "img-src 'self' blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types signedcert",
  ].join("; ");
}

/** For the response that carries decoder.js: a dedicated worker goes by its own policy. */
const DECODER_POLICY = "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'self'";

/** As in CSP and Subresource Integrity. */
export function integrity(content: string | Uint8Array): string {
  return `sha256-${createHash("sha256").update(content).digest("base64")}`;
}

/** The dictionary as text of its bytes: in a script it compresses better than base64 does. */
const dictionaryAsText: Plugin = {
  name: "dictionary",
  setup(setup) {
    setup.onLoad({ filter: /dictionary1\.bin$/ }, async ({ path }) => ({
      contents: `export default ${JSON.stringify((await readFile(path)).toString("latin1"))}`,
      loader: "js",
    }));
  },
};

/** zxing-wasm asks a CDN for its wasm, unless told otherwise. Here it cannot even by mistake. */
const withoutCdn: Plugin = {
  name: "without-cdn",
  setup(setup) {
    setup.onLoad({ filter: /zxing-wasm\/dist\/es\/share\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace(/`https:\/\/fastly\.jsdelivr\.net[^`]*`/, "e");
      if (contents === source) throw new Error(`no CDN address found in ${path}`);
      return { contents, loader: "js" };
    });
  },
};

/** What documents say, without the words of what is only sent along with them. */
const wordsOfDocuments: Plugin = {
  name: "words-of-documents",
  setup(setup) {
    setup.onLoad({ filter: /documents\/languages\/\w+\.json$/ }, async ({ path }) => {
      const { share_kit: _, ...words } = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify(words), loader: "json" };
    });
  },
};

async function bundle(entry: string, options: BuildOptions = {}): Promise<string> {
  const result = await build({
    absWorkingDir: WEB,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    outdir: "out",
    target: "es2022",
    format: "iife",
    legalComments: "none",
    logLevel: "error",
    plugins: [dictionaryAsText, withoutCdn, wordsOfDocuments],
    ...options,
  });
  const [file, ...others] = result.outputFiles ?? [];
  if (file === undefined || others.length > 0) throw new Error(`${entry}: not one file`);
  return file.text.trim();
}

/** Terser takes another twenty-fifth off what esbuild has made small. */
async function smaller(script: string): Promise<string> {
  // Without constants on the left, more of it repeats itself. No getter here does anything.
  const compress = { passes: 3, lhs_constants: false, pure_getters: true };
  const { code } = await minify(script, { ecma: 2020, module: true, compress });
  if (code === undefined) throw new Error("terser gave nothing");
  return code;
}

/** The template with its style sheet and script put in, and the policy that allows just these. */
function page(template: string, script: string, style: string): string {
  if (/<\/(script|style)|<!--/i.test(script + style)) throw new Error("ends its own element");
  const policy = contentSecurityPolicy(script, style);
  const csp = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  const parts: [find: RegExp, put: (found: string) => string][] = [
    [/<meta charset="utf-8" ?\/?>/gi, (found) => found + csp],
    [/<link rel="stylesheet" href="style\.css" ?\/?>/g, () => `<style>${style}</style>`],
    [
      /<script type="module" src="main\.ts"><\/script>/g,
      () => `<script type="module">${script}</script>`,
    ],
  ];
  let html = template.replace(/<!--[^]*?-->/g, "").replace(/\n\s*/g, "\n");
  for (const [find, put] of parts) {
    if (html.match(find)?.length !== 1) throw new Error(`index.html: not once ${find.source}`);
    html = html.replace(find, put);
  }
  return `${html.trim()}\n`;
}

async function licences(): Promise<string> {
  const own = await readFile(join(WEB, "..", "LICENSE"), "utf8");
  const zxing = await readFile(join(ZXING, "LICENSE"), "utf8");
  return [
    "decoder.js and zxing_reader.wasm hold zxing-wasm (https://github.com/Sec-ant/zxing-wasm)",
    "under the MIT License, and in it ZXing-C++ (https://github.com/zxing-cpp/zxing-cpp) and",
    "ZXingWasm.cpp under the Apache License 2.0; stb_image, which is in the public domain; and",
    "the runtime libraries of Emscripten (MIT License) with LLVM's libc++ and libc++abi (Apache",
    "License 2.0 with LLVM exceptions). Everything else is signedcert's own, under the Apache",
    "License 2.0.",
    "",
    "zxing-wasm",
    "----------",
    zxing.trim(),
    "",
    "ZXing-C++, ZXingWasm.cpp and signedcert",
    "---------------------------------------",
    own.trim(),
    "",
  ].join("\n");
}

/** All files of the page. `source` is the folder of its template, style sheet and script. */
export async function buildFiles(source: string = PAGE): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  const text = (name: string, content: string): void => {
    files.set(name, Buffer.from(content, "utf8"));
  };
  const json = async (path: string): Promise<string> =>
    JSON.stringify(JSON.parse(await readFile(path, "utf8")));

  const [script, style, template] = await Promise.all([
    bundle(join(source, "main.ts"), { format: "esm" }).then(smaller),
    bundle(join(source, "style.css")),
    readFile(join(source, "index.html"), "utf8"),
  ]);
  text("index.html", page(template, script, style));
  for (const name of (await readdir(join(source, "languages"))).sort()) {
    text(`languages/${name}`, JSON.stringify(await catalogue(join(source, "languages"), name)));
  }
  const icons = join(PAGE, "icons");
  text("manifest.webmanifest", await json(join(icons, "manifest.webmanifest")));
  for (const name of ["icon.svg", "icon-192.png", "icon-512.png", "icon-maskable-512.png"]) {
    files.set(name, await readFile(join(icons, name)));
  }
  text("reader.js", await bundle("src/files/reader.ts"));
  const sheetStyle = await bundle("src/sheet/sheet.css");
  const sheetDefine = { SHEET_STYLE: JSON.stringify(sheetStyle) };
  text("sheet.js", await bundle("src/sheet/sheet.ts", { define: sheetDefine }));
  const kept = [...files.keys()].filter((name) => !name.endsWith(".png"));
  text("decoder.js", await bundle("src/scan/decoder.ts"));
  const wasm = join(ZXING, "dist", "reader", "zxing_reader.wasm");
  files.set("zxing_reader.wasm", await readFile(wasm));

  const listed = (names: readonly string[]): (readonly [string, string])[] =>
    names.map((name) => [name === "index.html" ? "" : name, integrity(files.get(name) ?? "")]);
  const define = {
    PRECACHED: JSON.stringify(listed(kept)),
    CACHED_ONCE_USED: JSON.stringify(listed(["decoder.js", "zxing_reader.wasm"])),
  };
  const build = createHash("sha256").update(JSON.stringify(define)).digest("hex").slice(0, 16);
  const worker = await bundle("src/worker/sw.ts", { define: { ...define, BUILD: `"${build}"` } });
  text("sw.js", await smaller(worker));
  text("retired-worker.js", await bundle("src/worker/retired.ts"));
  text("licences.txt", await licences());
  text("csp.txt", `${contentSecurityPolicy(script, style)}; frame-ancestors 'none'\n`);
  text("csp-decoder.txt", `${DECODER_POLICY}\n`);
  return files;
}

async function filesIn(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
  const named = paths.map(async (path): Promise<[string, Uint8Array]> => [
    relative(folder, path).split(sep).join("/"),
    await readFile(path),
  ]);
  return new Map(await Promise.all(named));
}

/** Names of the files that differ, are missing or are there without being built. */
export function differences(built: Files, committed: Files): string[] {
  const names = new Set([...built.keys(), ...committed.keys()]);
  const same = (name: string): boolean => {
    const [one, other] = [built.get(name), committed.get(name)];
    return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0;
  };
  return [...names].filter((name) => !same(name)).sort();
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { out: { type: "string", default: COMMITTED }, check: { type: "boolean" } },
  });
  const files = await buildFiles();
  if (values.check) {
    const differing = differences(files, await filesIn(values.out));
    for (const name of differing) console.error(`${name} is not what the sources give`);
    return differing.length > 0 ? 1 : 0;
  }
  for (const [name, content] of files) {
    const path = join(values.out, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  for (const name of differences(files, await filesIn(values.out))) {
    console.error(`${name} is left over from an earlier build`);
  }
  console.log(new TextDecoder().decode(files.get("csp.txt")).trim());
  return 0;
}

if (import.meta.main) process.exitCode = await main();
