// The stage of the comparison: one PostgreSQL with the LMS server's tables, one provider, one course, and as many
// learners with an open attempt and a runtime token each for each server. Everything is made by the LMS server itself.
import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../site/database.mjs';
import { call, ready, testSignIn } from '../../site/lms-api.mjs';
import { ports, repo, state } from '../../site/paths.mjs';
import { run, serve } from '../../site/process.mjs';
import type { Service } from '../../site/process.mjs';
import { lmsServer } from '../../site/program.mjs';

/** The last is the second with pg's pipeline mode: statements travel together where they can. */
export const contenders = ['lms-server', 'fastify', 'fastify-pipelined'] as const;
export type Contender = (typeof contenders)[number];

/** A learner's attempt and what its course reports with. */
export interface Player {
  attempt: string;
  token: string;
}

/** Database connections of each server. */
const connections = 10;

/** The provider, where every course of this stage is. */
const origin = 'https://play.example';

/** Where the server under test runs alone, and where database and load run, on a machine that has two cores to give. */
const pinned = availableParallelism() >= 2;
export const serverCore = pinned ? ['taskset', '-c', '0'] : [];
export const otherCore = pinned ? ['taskset', '-c', '1'] : [];

export class Stage {
  readonly players: Record<Contender, Player[]> = { 'lms-server': [], fastify: [], 'fastify-pipelined': [] };
  private readonly folder = join(state, 'bench', 'progress');
  private readonly database = new Database('bench', 'pgsql', 30);
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly port = ports.lms + 30;
  readonly url = `http://127.0.0.1:${String(this.port)}`;

  /** @param learners with an attempt for each server */
  async prepare(learners: number): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    await this.database.create();
    const program = await lmsServer('release');
    for (const sql of ['CREATE ROLE lms_owner LOGIN CREATEROLE', 'CREATE DATABASE lms OWNER lms_owner']) {
      await this.database.psql(sql);
    }
    await run([program, 'migrate'], { env: { DATABASE_OWNER_URL: this.databaseUrl('lms_owner') } });
    await this.database.psql('CREATE ROLE lms_app LOGIN IN ROLE scormbridge_app');
    this.write('lms.toml', this.config());
    this.write('jwks.json', JSON.stringify({ keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'RS256', use: 'sig' }] }));
    const service = await this.serve('lms-server');
    await this.enrol(learners);
    await service.stop();
    if (pinned) {
      await this.pinDatabase();
    }
  }

  private async enrol(learners: number): Promise<void> {
    const admin = await testSignIn(this.url, 'admin', 'admin');
    const provider = (await admin('POST', '/api/providers', { name: 'Play', origin, domain: 'play.example' })) as { id: string };
    const teacher = await testSignIn(this.url, 'teacher', 'teacher');
    const course = (await teacher('POST', '/api/courses', {
      title: 'Counting', description: '', launch_kind: 'web_embed', launch_url: `${origin}/`, provider_id: provider.id,
      scopes: ['progress.write', 'grade.write'], published: true,
    })) as { id: string };
    for (const contender of contenders) {
      for (let at = 0; at < learners; at++) {
        const learner = await testSignIn(this.url, `${contender}-${String(at)}`, 'student');
        const enrollment = (await learner('POST', `/api/courses/${course.id}/enrollments`, {})) as { id: string };
        const launch = (await learner('POST', `/api/enrollments/${enrollment.id}/launch-token`, { mode: 'normal' })) as { token: string };
        const { body } = await call(this.url, 'POST', '/api/runtime/auth/exchange', { origin }, { token: launch.token });
        const token = (body as { token: string }).token;
        this.players[contender].push({ token, attempt: claimsOf(token).attempt as string });
      }
    }
  }

  /** A token with other claims than the one given, signed as the LMS would. */
  resign(token: string, change: Record<string, unknown>): string {
    const [header = ''] = token.split('.');
    const signed = `${header}.${Buffer.from(JSON.stringify({ ...claimsOf(token), ...change })).toString('base64url')}`;
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(this.keys.privateKey, 'base64url')}`;
  }

  /** Starts a server on a core of its own. */
  async serve(contender: Contender): Promise<Service> {
    const options = { port: this.port, log: join(state, 'logs', `bench-${contender}.log`) };
    if (contender === 'lms-server') {
      const service = await serve(contender, [...serverCore, await lmsServer('release'), '--config', join(this.folder, 'lms.toml'), 'serve'], options);
      await ready(this.url);
      return service;
    }
    return serve(contender, [...serverCore, 'node', join(repo, 'tests/bench/peers/fastify-progress/server.mjs')], {
      ...options,
      env: {
        NODE_ENV: 'production',
        PEER_PIPELINE: contender === 'fastify-pipelined' ? '1' : '0',
        PEER_PORT: String(this.port),
        PEER_ISSUER: this.url,
        PEER_JWKS: join(this.folder, 'jwks.json'),
        PEER_DATABASE_URL: this.databaseUrl('lms_app'),
        PEER_CONNECTIONS: String(connections),
      },
    });
  }

  /** Leaves nothing of the measurement before. */
  async sweep(): Promise<void> {
    await this.ask('TRUNCATE course_events, idempotency_records');
    await this.ask('UPDATE interactive_attempts SET progress = 0');
    await this.ask('VACUUM (FULL, ANALYZE) interactive_attempts');
    await this.ask('CHECKPOINT');
  }

  async ask(sql: string): Promise<string> {
    return (await this.database.psql(sql, 'lms')).trim();
  }

  /** The database server's first process. */
  get postmaster(): number {
    return Number(readFileSync(join(this.database.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** Processes inherit this; those of the set-up are gone by now. */
  private async pinDatabase(): Promise<void> {
    await run(['taskset', '-a', '-c', '-p', '1', String(this.postmaster)]);
  }

  private databaseUrl(role: string): string {
    return `postgres://${role}@127.0.0.1:${String(this.database.port)}/lms?sslmode=disable`;
  }

  private write(name: string, text: string): void {
    const file = join(this.folder, name);
    writeFileSync(file, text);
    chmodSync(file, 0o600);
  }

  private config(): string {
    const key = () => randomBytes(32).toString('hex');
    const limits = ['address', 'user_route', 'sign_in', 'alias', 'course', 'provider'];
    return `mode = "development"
[http]
listen = "127.0.0.1:${String(this.port)}"
public_origin = "${this.url}"
[store]
url = "${this.databaseUrl('lms_app')}"
connections = ${String(connections)}
[sign_in]
test = true
[runtime]
current = "bench"
bearer_seconds = 43200
assets = "${join(this.folder, 'assets')}"
[runtime.keys]
bench = """${this.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()}"""
[gateway.tickets]
keys = { bench = "${key()}" }
current = "bench"
[gateway.sealing]
keys = { bench = "${key()}" }
current = "bench"
[gateway.keeping]
keys = { bench = "${key()}" }
current = "bench"
[rates]
${limits.map((limit) => `${limit} = { per_minute = 1000000, burst = 100000 }`).join('\n')}
[telemetry]
log_filter = "warn"
`;
  }
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}
