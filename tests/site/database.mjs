// Throw-away database servers for test sites: unsafe and fast by intention, reachable from this machine only.
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { databases, ports } from './paths.mjs';
import { run, serve } from './process.mjs';

export const credentials = { name: 'moodle', user: 'moodle', password: 'moodle' };

/** @typedef {'pgsql' | 'mariadb'} Engine */

/** One cluster in one folder. A snapshot is a copy of that folder while the server is down. */
export class Database {
  /** @type {import('./process.mjs').Service | undefined} */
  #service;

  /** @param {string} name @param {Engine} engine @param {number} offset keeps the ports of sites apart */
  constructor(name, engine, offset) {
    this.name = name;
    this.engine = engine;
    this.port = ports[engine] + offset;
    this.home = join(databases, name);
    this.data = join(this.home, engine);
    this.user = engine === 'pgsql' ? 'postgres' : 'mysql';
  }

  /** Creates an empty cluster with an empty Moodle database, in place of whatever was there, and starts it. */
  async create() {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
    this.#home();
    if (this.engine === 'pgsql') {
      await run([`${postgresFolder()}/initdb`, '-D', this.data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync',
        '--locale=C.UTF-8'], { user: this.user, cwd: this.home });
      await this.start();
      await this.psql(`CREATE ROLE ${credentials.user} LOGIN PASSWORD '${credentials.password}'`);
      await this.psql(`CREATE DATABASE ${credentials.name} OWNER ${credentials.user}`);
    } else {
      await run(['mariadb-install-db', '--no-defaults', `--datadir=${this.data}`, '--skip-test-db',
        '--auth-root-authentication-method=normal'], { user: this.user, cwd: this.home });
      await this.start();
      await this.#mariadb(`CREATE DATABASE ${credentials.name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
        CREATE USER ${credentials.user}@'127.0.0.1' IDENTIFIED BY '${credentials.password}';
        GRANT ALL ON *.* TO ${credentials.user}@'127.0.0.1';`);
    }
  }

  async start() {
    if (this.#service) {
      return;
    }
    this.#home();
    const log = join(this.home, `${this.engine}.log`);
    const command = this.engine === 'pgsql'
      ? [`${postgresFolder()}/postgres`, '-D', this.data, '-p', String(this.port), '-h', '127.0.0.1', '-k', this.home,
          ...settings({ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '128MB' })]
      : ['mariadbd', '--no-defaults', `--datadir=${this.data}`, `--port=${this.port}`, '--bind-address=127.0.0.1',
          `--socket=${this.home}/mariadb.sock`, `--pid-file=${this.home}/mariadb.pid`, '--skip-name-resolve',
          '--innodb-flush-log-at-trx-commit=0', '--sync-binlog=0', '--innodb-doublewrite=0', '--innodb-log-file-size=32M',
          '--innodb-buffer-pool-size=256M', '--max-allowed-packet=64M', '--character-set-server=utf8mb4'];
    this.#service = await serve(`${this.engine} of ${this.name}`, command, {
      port: this.port,
      log,
      cwd: this.home,
      user: this.user,
      // PostgreSQL's fast shutdown; MariaDB ignores SIGINT.
      stopSignal: this.engine === 'pgsql' ? 'SIGINT' : 'SIGTERM',
    });
    await this.#ready();
  }

  async stop() {
    await this.#service?.stop();
    this.#service = undefined;
  }

  /** @param {string} snapshot */
  hasSnapshot(snapshot) {
    return existsSync(this.#snapshot(snapshot));
  }

  /** @param {string} snapshot */
  async save(snapshot) {
    await this.stop();
    await run(['rm', '-rf', this.#snapshot(snapshot)]);
    await run(['cp', '-a', '--reflink=auto', this.data, this.#snapshot(snapshot)]);
    await this.start();
  }

  /** @param {string} snapshot */
  async restore(snapshot) {
    await this.stop();
    await run(['rm', '-rf', this.data]);
    await run(['cp', '-a', '--reflink=auto', this.#snapshot(snapshot), this.data]);
    await this.start();
  }

  /** Lines for Moodle's config.php. */
  config() {
    return [
      `$CFG->dbtype = '${this.engine}';`,
      `$CFG->dblibrary = 'native';`,
      `$CFG->dbhost = '127.0.0.1';`,
      `$CFG->dbname = '${credentials.name}';`,
      `$CFG->dbuser = '${credentials.user}';`,
      `$CFG->dbpass = '${credentials.password}';`,
      `$CFG->dboptions = ['dbport' => ${this.port}, 'dbcollation' => 'utf8mb4_unicode_ci'];`,
    ].join('\n');
  }

  /** @param {string} snapshot */
  #snapshot(snapshot) {
    return join(this.home, `${this.engine}.${snapshot}`);
  }

  #home() {
    mkdirSync(this.home, { recursive: true });
    if (process.getuid?.() === 0) {
      const [uid, gid] = identity(this.user);
      chownSync(this.home, uid, gid);
    }
    writeFileSync(join(this.home, 'README'), 'Databases of test sites. Safe to delete while nothing runs.\n');
  }

  /** A port that accepts connections may still be starting up. */
  async #ready() {
    for (let tries = 0; ; tries++) {
      try {
        await (this.engine === 'pgsql' ? this.psql('SELECT 1') : this.#mariadb('SELECT 1'));
        return;
      } catch (error) {
        if (tries > 100) {
          throw error;
        }
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  }

  /**
   * Asks PostgreSQL as its superuser.
   * @param {string} sql @param {string} [database]
   * @returns {Promise<string>} rows as lines, columns separated by |
   */
  async psql(sql, database = 'postgres') {
    return run(['psql', '-qAt', '-h', '127.0.0.1', '-p', String(this.port), '-U', 'postgres', '-v', 'ON_ERROR_STOP=1', '-c', sql, database]);
  }

  /** @param {string} sql */
  async #mariadb(sql) {
    await run(['mariadb', '--no-defaults', `--socket=${this.home}/mariadb.sock`, '-u', 'root', '-e', sql]);
  }
}

/** @param {Record<string, string>} values */
function settings(values) {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Debian keeps the server programs out of PATH, one folder per major version. */
function postgresFolder() {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).map(Number).sort((a, b) => b - a) : [];
  return versions.length > 0 ? `${root}/${versions[0]}/bin` : '/usr/bin';
}

/** @param {string} user @returns {[number, number]} */
function identity(user) {
  const id = (/** @type {string} */ flag) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  return [id('-u'), id('-g')];
}
