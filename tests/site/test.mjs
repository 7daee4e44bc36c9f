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

/** @type {Suite[]} */
const suites = [
  { name: 'rust', command: ['cargo', 'test', '--locked', '--workspace', '--exclude', 'scormbridge-php'], count: cargo },
  { name: 'extension', command: [join(repo, 'ext/run-tests.sh')], count: totals },
  { name: 'js', command: ['npm', 'test', '--', '--reporter=default'], cwd: join(repo, 'js'), count: vitest },
  { name: 'plugin', command: ['node', join(repo, 'tests/site/phpunit.mjs')], count: totals },
  { name: 'story-4.5', command: online('story', '4.5'), cwd: join(repo, 'tests'), count: tap },
  { name: 'story-5.1', command: online('story', '5.1'), cwd: join(repo, 'tests'), count: tap },
  { name: 'player-4.5', command: e2e('player', '4.5'), cwd: join(repo, 'tests'), count: tap },
  { name: 'player-5.1', command: e2e('player', '5.1'), cwd: join(repo, 'tests'), count: tap },
  { name: 'refusals-4.5', command: e2e('refusals', '4.5'), cwd: join(repo, 'tests'), count: tap },
  { name: 'refusals-5.1', command: e2e('refusals', '5.1'), cwd: join(repo, 'tests'), count: tap },
  { name: 'parity-4.5', command: online('parity', '4.5'), cwd: join(repo, 'tests'), count: tap },
  { name: 'parity-5.1', command: online('parity', '5.1'), cwd: join(repo, 'tests'), count: tap },
  { name: 'lms', command: ['node', '--import', 'tsx', '--test', '--test-reporter=tap', 'lms-e2e/story.test.ts'], cwd: join(repo, 'tests'), count: tap },
  { name: 'guide', command: ['node', '--import', 'tsx', '--test', '--test-reporter=tap', 'lms-e2e/guide.test.ts'], cwd: join(repo, 'tests'), count: tap },
];

/** @param {string} suite @param {string} release */
function e2e(suite, release) {
  return ['env', `MOODLE_RELEASE=${release}`, 'node', '--import', 'tsx', '--test', '--test-reporter=tap', `e2e/suites/${suite}.test.ts`];
}

/** The same on an internet of its own, under default settings. @param {string} suite @param {string} release */
function online(suite, release) {
  return [join(repo, 'tests/site/internet'), ...e2e(suite, release)];
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

/** @param {Suite} suite @returns {Promise<{code: number, output: string}>} */
function execute(suite) {
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
      process.stdout.write(chunk);
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
const rows = [];
let broken = false;
for (const suite of suites.filter((one) => wanted.length === 0 || wanted.includes(one.name))) {
  console.log(`\n== ${suite.name}`);
  const began = Date.now();
  const { code, output } = await execute(suite);
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

console.log('');
for (const row of [['suite', 'passed', 'failed', 'skipped', 'time'], ...rows]) {
  console.log(row.map((cell, at) => (at === 0 ? String(cell).padEnd(14) : String(cell).padStart(9))).join(''));
}
console.log(`\nLogs: ${logs}`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exit(broken ? 1 : 0);
