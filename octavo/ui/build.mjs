// Builds the pages' styles, islands and icons into dist/. build.py calls it and feeds it one JSON object on stdin:
// {"icons": [names of lucide icons in use], "strings": {"de": {"English": "translation"}}, "minify": true}
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import * as esbuild from "esbuild";
import { appIcon, markSvg } from "./icons.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "dist");
const fonts = "node_modules/@fontsource-variable/figtree/files";
const browsers = ["chrome123", "edge123", "firefox128", "safari17.5"];
const manifest = {};
const bundled = new Set(["@fontsource-variable/figtree", "lucide-static"]);

const request = JSON.parse(await new Response(process.stdin).text());
await mkdir(dist, { recursive: true });
await Promise.all([buildModules(), buildClassic(), buildIcons(), buildStrings()]);
await buildServiceWorker();
await buildLicences();
await finish(await pack());

/** The islands: ES modules that share their common parts and are loaded only by the pages that use them. */
async function buildModules() {
  const result = await esbuild.build({
    ...shared(),
    entryPoints: ["octavo", "uploader", "player", "progress", "phone"].map((name) => `ts/${name}.ts`).concat("css/octavo.css"),
    format: "esm",
    splitting: true,
    plugins: [fontFiles()],
    loader: { ".woff2": "file" },
  });
  record(result);
}

/** The theme runs before the first paint, so it is a small classic script of its own. */
async function buildClassic() {
  record(await esbuild.build({ ...shared(), entryPoints: ["ts/theme.ts"], format: "iife" }));
}

/** One sprite of the used icons, drawn with the family's thinner line, and the icons of the installed app. */
async function buildIcons() {
  const symbols = await Promise.all(
    request.icons.map(async (name) => {
      const file = path.join(here, "node_modules/lucide-static/icons", `${name}.svg`);
      const source = await readFile(file, "utf8").catch(() =>
        fail(`There is no icon named "${name}" (see lucide.dev).`),
      );
      const body = source.slice(source.indexOf(">", source.indexOf("<svg")) + 1, source.lastIndexOf("</svg>"));
      return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s+/g, " ").trim()}</symbol>`;
    }),
  );
  await emit("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
  await emit("icon.svg", markSvg());
  for (const size of [180, 192, 512]) await emit(`icon-${size}.png`, appIcon(size, { maskable: false }));
  await emit("icon-maskable.png", appIcon(512, { maskable: true }));
}

/** What the islands say in languages other than English. */
async function buildStrings() {
  for (const [locale, messages] of Object.entries(request.strings)) {
    await emit(`strings.${locale}.json`, JSON.stringify(messages));
  }
}

/** Built last, because it knows the names of the files that the offline page needs. */
async function buildServiceWorker() {
  const kept = ["octavo.css", "theme.js", "octavo.js", "icons.svg", "icon.svg", "figtree-latin.woff2"];
  const result = await esbuild.build({
    ...shared(),
    entryPoints: ["ts/service-worker.ts"],
    format: "iife",
    entryNames: "[name]",
    define: { KEPT_FILES: JSON.stringify(kept.map((name) => `/static/${manifest[name]}`)) },
  });
  record(result);
}

/** The licences of all that is inside the bundles: most of them ask to be passed on. */
async function buildLicences() {
  const texts = [...bundled].sort().map(async (name) => {
    const folder = path.join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(path.join(folder, file), "utf8") : "";
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  await emit("licences.txt", (await Promise.all(texts)).join(`\n${"-".repeat(80)}\n\n`));
}

function shared() {
  return {
    absWorkingDir: here,
    bundle: true,
    minify: request.minify,
    sourcemap: request.minify ? false : "inline",
    target: browsers,
    outdir: "dist",
    outbase: ".",
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    assetNames: "[name]-[hash]",
    metafile: true,
    legalComments: "none",
    logLevel: "silent",
  };
}

/** `url("figtree-latin.woff2")` in the stylesheet is a file of the font's npm package. */
function fontFiles() {
  return {
    name: "font-files",
    setup(build) {
      build.onResolve({ filter: /^figtree-latin(-ext)?\.woff2$/ }, ({ path: name }) => ({
        path: path.join(here, fonts, name.replace(".woff2", "-wght-normal.woff2")),
      }));
    },
  };
}

/** Notes the hashed name of each output under the plain name that templates use. */
function record({ metafile }) {
  for (const file of Object.keys(metafile.inputs)) {
    const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
    if (name) bundled.add(name);
  }
  for (const [file, output] of Object.entries(metafile.outputs)) {
    const hashed = path.basename(file);
    if (output.cssBundle) manifest[plainName(output.entryPoint, ".css")] = path.basename(output.cssBundle);
    if (hashed.endsWith(".woff2")) manifest[hashed.replace(/-wght-normal-\w+/, "")] = hashed;
    else if (output.entryPoint) manifest[plainName(output.entryPoint, path.extname(hashed))] = hashed;
    else manifest[hashed] = hashed;
  }
}

function plainName(entry, extension) {
  return path.basename(entry, path.extname(entry)) + extension;
}

async function emit(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const extension = path.extname(name);
  manifest[name] = `${path.basename(name, extension)}-${hash}${extension}`;
  await writeFile(path.join(dist, manifest[name]), content);
}

/** Text lies packed beside itself, as small as it gets, so that the server never packs it. */
async function pack() {
  const texts = [...new Set(Object.values(manifest))].filter((name) => /\.(js|css|svg|json)$/.test(name));
  const packed = await Promise.all(
    texts.map(async (name) => {
      const file = path.join(dist, name);
      const content = await readFile(file);
      await writeFile(`${file}.br`, await promisify(brotliCompress)(content));
      await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
      return [`${name}.br`, `${name}.gz`];
    }),
  );
  return packed.flat();
}

/** The manifest appears whole and last. Pages that were loaded before still ask for older files: those stay a day. */
async function finish(packed) {
  const sorted = Object.fromEntries(Object.entries(manifest).sort());
  await writeFile(path.join(dist, "manifest.json.new"), JSON.stringify(sorted, null, 1));
  await rename(path.join(dist, "manifest.json.new"), path.join(dist, "manifest.json"));
  const wanted = new Set([...Object.values(manifest), ...packed, "manifest.json"]);
  for (const name of await readdir(dist)) {
    const { mtimeMs } = await stat(path.join(dist, name));
    const old = Date.now() - mtimeMs > 24 * 3600 * 1000;
    if (old && !wanted.has(name) && !name.startsWith(".")) await rm(path.join(dist, name));
  }
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
