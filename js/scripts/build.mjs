// Builds the files that others load: the relay (embedded by the gateway, written beside packages), the controller
// (loaded by the stage pages of Moodle and of the LMS server) and the elements of the LMS server's pages. Reproducible: the same sources give the same bytes on every machine.
// With --check it writes nothing and fails if the committed files are stale.
import { build, transform } from "esbuild";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const js = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const root = path.resolve(js, "..");
const RELAY = path.join(root, "crates/gateway/assets/relay");
const CONTROLLER = path.join(root, "moodle-plugin/js/controller.js");
const AMD = path.join(root, "moodle-plugin/amd");
const PAGES = path.join(root, "crates/lms-server/assets");

const relayBanner = `/*! External SCORM Bridge relay. MIT OR Apache-2.0.
 * Contains scorm-again (https://github.com/jcputney/scorm-again), MIT License, Copyright (c) 2020 Jonathan Putney:
 * ${await licence("scorm-again")}
 */`;
// Moodle's rule: everything in the plugin is GPL-3.0-or-later. The sources' own licence allows it.
const controllerBanner = `/*! External SCORM Bridge controller. Built from js/controller of the project; do not edit.
 * This file is part of Moodle - http://moodle.org/. License: http://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later.
 */`;

const pagesBanner = "/*! External SCORM Bridge. Built from the project's js folder; do not edit. MIT OR Apache-2.0. */";

const outputs = new Map([
  [path.join(RELAY, "relay.html"), await readFile(path.join(js, "relay/src/relay.html"), "utf8")],
  [path.join(RELAY, "relay.js"), await bundle("relay/src/main.ts", relayBanner, true)],
  [CONTROLLER, await bundle("controller/src/main.ts", controllerBanner, false)],
  [path.join(PAGES, "controller.js"), await bundle("controller/src/main.ts", pagesBanner, true)],
  [path.join(PAGES, "web.js"), await bundle("web/src/main.ts", pagesBanner, true)],
]);

// Moodle's page scripts are modules in its own dialect (AMD); their sources lie where Moodle wants them.
for (const file of await readdir(path.join(AMD, "src"))) {
  outputs.set(path.join(AMD, "build", file.replace(/\.js$/, ".min.js")), await amd(file));
}

const stale = [];
for (const [file, content] of outputs) {
  const name = path.relative(root, file);
  if (process.argv.includes("--check")) {
    const committed = await readFile(file, "utf8").catch(() => undefined);
    if (committed !== content) stale.push(name);
    continue;
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  console.log(`${name}: ${Buffer.byteLength(content)} bytes`);
}
if (stale.length > 0) {
  console.error(`Stale: ${stale.join(", ")}. Run "npm run build" in js/ and commit the result.`);
  process.exit(1);
}

async function bundle(entry, banner, minify) {
  const result = await build({
    absWorkingDir: js,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    target: ["es2020", "chrome93", "firefox92", "safari15.4"],
    charset: "ascii",
    minify,
    legalComments: "none",
    banner: { js: banner },
    logLevel: "warning",
  });
  return result.outputFiles[0].text;
}

async function amd(file) {
  const source = await readFile(path.join(AMD, "src", file), "utf8");
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.AMD, target: ts.ScriptTarget.ES2020, allowJs: true },
  });
  const named = outputText.replace(/define\(\[/, `define("local_externalscormbridge/${path.parse(file).name}", [`);
  return (await transform(named, { minify: true, charset: "ascii", target: "es2020", legalComments: "none" })).code;
}

// The permission notice of an MIT licence, as one comment.
async function licence(name) {
  const text = await readFile(path.join(js, "node_modules", name, "LICENSE"), "utf8");
  return text.slice(text.indexOf("Permission is hereby")).trim().replaceAll("*/", "").replaceAll("\n", "\n * ");
}
