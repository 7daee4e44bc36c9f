// The LMS server's API, held to its own OpenAPI document as each role: requests that the document allows and requests
// that it forbids, made up from a fixed seed. What counts as a failure: a 5xx, a status, header, media type or body that
// the document does not promise, forbidden input that is taken.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { call, session } from '../site/lms-api.mjs';
import { LmsSite, lmsPeople } from '../site/lms.mjs';
import { state } from '../site/paths.mjs';
import { stopAll } from '../site/process.mjs';
import { schemathesis } from '../site/schemathesis.mjs';

/** Requests per operation and role that are made up by chance; those at the edges of the document come on top. */
const EXAMPLES = 4;

/**
 * Who asks, for what, and whether every edge of every parameter is tried as well as what chance brings. What all are
 * refused alike is the Rust suite's, generated from the same document; so there is no need to try it as everybody.
 */
const roles = [
  { name: 'nobody', phases: 'fuzzing' },
  { name: 'ana', phases: 'fuzzing' },
  { name: 'teacher', phases: 'fuzzing' },
  { name: 'runtime', phases: 'coverage,fuzzing' },
  // Last: what they delete is gone.
  { name: 'admin', phases: 'coverage,fuzzing' },
] as const;

/**
 * Expected, and so not asked.
 *
 * - `ignored_auth` changes one proof and leaves the other: a session's cookie goes on counting beside a wrong bearer.
 * - `positive_data_acceptance` takes the document for the whole law. It does not say that a cursor is one that was given
 *   out, that a URL is on its provider's origin, or that a course of one kind has no launch URL; a 422 says it, by name.
 */
const EXPECTED = 'ignored_auth,positive_data_acceptance';

/** Nobody is kept waiting by limits that other tests are about. */
const rate = '{ per_minute = 1000000, burst = 100000 }';
const settings = `
[rates]
${['address', 'user_route', 'sign_in', 'alias', 'course', 'provider'].map((name) => `${name} = ${rate}`).join('\n')}
`;

const tool = await schemathesis();
/** Why it cannot be asked here, or false; given to each test, so that each is counted. */
const skip = 'missing' in tool ? tool.missing : false;

describe('the API and its document agree', () => {
  const site = new LmsSite('contract', 20, { settings });
  const folder = join(state, 'contract');
  const proofs: Record<string, Record<string, string>> = { nobody: {} };

  before(async () => {
    if (skip) {
      return;
    }
    await site.start();
    for (const role of ['ana', 'teacher', 'admin'] as const) {
      const { login, password } = lmsPeople[role];
      proofs[role] = await session(site.url, '/api/auth/sign-in', { login, password });
    }
    const learner = proofs.ana ?? {};
    const { body: enrollments } = await call(site.url, 'GET', '/api/enrollments', learner);
    const enrollment = enrollments.items.find((one: { course_id: string }) => one.course_id === site.courses.game).id;
    const { body: launch } = await call(site.url, 'POST', `/api/enrollments/${enrollment}/launch-token`, learner, {});
    const { body: access } = await call(site.url, 'POST', '/api/runtime/auth/exchange', {}, { token: launch.token });
    proofs.runtime = { authorization: `Bearer ${access.token}` };
    // Ids that exist, so that more is tried than how "there is none" is said.
    const known = { course: site.courses.game, enrollment, provider: site.provider, attempt: launch.attempt };
    mkdirSync(folder, { recursive: true });
    const lines = Object.entries(known).map(([name, id]) => `"path.${name}" = "${id}"`);
    // A header that nobody documents is no fault: HTTP lets it pass.
    const generation = '[generation]\nallow-extra-parameters = false\n';
    writeFileSync(join(folder, 'schemathesis.toml'), `${generation}[parameters]\n${lines.join('\n')}\n`);
  });
  after(async () => {
    await site.stop();
    await stopAll();
  });

  for (const { name, phases } of roles) {
    test(`as ${name}`, { skip }, async () => {
      const { code, output } = await attempt(name, phases);
      assert.equal(code, 0, output);
    });
  }

  function attempt(role: string, phases: string): Promise<{ code: number; output: string }> {
    const words = [
      '--config-file', join(folder, 'schemathesis.toml'), '--no-color',
      'run', `${site.url}/api/openapi.json`,
      '--phases', phases, '--max-examples', String(EXAMPLES), '--seed', '20', '--workers', '1', '--no-shrink',
      '--continue-on-failure', '--exclude-checks', EXPECTED, '--warnings', 'off',
      ...Object.entries(proofs[role] ?? {}).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
      // Its session would be over after the first request.
      ...(role === 'runtime' ? ['--include-path-regex', '^/api/runtime/'] : ['--exclude-path', '/api/auth/sign-out']),
    ];
    return new Promise((done) => {
      execFile('program' in tool ? tool.program : '', words, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
        done({ code: error ? Number(error.code ?? 1) : 0, output: `${stdout}\n${stderr}` });
      });
    });
  }
});
