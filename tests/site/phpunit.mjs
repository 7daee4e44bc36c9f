// Runs the plugin's PHPUnit tests inside each Moodle release, so on PostgreSQL and on MariaDB too, and ends with
// `N passed, N failed, N skipped`. Arguments are releases; without any, all run.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MoodleMissing, releases } from './moodle.mjs';
import { repo } from './paths.mjs';
import { run, stopAll, stopOnSignals } from './process.mjs';
import { Site } from './site.mjs';
import { PhpunitMissing, provideVendor } from './vendor.mjs';

/** @typedef {import('./moodle.mjs').Release} Release */

stopOnSignals();
const tests = join(repo, 'moodle-plugin/tests');
const all = /** @type {Release[]} */ (Object.keys(releases));
const wanted = process.argv.slice(2);
const sum = { passed: 0, failed: 0, skipped: 0 };
try {
  for (const release of all.filter((one) => wanted.length === 0 || wanted.includes(one))) {
    const counts = await suite(release);
    console.log(`Moodle ${release}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
  }
  console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
} catch (error) {
  console.error(error);
  sum.failed += 1;
} finally {
  await stopAll();
}
process.exit(sum.failed === 0 ? 0 : 1);

/** @param {Release} release */
async function suite(release) {
  console.log(`-- Moodle ${release}`);
  const site = new Site('test', release);
  const vendor = join(site.tree, 'vendor');
  try {
    // Moodle loads what is in it wherever it finds one.
    rmSync(vendor, { recursive: true, force: true });
    await site.prepare();
    await site.stopWeb();
    await provideVendor(vendor, releases[release].phpunit);
  } catch (error) {
    if (error instanceof MoodleMissing || error instanceof PhpunitMissing) {
      console.log(`skipped: ${error.message}`);
      return { passed: 0, failed: 0, skipped: methods(tests) };
    }
    throw error;
  }
  await site.moodle('admin/tool/phpunit/cli/util.php', '--drop').catch(() => {});
  await site.moodle('admin/tool/phpunit/cli/util.php', '--install');
  await site.moodle('admin/tool/phpunit/cli/util.php', '--buildconfig');
  const report = join(site.home, 'phpunit.xml');
  rmSync(report, { force: true });
  let ended = true;
  const { options, env } = site.phpunitOptions();
  const output = await run(
    ['php', ...(await site.phpOptions()), ...options, 'vendor/bin/phpunit', '--testsuite', 'local_externalscormbridge_testsuite', '--log-junit', report],
    { cwd: site.tree, env: { LC_ALL: 'en_AU.UTF-8', ...env }, timeout: 15 * 60_000 },
  ).catch((error) => ((ended = false), String(error.message)));
  console.log(output);
  rmSync(vendor, { recursive: true });
  await site.stop();
  const counts = junit(report);
  // It may also end badly without naming a test, on a deprecation for example.
  return ended ? counts : { ...counts, failed: Math.max(counts.failed, 1) };
}

/** Totals of a JUnit report, from its outermost suite. @param {string} file */
function junit(file) {
  if (!existsSync(file)) {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const suite = /<testsuite [^>]*>/.exec(readFileSync(file, 'utf8'))?.[0] ?? '';
  const of = (/** @type {string} */ name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = of('failures') + of('errors');
  const skipped = of('skipped');
  return { passed: of('tests') - failed - skipped, failed, skipped };
}

/** How many test methods there are, for saying how many could not run. @param {string} folder @returns {number} */
function methods(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('_test.php'))
    .reduce((sum, name) => sum + (readFileSync(join(folder, name), 'utf8').match(/function test_/g)?.length ?? 0), 0);
}
