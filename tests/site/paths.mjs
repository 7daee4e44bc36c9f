// Where everything of a test or demo run lives. Nothing outside these folders is ever written.
import { createHash } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const repo = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Sites, unpacked packages, logs and reports: ignored by git, removed by `make clean`. */
export const state = process.env.SCORMBRIDGE_STATE ?? join(repo, '.cache');

/** Downloads that outlive a checkout: pristine Moodles, never edited. */
export const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'externalscormbridge');

/**
 * Database clusters. Not under the checkout: the database servers run as an unprivileged user, who may not enter the
 * home folder of whoever runs the tests.
 */
export const databases = join(
  process.env.SCORMBRIDGE_DATABASES ?? (process.env.TMPDIR ? tmpdir() : '/var/tmp'),
  `externalscormbridge-${createHash('sha256').update(repo).digest('hex').slice(0, 8)}`,
);

/** @param {string} name @param {number} fallback */
function port(name, fallback) {
  const value = Number(process.env[name] ?? fallback);
  if (!Number.isInteger(value) || value < 1024 || value > 65000) {
    throw new Error(`${name} must be a port number between 1024 and 65000`);
  }
  return value;
}

/** First port of each block; a site adds its own small offset. */
export const ports = {
  web: port('SCORMBRIDGE_WEB_PORT', 8100),
  cdn: port('SCORMBRIDGE_CDN_PORT', 8150),
  lms: port('SCORMBRIDGE_LMS_PORT', 8250),
  pgsql: port('SCORMBRIDGE_PGSQL_PORT', 5450),
  mariadb: port('SCORMBRIDGE_MARIADB_PORT', 3350),
};
