// The programs of this checkout, built where needed. The shape they are tested and shown in is the one that the Rust
// tests have built already; what is measured is built as it is delivered.
import { join } from 'node:path';
import { repo } from './paths.mjs';
import { run } from './process.mjs';

/** @typedef {'dev' | 'release'} Profile */

/** @type {Map<string, Promise<string>>} */
const built = new Map();

/** The command line program. @param {Profile} [profile] @returns {Promise<string>} its path */
export function scormbridge(profile = 'dev') {
  return program('scormbridge-cli', 'scormbridge', profile, process.env.SCORMBRIDGE_CLI);
}

/** The LMS server. @param {Profile} [profile] @returns {Promise<string>} its path */
export function lmsServer(profile = 'dev') {
  return program('scormbridge-lms-server', 'lms-server', profile, process.env.SCORMBRIDGE_LMS_SERVER);
}

/** @param {string} from the package @param {string} name @param {Profile} profile @param {string | undefined} given used instead */
function program(from, name, profile, given) {
  const key = `${name} ${profile}`;
  const path = built.get(key) ?? (given ? Promise.resolve(given) : build(from, name, profile));
  built.set(key, path);
  return path;
}

/** @param {string} from @param {string} name @param {Profile} profile */
async function build(from, name, profile) {
  await run(['cargo', 'build', '--profile', profile, '--locked', '--package', from], { cwd: repo, timeout: 40 * 60_000 });
  const metadata = JSON.parse(await run(['cargo', 'metadata', '--format-version', '1', '--no-deps', '--offline'], { cwd: repo }));
  return join(metadata.target_directory, profile === 'dev' ? 'debug' : profile, name);
}
