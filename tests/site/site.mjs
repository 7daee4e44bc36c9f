// A Moodle site of our own: a private copy of the code, its own database and data folder, the plugin in its place.
// Installing takes a minute, so snapshots are kept: `base` (a stock site) and `ready` (plugin and people added), the
// latter for each place the site can be in, because a site remembers its own address.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { byService, LocalService } from './core.mjs';
import { Database } from './database.mjs';
import { extension } from './extension.mjs';
import { Front, internet } from './internet.mjs';
import { findMoodle, fingerprint, releases, webRoot } from './moodle.mjs';
import { ports, repo, state } from './paths.mjs';
import { run, serve } from './process.mjs';

/** Raise when the way a stock site is installed changes. */
const recipe = 1;

/** Log-ins of every test and demo site. */
export const people = {
  admin: { username: 'admin', password: 'Admin-2026!' },
  instructor: { username: 'ines', password: 'Ines-2026!' },
  learner: { username: 'ana', password: 'Ana-2026!' },
  outsider: { username: 'otto', password: 'Otto-2026!' },
};

export class Site {
  /** @type {import('./process.mjs').Service | undefined} */
  #web;
  /** @type {Front | undefined} */
  #front;
  /** @type {LocalService | undefined} */
  #service;

  /**
   * @param {string} purpose such as `test` or `demo`
   * @param {import('./moodle.mjs').Release} release
   * @param {number} offset keeps the ports of purposes apart
   */
  constructor(purpose, release, offset = 0) {
    const { engine, offset: releaseOffset } = releases[release];
    this.release = release;
    this.name = `${purpose}-${release}`;
    this.home = join(state, 'sites', this.name);
    this.tree = join(this.home, 'moodle');
    this.data = join(this.home, 'data');
    this.port = ports.web + releaseOffset + offset;
    this.url = internet?.moodle.origin ?? `http://127.0.0.1:${this.port}`;
    /** The same server under another host name: another origin and another site to a browser. */
    this.contentHost = internet?.content.origin ?? `http://localhost:${this.port}`;
    this.database = new Database(this.name, engine, releaseOffset + offset);
    this.phpLog = join(this.home, 'php.log');
    /** The shared object to load instead of the one of this checkout; empty for none. @type {string | undefined} */
    this.extension = undefined;
  }

  get webRoot() {
    return webRoot(this.tree);
  }

  get plugin() {
    return join(this.webRoot, 'local/externalscormbridge');
  }

  /**
   * Makes the site as a new installation has it: default settings, the plugin, a course and its people.
   * The web server is up afterwards.
   */
  async prepare() {
    await this.stop();
    await this.startService();
    const base = baseKey(await findMoodle(this.release), this.database);
    const key = digest(base, this.url, JSON.stringify(people), readFileSync(join(repo, 'tests/site/fixtures.php'), 'utf8'),
      ...contents(join(repo, 'moodle-plugin')));
    const ready = internet ? 'ready-online' : 'ready';
    if (this.#kept('base', base) && this.#kept(ready, key)) {
      this.#configure();
      await this.#install();
      await this.restore(ready);
    } else {
      await this.#base(base);
      await this.#install();
      await this.moodle('admin/cli/upgrade.php', '--non-interactive');
      await this.script('fixtures.php', { people });
      await this.moodle('admin/cli/purge_caches.php');
      await this.moodle('admin/cli/build_theme_css.php', '--themes=boost');
      await this.#keep(ready, key);
    }
    await this.start();
  }

  /** Makes the site as Moodle's own installer leaves it: without the plugin, and with nobody but the administrator. */
  async prepareStock() {
    await this.stop();
    await this.#base(baseKey(await findMoodle(this.release), this.database));
    rmSync(this.plugin, { recursive: true, force: true });
    await this.start();
  }

  async start() {
    await this.database.start();
    this.#web ??= await serve(
      `Moodle ${this.release}`,
      ['php', ...(await this.phpOptions()), '-S', `127.0.0.1:${this.port}`, '-t', this.webRoot],
      {
        port: this.port,
        log: join(this.home, 'web.log'),
        env: { PHP_CLI_SERVER_WORKERS: '4' },
        cwd: this.webRoot,
      },
    );
    this.#front ??= internet && (await new Front([internet.moodle, internet.content], this.port).start());
  }

  /** Starts the local service, where it is what the site uses. */
  async startService() {
    if (byService) {
      this.#service ??= new LocalService();
      await this.#service.start(join(state, 'logs', `service-${this.name}.log`));
    }
  }

  /** Stops the local service alone. */
  async stopService() {
    await this.#service?.halt();
  }

  async stop() {
    await this.stopWeb();
    await this.#service?.stop();
    this.#service = undefined;
    await this.database.stop();
  }

  /** Stops the web server only, as a learner's network would. */
  async stopWeb() {
    await this.#front?.stop();
    this.#front = undefined;
    await this.#web?.stop();
    this.#web = undefined;
  }

  /** @param {string} snapshot */
  async save(snapshot) {
    await this.stopWeb();
    await this.database.save(snapshot);
    await run(['rm', '-rf', `${this.data}.${snapshot}`]);
    await run(['cp', '-a', '--reflink=auto', this.data, `${this.data}.${snapshot}`]);
  }

  /** @param {string} snapshot */
  async restore(snapshot) {
    await this.stopWeb();
    await this.database.restore(snapshot);
    await run(['rm', '-rf', this.data]);
    await run(['cp', '-a', '--reflink=auto', `${this.data}.${snapshot}`, this.data]);
  }

  /** Runs one of Moodle's own command line programs. @param {string} program @param {...string} args */
  async moodle(program, ...args) {
    // Since 5.1 most of them live beside the web root.
    const file = [join(this.tree, program), join(this.webRoot, program)].find(existsSync);
    if (!file) {
      throw new Error(`Moodle ${this.release} has no ${program}`);
    }
    return run(['php', ...(await this.phpOptions()), file, ...args], { cwd: this.webRoot, timeout: 15 * 60_000 });
  }

  /**
   * Runs one of our PHP scripts inside this Moodle; parameters and answer are JSON.
   * @param {string} name @param {unknown} [parameters] @returns {Promise<any>}
   */
  async script(name, parameters = {}) {
    const output = await run(['php', ...(await this.phpOptions()), join(repo, 'tests/site', name), join(this.tree, 'config.php')], {
      input: JSON.stringify(parameters),
      cwd: this.webRoot,
    });
    try {
      return JSON.parse(output);
    } catch {
      throw new Error(`${name} did not answer with JSON:\n${output.slice(0, 4000)}`);
    }
  }

  /** Lines PHP logged on this site since it was prepared: warnings and errors of any code, ours included. */
  phpErrors() {
    return existsSync(this.phpLog) ? readFileSync(this.phpLog, 'utf8').split('\n').filter(Boolean) : [];
  }

  /** @param {string} snapshot @param {string} key what went into it */
  #kept(snapshot, key) {
    const marker = join(this.home, snapshot);
    return existsSync(marker) && readFileSync(marker, 'utf8') === key && this.database.hasSnapshot(snapshot);
  }

  /** @param {string} snapshot @param {string} key */
  async #keep(snapshot, key) {
    rmSync(join(this.home, snapshot), { force: true });
    await this.save(snapshot);
    writeFileSync(join(this.home, snapshot), key);
  }

  /** A copy of the plugin, as on any site: PHP resolves symbolic links, and its pages would not find Moodle's config.php. */
  async #install() {
    rmSync(this.plugin, { recursive: true, force: true });
    await run(['cp', '-a', join(repo, 'moodle-plugin'), this.plugin]);
  }

  /** @param {string} key */
  async #base(key) {
    if (this.#kept('base', key)) {
      this.#configure();
      await this.restore('base');
      return;
    }
    await run(['rm', '-rf', this.home]);
    mkdirSync(this.data, { recursive: true });
    await run(['cp', '-a', '--reflink=auto', await findMoodle(this.release), this.tree]);
    this.#configure();
    await this.database.create();
    await this.moodle('admin/cli/install_database.php', '--agree-license', '--lang=en', '--fullname=External SCORM Bridge',
      '--shortname=ESB', `--adminuser=${people.admin.username}`, `--adminpass=${people.admin.password}`,
      '--adminemail=admin@example.org', '--supportemail=support@example.org');
    await this.#keep('base', key);
  }

  #configure() {
    rmSync(this.phpLog, { force: true });
    writeFileSync(join(this.tree, 'config.php'), `<?php
unset($CFG);
global $CFG;
$CFG = new stdClass();
${this.database.config()}
$CFG->prefix = 'mdl_';
$CFG->wwwroot = '${this.url}';
${internet ? '$CFG->sslproxy = true;' : ''}
${this.#service ? `$CFG->forced_plugin_settings['local_externalscormbridge'] = ${this.#settings()};` : ''}
$CFG->dataroot = '${this.data}';
$CFG->directorypermissions = 02777;
$CFG->noemailever = true;
$CFG->phpunit_prefix = 'phpu_';
$CFG->phpunit_dataroot = '${this.data}-phpunit';
require_once(__DIR__ . '/${this.webRoot === this.tree ? '' : 'public/'}lib/setup.php');
`);
  }

  /** Where the local service is, as config.php says it. */
  #settings() {
    return `['serviceaddress' => '${this.#service?.address}', 'servicesecretfile' => '${this.#service?.secretFile}']`;
  }

  /**
   * PHPUnit wipes config.php's settings, so that the local service has to be told of before.
   * @returns {{options: string[], env: Record<string, string>}}
   */
  phpunitOptions() {
    if (!this.#service) {
      return { options: [], env: {} };
    }
    return {
      options: ['-d', `auto_prepend_file=${join(repo, 'ext/tests/support/service.inc')}`],
      env: {
        SCORMBRIDGE_PLUGIN: this.plugin,
        SCORMBRIDGE_SERVICE: this.#service.address,
        SCORMBRIDGE_SECRET_FILE: this.#service.secretFile,
      },
    };
  }

  /** Options for every PHP that runs this site's code. */
  async phpOptions() {
    const loaded = this.extension ?? (byService ? '' : await extension());
    const settings = {
      ...(loaded === '' ? {} : { extension: loaded }),
      max_input_vars: '5000',
      memory_limit: '512M',
      upload_max_filesize: '64M',
      post_max_size: '64M',
      log_errors: '1',
      error_log: this.phpLog,
    };
    return Object.entries(settings).flatMap(([name, value]) => ['-d', `${name}=${value}`]);
  }
}

/** @param {string} source @param {Database} database */
function baseKey(source, database) {
  return digest(recipe, fingerprint(source), database.engine, database.home);
}

/** @param {...(string | number)} parts */
function digest(...parts) {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Names and contents of all files below a folder. @param {string} folder @returns {string[]} */
function contents(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return files.map((one) => join(one.parentPath, one.name)).sort().flatMap((file) => [file, readFileSync(file, 'base64')]);
}
