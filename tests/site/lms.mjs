// The LMS server of this checkout on SQLite, with people and one course of each kind. Nothing of an earlier run stays.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cdn } from './cdn.mjs';
import { ready, signIn } from './lms-api.mjs';
import { layOutSamples } from './packages.mjs';
import { ports, repo, state } from './paths.mjs';
import { run, serve } from './process.mjs';
import { lmsServer } from './program.mjs';
import { addRelay } from './relay.mjs';

/** @typedef {{login: string, name: string, role: 'student' | 'teacher' | 'admin', password: string}} Person */

/** Who is there. The passwords are for a machine of one's own. @type {Record<'admin' | 'teacher' | 'ana' | 'ben', Person>} */
export const lmsPeople = {
  admin: { login: 'admin', name: 'Ada Admin', role: 'admin', password: 'admin-of-the-meadow' },
  teacher: { login: 'teacher', name: 'Tom Teacher', role: 'teacher', password: 'teacher-of-the-meadow' },
  ana: { login: 'ana', name: 'Ana Learner', role: 'student', password: 'ana-in-the-meadow' },
  ben: { login: 'ben', name: 'Ben Learner', role: 'student', password: 'ben-in-the-meadow' },
};

const scopes = ['progress.write', 'grade.write', 'events.write', 'checkpoint.read', 'checkpoint.write'];

export class LmsSite {
  /** Ids of the courses. */
  courses = { bees: '', water: '', game: '' };

  /** Id of the provider of the game. */
  provider = '';

  /**
   * @param {string} purpose keeps runs apart
   * @param {number} offset of its ports
   * @param {{game?: string, settings?: string, contentHost?: boolean, relays?: string[]}} [options] folder of the
   *   interactive course; further sections of the configuration; whether content has a host name of its own, which the
   *   CDN's owner makes unnecessary for the packages `relays`: they get the relay beside them, as `<package>-relay`
   */
  constructor(purpose, offset, options = {}) {
    const { game = join(repo, 'tests/packages/interactive-game'), settings = '', contentHost = true, relays = [] } = options;
    this.game = game;
    this.settings = settings;
    this.purpose = purpose;
    this.contentHost = contentHost;
    this.relays = relays;
    this.folder = join(state, 'lms', purpose);
    this.port = ports.lms + offset;
    // Two names of one machine: what comes from the second shares no origin and no cookie with the pages.
    this.url = `http://localhost:${this.port}`;
    this.contentUrl = `http://127.0.0.1:${this.port}`;
    this.cdnPort = ports.cdn + 60 + offset;
  }

  /** Builds, starts and fills the server; starts a CDN of packages and, of another origin, one of the game. */
  async start() {
    const root = layOutSamples(`lms-${this.purpose}`);
    for (const name of this.relays) {
      await addRelay(root, name, this.url);
    }
    this.cdn = await new Cdn(root, this.cdnPort).start();
    this.play = await new Cdn(this.game, this.cdnPort + 1).start();
    const program = await lmsServer();
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    const config = join(this.folder, 'lms.toml');
    writeFileSync(config, this.#config(), { mode: 0o600 });
    const { admin } = lmsPeople;
    await run([program, '--config', config, 'add-user', admin.login, '--name', admin.name, '--role', admin.role], { input: `${admin.password}\n` });
    this.serve = async () => {
      const options = { port: this.port, log: join(state, 'logs', `lms-${this.purpose}.log`) };
      this.server = await serve(`lms-server (${this.purpose})`, [program, '--config', config, 'serve'], options);
      await ready(this.url);
    };
    await this.serve();
    await this.#fill();
    return this;
  }

  /** Where the CDN has a package. @param {string} name */
  manifest(name) {
    return `${this.cdn?.origin}/${name}/imsmanifest.xml`;
  }

  /** Stops the server alone; what it stored stays. */
  async halt() {
    await this.server?.stop();
  }

  /** Starts it again. */
  async resume() {
    await this.serve?.();
  }

  /** Starts it again with another key for what it seals: what it has sealed cannot be opened any more. */
  async resumeWithAnotherSealingKey() {
    const config = join(this.folder, 'lms.toml');
    const other = `$1${randomBytes(32).toString('hex')}`;
    writeFileSync(config, readFileSync(config, 'utf8').replace(/(\[gateway\.sealing\]\nkeys = \{ demo = ")[0-9a-f]+/, other));
    await this.resume();
  }

  async stop() {
    await this.cdn?.stop();
    await this.play?.stop();
  }

  #config() {
    const key = () => randomBytes(32).toString('hex');
    return `mode = "development"

[http]
listen = "127.0.0.1:${this.port}"
public_origin = "${this.url}"

[store]
url = "sqlite://${join(this.folder, 'lms.sqlite')}"

[runtime]
algorithm = "HS256"
hs256_secret = "${key()}"
cors_allow = ["${this.play?.origin}"]

[gateway]
dev_loopback = true
${this.contentHost ? `content_origin = "${this.contentUrl}"` : ''}

[gateway.tickets]
keys = { demo = "${key()}" }
current = "demo"

[gateway.sealing]
keys = { demo = "${key()}" }
current = "demo"

[gateway.keeping]
keys = { demo = "${key()}" }
current = "demo"

[telemetry]
log_format = "text"
${this.settings}`;
  }

  /** Everything below goes through the API, as people and programs would do it. */
  async #fill() {
    const { admin, teacher, ana, ben } = lmsPeople;
    const asAdmin = await signIn(this.url, admin);
    for (const { login, name, role, password } of [teacher, ana, ben]) {
      await asAdmin('POST', '/api/users', { login, display_name: name, role, password });
    }
    this.provider = (await asAdmin('POST', '/api/providers', { name: 'Meadow Games', origin: this.play?.origin, domain: 'meadow.example' })).id;
    const asTeacher = await signIn(this.url, teacher);
    this.courses.bees = (await asTeacher('POST', '/api/courses', {
      title: 'Bees and their year', description: 'Pages and a quiz about bees (SCORM 1.2).',
      launch_kind: 'scorm', launch_url: this.manifest('scorm12-single'), published: true,
    })).id;
    this.courses.water = (await asTeacher('POST', '/api/courses', {
      title: 'Where water goes', description: 'Three parts, one after the other (SCORM 2004).',
      launch_kind: 'scorm', launch_url: this.manifest('scorm2004-multi'), published: true,
    })).id;
    this.courses.game = (await asTeacher('POST', '/api/courses', {
      title: 'Meadow pairs', description: 'A memory game of another provider.',
      launch_kind: 'web_embed', launch_url: `${this.play?.origin}/index.html`, provider_id: this.provider, scopes, published: true,
    })).id;
    await asTeacher('POST', `/api/courses/${this.courses.game}/lessons`, { position: 0, title: 'Before you play', body: 'Find pairs of animals and what they do. You can leave at any time and go on later.' });
    for (const course of [this.courses.bees, this.courses.water]) {
      await asTeacher('PUT', `/api/courses/${course}/scorm-package`, {});
    }
    for (const learner of [ana, ben]) {
      const asLearner = await signIn(this.url, learner);
      for (const course of Object.values(this.courses)) {
        await asLearner('POST', `/api/courses/${course}/enrollments`, {});
      }
    }
  }
}
