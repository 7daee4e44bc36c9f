// Runs the plugin's PHPUnit tests inside Moodle 4.5 and ends with `N passed, N failed, N skipped`.
//
// Moodle 4.5 wants PHPUnit 9.6 and looks for it in a `vendor` folder; Debian and Ubuntu ship it as a package, so the
// private copy gets a `vendor` that leads there. (Moodle 5.1 wants PHPUnit 11: the plugin is tested there in a browser.)
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MoodleMissing } from './moodle.mjs';
import { repo } from './paths.mjs';
import { run, stopAll, stopOnSignals } from './process.mjs';
import { Site } from './site.mjs';

stopOnSignals();
const tests = join(repo, 'moodle-plugin/tests');
let exit = 0;
try {
  const site = new Site('test', '4.5');
  await site.prepare();
  await site.stopWeb();
  vendor(site.tree);
  await site.moodle('admin/tool/phpunit/cli/util.php', '--drop').catch(() => {});
  await site.moodle('admin/tool/phpunit/cli/util.php', '--install');
  await site.moodle('admin/tool/phpunit/cli/util.php', '--buildconfig');
  const report = join(site.home, 'phpunit.xml');
  const output = await run(
    ['php', ...(await site.phpOptions()), 'vendor/bin/phpunit', '--testsuite', 'local_externalscormbridge_testsuite', '--log-junit', report],
    { cwd: site.tree, env: { LC_ALL: 'en_AU.UTF-8' }, timeout: 15 * 60_000 },
  ).catch((error) => ((exit = 1), String(error.message)));
  console.log(output);
  const counts = junit(report);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
} catch (error) {
  if (error instanceof MoodleMissing) {
    console.log(`skipped: ${error.message}`);
    console.log(`0 passed, 0 failed, ${methods(tests)} skipped`);
  } else {
    console.error(error);
    exit = 1;
  }
} finally {
  await stopAll();
}
process.exit(exit);

/** @param {string} tree */
function vendor(tree) {
  const folder = join(tree, 'vendor');
  mkdirSync(join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'phpunit/phpunit'), { recursive: true });
  writeFileSync(join(folder, 'autoload.php'), "<?php\nrequire_once('/usr/share/php/PHPUnit/Autoload.php');\n");
  writeFileSync(join(folder, 'phpunit/phpunit/composer.json'), '{}\n');
  copyFileSync('/usr/bin/phpunit', join(folder, 'bin/phpunit'));
  chmodSync(join(folder, 'bin/phpunit'), 0o755);
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
