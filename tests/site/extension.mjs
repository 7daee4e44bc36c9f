// The PHP extension as built from this checkout.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repo } from './paths.mjs';
import { run } from './process.mjs';

/** @type {Promise<string> | undefined} */
let built;

/** Builds the extension if needed. @returns {Promise<string>} the path of the shared object */
export function extension() {
  built ??= build();
  return built;
}

async function build() {
  const given = process.env.SCORMBRIDGE_EXTENSION;
  if (given) {
    return given;
  }
  const output = await run([join(repo, 'ext/build.sh')], { timeout: 30 * 60_000 });
  const file = output.trim().split('\n').at(-1) ?? '';
  if (!existsSync(file)) {
    throw new Error(`ext/build.sh did not print the path of the extension, but: ${file}`);
  }
  return file;
}
