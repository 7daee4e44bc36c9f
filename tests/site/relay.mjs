// What the owner of a CDN does for the direct mode: `scormbridge relay`, as built from this checkout.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { repo } from './paths.mjs';
import { run } from './process.mjs';

/** @type {Promise<string> | undefined} */
let command;

/** The command line program. @returns {Promise<string>} its path */
export function scormbridge() {
  command ??= build();
  return command;
}

async function build() {
  if (process.env.SCORMBRIDGE_CLI) {
    return process.env.SCORMBRIDGE_CLI;
  }
  await run(['cargo', 'build', '--release', '--locked', '--package', 'scormbridge-cli'], { cwd: repo, timeout: 30 * 60_000 });
  const metadata = JSON.parse(await run(['cargo', 'metadata', '--format-version', '1', '--no-deps', '--offline'], { cwd: repo }));
  return join(metadata.target_directory, 'release/scormbridge');
}

/**
 * Puts a copy of a package, with the relay in it, beside the untouched one.
 * @param {string} root @param {string} name @param {...string} origins the sites whose relay this is
 * @returns {Promise<string>} the copy's name
 */
export async function addRelay(root, name, ...origins) {
  const copy = `${name}-relay`;
  cpSync(join(root, name), join(root, copy), { recursive: true });
  await run([await scormbridge(), 'relay', join(root, copy), ...origins.flatMap((origin) => ['--lms', origin])]);
  return copy;
}
