// Where PHPUnit comes from. Each Moodle release wants a major version of its own, in a `vendor` folder as Composer makes
// one, and a machine has at most one of them installed.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './paths.mjs';
import { run } from './process.mjs';

/** The major versions Moodle wants: the Debian release that packages each (every file of it is plain PHP), and its start. */
const versions = /** @type {const} */ ({
  9: { release: 'bookworm', main: 'PHPUnit\\TextUI\\Command::main();' },
  11: { release: 'trixie', main: "exit((new PHPUnit\\TextUI\\Application())->run($_SERVER['argv']));" },
});
const mirror = 'http://deb.debian.org/debian';
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const installed = '/usr/share/php/PHPUnit/Autoload.php';

/** @typedef {keyof typeof versions} Major */

/** Says which PHPUnit is missing and how to provide it; tests that need it are skipped with this reason. */
export class PhpunitMissing extends Error {}

/**
 * Makes the `vendor` folder that Moodle's PHPUnit tools look for.
 * @param {string} vendor @param {Major} major
 */
export async function provideVendor(vendor, major) {
  const autoload = await findPhpunit(major);
  mkdirSync(join(vendor, 'bin'), { recursive: true });
  mkdirSync(join(vendor, 'phpunit/phpunit'), { recursive: true });
  writeFileSync(join(vendor, 'phpunit/phpunit/composer.json'), '{}\n');
  // Moodle 5.1 asks what it gets whether it is optimised.
  writeFileSync(join(vendor, 'autoload.php'), `<?php
require_once('${autoload}');
return new class {
    public function isClassMapAuthoritative(): bool {
        return true;
    }
};
`);
  writeFileSync(join(vendor, 'bin/phpunit'), `<?php
define('PHPUNIT_COMPOSER_INSTALL', dirname(__DIR__) . '/autoload.php');
require(PHPUNIT_COMPOSER_INSTALL);
${versions[major].main}
`);
}

/**
 * Finds a PHPUnit: the machine's own if it is of this version, else the cache folder, else Debian's package of it.
 * @param {Major} major @returns {Promise<string>} the file that loads it
 */
async function findPhpunit(major) {
  const own = await run(['phpunit', '--version']).catch(() => '');
  if (own.startsWith(`PHPUnit ${major}.`) && existsSync(installed)) {
    return installed;
  }
  const folder = join(cache, `phpunit-${major}`);
  if (existsSync(join(folder, 'autoload.php'))) {
    return join(folder, 'autoload.php');
  }
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  try {
    await download(part, folder, versions[major].release);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    const { release } = versions[major];
    throw new PhpunitMissing(
      `no PHPUnit ${major}: not installed, not in ${folder}, and Debian ${release}'s package of it cannot be had from ` +
        `${mirror}. Make ${folder} a vendor folder of Composer's with phpunit/phpunit ^${major} in it. ` +
        String(error instanceof Error ? error.message : error),
    );
  }
  renameSync(part, folder);
  return join(folder, 'autoload.php');
}

/**
 * Unpacks PHPUnit and what it needs from one release of Debian, checked against the archive's key. Nothing is installed,
 * and the machine's own package lists stay as they are.
 * @param {string} folder @param {string} home where the folder is going to be @param {string} release
 */
async function download(folder, home, release) {
  const apt = join(folder, 'apt');
  for (const name of ['lists/partial', 'archives/partial', 'debs']) {
    mkdirSync(join(apt, name), { recursive: true });
  }
  writeFileSync(join(apt, 'sources.list'), `deb [signed-by=${keyring}] ${mirror} ${release} main\n`);
  writeFileSync(join(apt, 'status'), '');
  const options = Object.entries({
    'Dir::Etc::SourceList': join(apt, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State::Lists': join(apt, 'lists'),
    'Dir::State::status': join(apt, 'status'),
    'Dir::Cache': apt,
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'APT::Sandbox::User': 'root',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run(['apt-get', ...options, '-qq', '--error-on=any', 'update'], { timeout: 3 * 60_000 });
  const closure = await run(['apt-cache', ...options, 'depends', '--recurse', '--important', 'phpunit']);
  // PHP itself and its own extensions are the machine's.
  const libraries = [...new Set(closure.match(/^php[\w.-]+/gm))]
    .filter((name) => !/^php([\d.]|-(cli|common|xml|json|mbstring)$)/.test(name));
  await run(['apt-get', ...options, '-qq', 'download', ...libraries], { cwd: join(apt, 'debs'), timeout: 5 * 60_000 });
  for (const name of readdirSync(join(apt, 'debs'))) {
    await run(['dpkg-deb', '--extract', join(apt, 'debs', name), join(apt, 'root')]);
  }
  renameSync(join(apt, 'root/usr/share/php'), join(folder, 'php'));
  rmSync(apt, { recursive: true });
  // Some of the loaders name their neighbours by the place where Debian installs them.
  for (const name of readdirSync(join(folder, 'php'), { recursive: true, encoding: 'utf8' })) {
    if (/autoload\.php$/i.test(name)) {
      const file = join(folder, 'php', name);
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll("'/usr/share/php/", `'${home}/php/`));
    }
  }
  writeFileSync(join(folder, 'autoload.php'), `<?php
set_include_path(__DIR__ . '/php' . PATH_SEPARATOR . get_include_path());
require_once('PHPUnit/Autoload.php');
`);
}
