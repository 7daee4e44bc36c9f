// Where a pristine Moodle comes from. What is found here is only ever copied.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cache } from './paths.mjs';
import { run } from './process.mjs';

const upstream = 'https://github.com/moodle/moodle.git';

/** Each Moodle release the plugin is tested on, the database engine it is tested with, so that both are, and its PHPUnit. */
export const releases = /** @type {const} */ ({
  '4.5': { branch: 'MOODLE_405_STABLE', engine: 'pgsql', phpunit: 9, offset: 0 },
  '5.1': { branch: 'MOODLE_501_STABLE', engine: 'mariadb', phpunit: 11, offset: 10 },
});

/** @typedef {keyof typeof releases} Release */

/** Says which Moodle is missing and how to provide it; tests that need it are skipped with this reason. */
export class MoodleMissing extends Error {}

/**
 * Finds a Moodle source tree: MOODLE_DIR if it is of this release, else the cache folder, else upstream's repository.
 * @param {Release} release
 * @returns {Promise<string>} the tree's root folder (since 5.1 the web root is `public` inside it)
 */
export async function findMoodle(release) {
  const given = process.env.MOODLE_DIR;
  if (given) {
    const found = releaseOf(given);
    if (!found) {
      throw new MoodleMissing(`MOODLE_DIR=${given} is no Moodle: it has no version.php`);
    }
    if (found === release) {
      return given;
    }
  }
  const cached = join(cache, `moodle-${release}`);
  if (releaseOf(cached) === release) {
    return cached;
  }
  const { branch } = releases[release];
  const part = `${cached}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  try {
    await run(['git', 'ls-remote', '--exit-code', '--heads', upstream, branch], {
      timeout: 15_000,
      env: { GIT_TERMINAL_PROMPT: '0' },
    });
    await run(['git', 'clone', '--quiet', '--depth', '1', '--branch', branch, upstream, part], { timeout: 8 * 60_000 });
  } catch {
    rmSync(part, { recursive: true, force: true });
    throw new MoodleMissing(
      `no Moodle ${release}: not in MOODLE_DIR, not in ${cached}, and ${upstream} cannot be reached. ` +
        `Unpack a Moodle ${release} into ${cached}, or set MOODLE_DIR to one.`,
    );
  }
  renameSync(part, cached);
  return cached;
}

/** The folder of a tree that a web server serves. @param {string} tree */
export function webRoot(tree) {
  return existsSync(join(tree, 'public/version.php')) ? join(tree, 'public') : tree;
}

/** @param {string} tree @returns {string | undefined} such as `4.5` */
function releaseOf(tree) {
  const file = join(webRoot(tree), 'version.php');
  if (!existsSync(file)) {
    return undefined;
  }
  return /\$release\s*=\s*'(\d+\.\d+)/.exec(readFileSync(file, 'utf8'))?.[1];
}

/** What identifies a tree's content for the purpose of reusing an installed database. @param {string} tree */
export function fingerprint(tree) {
  return `${dirname(tree)}:${readFileSync(join(webRoot(tree), 'version.php'), 'utf8')}`;
}
