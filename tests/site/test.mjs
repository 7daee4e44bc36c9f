// `make test`: runs every suite, shows one table and a last line with the totals. A suite that could not run fails,
// unless what it needs (a Moodle) cannot be had: then its tests are skipped, with the reason and a count.
//
// Arguments are names of suites; without any, all run.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { extension } from './extension.mjs';
import { repo, state } from './paths.mjs';

/** @typedef {{passed: number, failed: number, skipped: number}} Counts */
/** @typedef {{name: string, command: string[], cwd?: string, count: (output: string) => Counts | undefined}} Suite */

const logs = join(state, 'logs');

/** What takes every core there is: one after the other. @type {Suite[]} */
const heavy = [
  { name: 'rust', command: ['cargo', 'test', '--no-fail-fast', '--locked', '--workspace', '--exclude', 'scormbridge-php'], count: cargo },
  { name: 'extension', command: [join(repo, 'ext/run-tests.sh')], count: totals },
  { name: 'service', command: [join(repo, 'ext/run-tests.sh'), '--service'], count: totals },
  { name: 'js', command: ['npm', 'test', '--', '--reporter=default'], cwd: join(repo, 'js'), count: vitest },
];

/** What mostly waits, for a browser or a page: two lanes side by side. Suites that share a site are in the same one. */
const lanes = [
  [...moodle('4.5'), ...overService('4.5')],
  [
    ...moodle('5.1'),
    browser('lms', 'lms-e2e/story.test.ts'),
    browser('lms-keeping', 'lms-e2e/keeping.test.ts'),
    browser('lms-staff', 'lms-e2e/staff.test.ts'),
    browser('lms-delivery', 'lms-e2e/delivery.test.ts'),
    browser('lms-contract', 'lms-e2e/contract.test.ts'),
    browser('guide', 'lms-e2e/guide.test.ts'),
  ],
];
const suites = [...heavy, ...lanes.flat()];

/**
 * Sites on the local service: a course of each version, by the ways of delivery that go through the site, and what is its own.
 * @param {string} release @returns {Suite[]}
 */
function overService(release) {
  const online = [join(repo, 'tests/site/internet'), 'env', `MOODLE_RELEASE=${release}`, 'SCORMBRIDGE_CORE=service'];
  const story = browser(`service-story-${release}`, 'e2e/suites/story.test.ts', online);
  story.command.splice(-1, 0, '--test-name-pattern', 'allows the CDN|by host|by sandbox');
  // What is not part of it was not skipped.
  const others = (/** @type {string} */ output) => output.match(/# SKIP test name does not match pattern/g)?.length ?? 0;
  story.count = (output) => {
    const counts = tap(output);
    return counts && { ...counts, skipped: counts.skipped - others(output) };
  };
  return [story, browser(`service-${release}`, 'e2e/suites/service.test.ts', online)];
}

/** @param {string} release @returns {Suite[]} */
function moodle(release) {
  const online = [join(repo, 'tests/site/internet'), 'env', `MOODLE_RELEASE=${release}`];
  const local = ['env', `MOODLE_RELEASE=${release}`];
  return [
    { name: `plugin-${release}`, command: ['node', join(repo, 'tests/site/phpunit.mjs'), release], count: totals },
    browser(`story-${release}`, 'e2e/suites/story.test.ts', online),
    browser(`parity-${release}`, 'e2e/suites/parity.test.ts', online),
    browser(`player-${release}`, 'e2e/suites/player.test.ts', local),
    browser(`report-${release}`, 'e2e/suites/report.test.ts', local),
    browser(`diagnose-${release}`, 'e2e/suites/diagnose.test.ts', local),
    browser(`export-${release}`, 'e2e/suites/export.test.ts', local),
    browser(`package-${release}`, 'e2e/suites/package.test.ts', local),
    browser(`sealed-${release}`, 'e2e/suites/sealed.test.ts', local),
    browser(`rules-${release}`, 'e2e/suites/rules.test.ts', local),
    browser(`refusals-${release}`, 'e2e/suites/refusals.test.ts', local),
    browser(`install-${release}`, 'e2e/suites/install.test.ts', online),
    browser(`faults-${release}`, 'e2e/suites/faults.test.ts', local),
  ];
}

/** @param {string} name @param {string} file @param {string[]} before words of the command before node's @returns {Suite} */
function browser(name, file, before = []) {
  const command = [...before, 'node', '--import', 'tsx', '--test', '--test-reporter=tap', file];
  return { name, command, cwd: join(repo, 'tests'), count: tap };
}

/** Rust's test harness prints one result line per crate. @param {string} output */
function cargo(output) {
  const lines = [...output.matchAll(/^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/gm)];
  return lines.length === 0 ? undefined : lines.reduce((sum, [, passed, failed, skipped]) => ({
    passed: sum.passed + Number(passed),
    failed: sum.failed + Number(failed),
    skipped: sum.skipped + Number(skipped),
  }), none());
}

/** Our own scripts end with `N passed, N failed, N skipped`. @param {string} output */
function totals(output) {
  const line = [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped/gm)].at(-1);
  return line && { passed: Number(line[1]), failed: Number(line[2]), skipped: Number(line[3]) };
}

/** @param {string} output */
function vitest(output) {
  const line = [...output.matchAll(/^\s*Tests\s+(.*)$/gm)].at(-1)?.[1];
  const of = (/** @type {string} */ word) => Number(new RegExp(`(\\d+) ${word}`).exec(line ?? '')?.[1] ?? 0);
  return line ? { passed: of('passed'), failed: of('failed'), skipped: of('skipped') + of('todo') } : undefined;
}

/** The summary of node's test runner. @param {string} output */
function tap(output) {
  const of = (/** @type {string} */ word) => Number(new RegExp(`^(?:#|ℹ) ${word} (\\d+)`, 'm').exec(output)?.[1] ?? NaN);
  const counts = { passed: of('pass'), failed: of('fail') + of('cancelled'), skipped: of('skipped') + of('todo') };
  return Number.isNaN(counts.passed + counts.failed + counts.skipped) ? undefined : counts;
}

/** @returns {Counts} */
function none() {
  return { passed: 0, failed: 0, skipped: 0 };
}

/** @param {Suite} suite @param {boolean} alone whether its output may be shown as it comes @returns {Promise<{code: number, output: string}>} */
function execute(suite, alone) {
  mkdirSync(logs, { recursive: true });
  const log = createWriteStream(join(logs, `${suite.name}.log`));
  const [file = '', ...args] = suite.command;
  const child = spawn(file, args, {
    cwd: suite.cwd ?? repo,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  process.once('SIGINT', forward).once('SIGTERM', forward);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      log.write(chunk);
      if (alone) {
        process.stdout.write(chunk);
      }
    });
  }
  return new Promise((done) => {
    const finish = (/** @type {number} */ code) => {
      process.off('SIGINT', forward).off('SIGTERM', forward);
      log.end();
      done({ code, output });
    };
    child.once('error', (error) => {
      output += error.message;
      finish(127);
    });
    child.once('close', (code) => finish(code ?? 1));
  });
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`no such suite: ${unknown.join(', ')}; there are ${suites.map((suite) => suite.name).join(', ')}`);
  process.exit(2);
}
// Built once, here; every site that a suite starts then loads this file.
process.env.SCORMBRIDGE_EXTENSION ??= await extension();

const sum = none();
/** @type {(string | number)[][]} */
const rows = [];
let broken = false;
const start = Date.now();
const chosen = (/** @type {Suite} */ suite) => wanted.length === 0 || wanted.includes(suite.name);
await follow(heavy, true);
const busy = lanes.filter((lane) => lane.some(chosen));
await Promise.all(busy.map((lane) => follow(lane, busy.length === 1)));

console.log('');
for (const row of [['suite', 'passed', 'failed', 'skipped', 'time'], ...rows]) {
  console.log(row.map((cell, at) => (at === 0 ? String(cell).padEnd(20) : String(cell).padStart(9))).join(''));
}
console.log(`\n${Math.round((Date.now() - start) / 60_000)} minutes. Logs: ${logs}`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exit(broken ? 1 : 0);

/** Runs some suites, each once the one before has ended. @param {Suite[]} some @param {boolean} alone */
async function follow(some, alone) {
  for (const suite of some.filter(chosen)) {
    await report(suite, alone);
  }
}

/** Runs a suite, shows what it said and counts it. @param {Suite} suite @param {boolean} alone */
async function report(suite, alone) {
  console.log(alone ? `\n== ${suite.name}` : `\n${suite.name} has begun`);
  const began = Date.now();
  const { code, output } = await execute(suite, alone);
  if (!alone) {
    console.log(`\n== ${suite.name}\n${output}`);
  }
  const counts = suite.count(output) ?? none();
  if (code !== 0 && counts.failed === 0) {
    // It ended badly without saying which test failed: that is a failure too.
    counts.failed = 1;
  }
  broken ||= code !== 0 || counts.failed > 0 || counts.passed + counts.skipped === 0;
  sum.passed += counts.passed;
  sum.failed += counts.failed;
  sum.skipped += counts.skipped;
  const seconds = Math.round((Date.now() - began) / 1000);
  rows.push([suite.name, counts.passed, counts.failed, counts.skipped, `${seconds} s`]);
}
