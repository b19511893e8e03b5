// Uppy and its way to send by tus, as one classic script: `uppy_bundle.mjs FOLDER_OF_ESBUILD FOLDER_OF_UPPY OUT`.
import { createRequire } from "node:module";

const [tools, packages, out] = process.argv.slice(2);
const esbuild = createRequire(`${tools}/`)("esbuild");
await esbuild.build({
  stdin: {
    contents: 'import Uppy from "@uppy/core"; import Tus from "@uppy/tus"; Object.assign(window, { Uppy, Tus });',
    resolveDir: packages,
  },
  bundle: true,
  format: "iife",
  outfile: out,
  logLevel: "error",
});
