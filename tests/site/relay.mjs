// What the owner of a CDN does for the direct mode: `scormbridge relay`, as built from this checkout.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './process.mjs';
import { scormbridge } from './program.mjs';

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
