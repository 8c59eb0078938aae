import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { buildFiles, differences } from "../../build.ts";

const BUILD = fileURLToPath(new URL("../../build.ts", import.meta.url));
const PAGE = fileURLToPath(new URL("../../src/page", import.meta.url));
const WEB = fileURLToPath(new URL("../../", import.meta.url));
const files = await buildFiles();
const folder = await mkdtemp(join(tmpdir(), "page-"));
after(() => rm(folder, { recursive: true }));

function bytes(name: string): Uint8Array {
  return files.get(name) ?? assert.fail(`${name} is not built`);
}

function text(name: string): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes(name));
}

function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("base64");
}

/** The contents of all elements of a kind. */
function contents(html: string, element: string): string[] {
  const found = html.matchAll(new RegExp(`<${element}\\b[^>]*>([^]*?)</${element}>`, "g"));
  return [...found].map(([, content]) => content ?? "");
}

function directives(policy: string): Map<string, string> {
  const parts = policy
    .trim()
    .split("; ")
    .map((part) => /^(\S+) ?(.*)$/.exec(part));
  return new Map(parts.map((part) => [part?.[1] ?? "", part?.[2] ?? ""]));
}

test("the page's policy allows just its own script and style", () => {
  const html = text("index.html");
  const [script, ...scripts] = contents(html, "script");
  const [style, ...styles] = contents(html, "style");
  assert.deepEqual([scripts, styles], [[], []]);
  const meta = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
  const policy = directives(meta);
  assert.equal(policy.get("default-src"), "'none'");
  assert.equal(policy.get("script-src"), `'sha256-${digest(script ?? "")}'`);
  assert.equal(policy.get("style-src"), `'sha256-${digest(style ?? "")}'`);
  assert.equal(policy.get("trusted-types"), "signedcert");
  assert.doesNotMatch(meta, /unsafe|https?:|\*/);
  assert.equal(text("csp.txt"), `${meta}; frame-ancestors 'none'\n`);
  // Whatever stands before the policy is not bound by it.
  assert.ok(html.indexOf("Content-Security-Policy") < html.search(/<(script|style|link)\b/));
  assert.doesNotMatch(html, /\sstyle=|\son[a-z]+=["']/);
});

test("the same sources give the same bytes, wherever they lie", async () => {
  const elsewhere = join(folder, "elsewhere", "src", "page");
  assert.deepEqual(differences(files, await buildFiles()), []);
  await cp(WEB, join(folder, "elsewhere"), {
    recursive: true,
    filter: (path) => !path.includes("tests"),
  });
  for (const part of ["codec", join("documents", "languages")]) {
    const path = join("src", "signedcert", part);
    await cp(join(WEB, "..", path), join(folder, path), { recursive: true });
  }
  await cp(join(WEB, "..", "LICENSE"), join(folder, "LICENSE"));
  const copy = await import(join(folder, "elsewhere", "build.ts"));
  assert.deepEqual(differences(files, await copy.buildFiles(elsewhere)), []);
});

test("nothing says where it was built, and nothing is loaded from elsewhere", () => {
  for (const name of ["index.html", "sw.js", "sheet.js", "decoder.js", "retired-worker.js"]) {
    assert.ok(!text(name).includes(WEB), name);
    assert.doesNotMatch(text(name), /sourceMappingURL|jsdelivr|unpkg/, name);
  }
  assert.doesNotMatch(text("decoder.js"), /https?:\/\//);
  assert.doesNotMatch(text("index.html"), /(src|href)="(https?:)?\/\//);
});

/** The lists that the build put into the service worker. */
function listed(): Map<string, string> {
  const pairs = text("sw.js").matchAll(/\["([^"]*)","sha256-([^"]{44})"\]/g);
  return new Map([...pairs].map(([, path, hash]) => [path ?? "", hash ?? ""]));
}

test("the page gets the words that it shares with documents, and no others of theirs", () => {
  const words: Record<string, Record<string, string>> = JSON.parse(text("languages/de.json"));
  assert.equal(words["kind"]?.["course_certificate"], "Kurszertifikat");
  assert.equal(words["document"]?.["yes"], "Ja");
  assert.equal(words["print"] ?? words["share_kit"], undefined);
});

test("the service worker keeps the page's files by their digests", () => {
  const list = listed();
  for (const name of [
    "",
    "manifest.webmanifest",
    "icon.svg",
    "languages/en.json",
    "sheet.js",
    "decoder.js",
    "zxing_reader.wasm",
  ]) {
    assert.equal(list.get(name), digest(bytes(name === "" ? "index.html" : name)), name);
  }
  assert.ok([...list.keys()].every((name) => !/sealed|status|well-known|sw\.js/.test(name)));
});

test("the manifest's icons are built, of the sizes that it says", () => {
  const manifest: { icons: { src: string; sizes: string; purpose?: string }[] } = JSON.parse(
    text("manifest.webmanifest"),
  );
  for (const { src, sizes } of manifest.icons) {
    const icon = bytes(src);
    if (sizes === "any") continue;
    const view = new DataView(icon.buffer, icon.byteOffset);
    assert.equal(`${view.getUint32(16)}x${view.getUint32(20)}`, sizes);
  }
  assert.ok(manifest.icons.some(({ purpose }) => purpose === "maskable"));
});

test("what people load at first is small, whatever their language", () => {
  const load = (language: string): Buffer[] =>
    ["index.html", language, "icon.svg", "manifest.webmanifest", "sw.js"].map((name) =>
      Buffer.from(bytes(name)),
    );
  const total = (parts: readonly Buffer[]): number =>
    parts.reduce((sum, { length }) => sum + length, 0);
  const gzipped = total(load("languages/en.json").map((one) => gzipSync(one, { level: 9 })));
  assert.ok(gzipped < 60_000, `${gzipped} bytes by gzip`);
  for (const name of [...files.keys()].filter((path) => path.startsWith("languages/"))) {
    const compressed = total(load(name).map((one) => brotliCompressSync(one)));
    assert.ok(compressed < 58_000, `${name}: ${compressed} bytes by Brotli`);
  }
});

test("licences of what is bundled", () => {
  const licences = text("licences.txt");
  for (const part of ["Ze-Zheng Wu", "MIT License", "ZXing-C++", "Apache License"]) {
    assert.ok(licences.includes(part), part);
  }
});

test("a template without its script, style sheet or charset is refused", async () => {
  const source = join(folder, "page");
  await cp(PAGE, source, { recursive: true });
  const template = await readFile(join(PAGE, "index.html"), "utf8");
  await writeFile(join(source, "main.ts"), "document.title = 'x';");
  for (const part of [
    '<script type="module" src="main.ts"></script>',
    '<link rel="stylesheet" href="style.css" />',
    '<meta charset="utf-8" />',
  ]) {
    assert.ok(template.includes(part));
    await writeFile(join(source, "index.html"), template.replace(part, ""));
    await assert.rejects(buildFiles(source), /not once/);
    await writeFile(join(source, "index.html"), template.replace(part, part + part));
    await assert.rejects(buildFiles(source), /not once/);
  }
});

test("a script that would end its own element is refused", async () => {
  const source = join(folder, "page");
  await cp(join(PAGE, "index.html"), join(source, "index.html"));
  await writeFile(join(source, "main.ts"), "document.title = String(/<!--/);");
  await assert.rejects(buildFiles(source), /ends its own element/);
});

test("--check names the files that differ, and writes nothing", async () => {
  const run = promisify(execFile);
  const out = join(folder, "out");
  await run(process.execPath, [BUILD, "--out", out]);
  assert.equal((await run(process.execPath, [BUILD, "--out", out, "--check"])).stderr, "");
  await writeFile(join(out, "sw.js"), "changed");
  await rm(join(out, "icon.svg"));
  await writeFile(join(out, "stray.txt"), "");
  const failed = await run(process.execPath, [BUILD, "--out", out, "--check"]).catch(
    (error: { code: number; stderr: string }) => error,
  );
  assert.ok("code" in failed && failed.code === 1);
  const named = failed.stderr
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[0]);
  assert.deepEqual(named, ["icon.svg", "stray.txt", "sw.js"]);
  assert.equal(await readFile(join(out, "sw.js"), "utf8"), "changed");
});
