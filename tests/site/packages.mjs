// SCORM packages as folders a CDN can serve and as zips a teacher can upload: ours, and mod_scorm's own test packages.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findMoodle, MoodleMissing, webRoot } from './moodle.mjs';
import { repo, state } from './paths.mjs';
import { run } from './process.mjs';

const sources = join(repo, 'tests/packages');

/** Names of our own packages. */
export const samples = readdirSync(sources).filter((name) => existsSync(join(sources, name, 'imsmanifest.xml')));

/** mod_scorm's test packages that hold a course a learner can play. */
export const foreign = /** @type {const} */ ([
  'RuntimeMinimumCalls_SCORM12',
  'RuntimeBasicCalls_SCORM20043rdEdition',
  'singlesco_scorm12',
  'singlescobasic',
  'complexscorm',
]);

/**
 * Lays out our packages as a CDN serves them: one folder each under the one that is returned.
 * @param {string} purpose keeps runs apart that happen at the same time
 */
export function layOutSamples(purpose) {
  const folder = join(state, 'packages', purpose);
  const root = join(folder, 'cdn');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  for (const name of samples) {
    cpSync(join(sources, 'common'), join(root, name), { recursive: true });
    cpSync(join(sources, name), join(root, name), { recursive: true });
  }
  return root;
}

/**
 * Lays out our packages, and mod_scorm's where a Moodle is at hand, as folders and as zips.
 * @param {string} purpose keeps runs apart that happen at the same time
 * @returns {Promise<{root: string, zips: string, missing: string[]}>} `missing` says why a package is not there
 */
export async function layOut(purpose) {
  const root = layOutSamples(purpose);
  const zips = join(state, 'packages', purpose, 'zips');
  mkdirSync(zips);
  for (const name of samples) {
    await run(['zip', '-q', '-r', '-X', join(zips, `${name}.zip`), '.'], { cwd: join(root, name) });
  }
  /** @type {string[]} */
  const missing = [];
  try {
    const tests = join(webRoot(await anyMoodle()), 'mod/scorm/tests/packages');
    for (const name of foreign) {
      const zip = join(tests, `${name}.zip`);
      await run(['unzip', '-q', '-o', zip, '-d', join(root, name), '-x', '__MACOSX/*']).catch(() => missing.push(`${name}: cannot be unpacked`));
      cpSync(zip, join(zips, basename(zip)));
    }
  } catch (error) {
    if (!(error instanceof MoodleMissing)) {
      throw error;
    }
    missing.push(...foreign.map((name) => `${name}: ${error.message}`));
  }
  return { root, zips, missing };
}

async function anyMoodle() {
  try {
    return await findMoodle('4.5');
  } catch {
    return findMoodle('5.1');
  }
}
