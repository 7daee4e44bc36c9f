// One report of progress: one transaction under row level security that recognises a retry, refuses what comes after
// the end, moves the attempt forward, logs, and keeps the answer.
//
// Every statement is prepared once for each connection, and one statement does what needs no decision in between. They
// go one after the other, as pg is mostly used, or travel together where they can, in its pipeline mode.
import pg from 'pg';
import { Problem } from './problem.mjs';

/** @param {string} name @param {string} text */
const prepared = (name, text) => (/** @type {unknown[]} */ ...values) => ({ name, text, values });

const begin = "BEGIN; SET LOCAL app.user_id = ''; SET LOCAL app.role = 'service'";
/** Looks at the provider, takes the key, and locks the attempt: all that is read before anything is decided. */
const open = prepared('open', `WITH claimed AS (INSERT INTO idempotency_records (scope, key, request_hash, created_at)
    SELECT $3::text, $4::text, $5::bytea, $6::bigint WHERE $3 IS NOT NULL ON CONFLICT (scope, key) DO NOTHING RETURNING 1)
  SELECT h.origin, h.status AS host_status, a.*, EXISTS (SELECT 1 FROM claimed) AS claimed
  FROM (VALUES (1)) AS one (n) LEFT JOIN course_providers h ON h.id = $2 LEFT JOIN (
    SELECT id, course_id, mode, status, progress, score_raw, score_max, last_activity_at
    FROM interactive_attempts WHERE id = $1 FOR UPDATE) a ON true`);
const answered = prepared('answered', 'SELECT request_hash, status, body FROM idempotency_records WHERE scope = $1 AND key = $2');
/** Moves the attempt, logs, and keeps the answer. */
const keep = prepared('keep', `WITH moved AS (UPDATE interactive_attempts SET progress = $2, last_activity_at = $3 WHERE id = $1),
  logged AS (INSERT INTO course_events (id, course_id, attempt_id, kind, payload, at, request_id)
    VALUES ($4, $5, $1, 'course.progress', $6, $7, $8))
  UPDATE idempotency_records SET status = $11, body = $12 WHERE scope = $9 AND key = $10 AND status IS NULL`);

/** @typedef {string | import('pg').QueryConfig} Query */
/** @typedef {(client: pg.PoolClient, queries: Query[]) => Promise<pg.QueryResult[]>} Sender */

/** @type {Sender} */
const together = (client, queries) => Promise.all(queries.map((query) => client.query(query)));

/** @type {Sender} */
const inTurn = async (client, queries) => {
  const results = [];
  for (const query of queries) {
    results.push(await client.query(query));
  }
  return results;
};

/** @typedef {{claims: any, percent: number, digest: Buffer, key?: string, requestId: string}} Report */
/** @typedef {{status: number, text: string, replayed: boolean}} Answer */

export class Progress {
  #pool;
  #send;

  /** @param {{url: string, connections: number, pipeline: boolean}} options */
  constructor({ url, connections, pipeline }) {
    this.#pool = new pg.Pool({ connectionString: url, max: connections, pipeline, application_name: 'fastify-progress' });
    this.#send = pipeline ? together : inTurn;
    this.#pool.on('error', () => {});
  }

  async close() {
    await this.#pool.end();
  }

  /** @param {Report} report @returns {Promise<Answer>} */
  async report(report) {
    if (report.claims.mode !== 'normal') {
      throw new Problem(409, 'attempt_not_for_credit', 'a browse or review launch reports nothing');
    }
    const client = await this.#pool.connect();
    /** @type {Error | undefined} */
    let broken;
    try {
      return await this.#within(client, report);
    } catch (error) {
      // Nothing is kept; a connection that cannot even say so is thrown away with its identity.
      await client.query('ROLLBACK').catch((failed) => (broken = failed));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** @param {pg.PoolClient} client @param {Report} report @returns {Promise<Answer>} */
  async #within(client, { claims, percent, digest, key, requestId }) {
    const now = Date.now();
    const scope = `attempt:${claims.attempt}:progress`;
    const [, { rows: [opened] }] = await this.#send(client, [
      begin,
      open(claims.attempt, claims.provider, key === undefined ? null : scope, key ?? null, digest, now),
    ]);
    checkProvider(opened, claims);
    if (key !== undefined && !opened.claimed) {
      const { rows } = await client.query(answered(scope, key));
      await client.query('ROLLBACK');
      return replay(rows[0], digest);
    }
    checkAttempt(opened);
    const after = Math.max(percent, Number(opened.progress));
    const text = standing(claims, opened, after);
    await this.#send(client, [
      keep(claims.attempt, after, Math.max(now, Number(opened.last_activity_at)), crypto.randomUUID(), opened.course_id,
        JSON.stringify({ progress: percent }), now, requestId, key === undefined ? null : scope, key ?? null, 200, text),
      // After a failure above this is a rollback, and the failure is what the caller sees.
      'COMMIT',
    ]);
    return { status: 200, text, replayed: false };
  }
}

function checkProvider(opened, claims) {
  if (opened.origin === null) {
    throw new Problem(404, 'not_found', 'There is no such thing, or you may not see it.');
  }
  if (opened.host_status !== 'active') {
    throw new Problem(403, 'provider_disabled', 'The provider of this course is switched off.');
  }
  if (opened.origin !== claims.aud) {
    throw new Problem(403, 'token_audience', 'The token was issued for another origin.');
  }
}

function checkAttempt(attempt) {
  if (attempt.id === null) {
    throw new Problem(404, 'not_found', 'There is no such thing, or you may not see it.');
  }
  if (attempt.mode !== 'normal') {
    throw new Problem(409, 'attempt_not_for_credit', 'a browse or review launch reports nothing');
  }
  if (attempt.status !== 'started') {
    throw new Problem(409, 'attempt_closed', `the attempt is closed (${attempt.status}); start a new one`);
  }
}

/** @returns {Answer} */
function replay(record, digest) {
  if (!record || record.body === null) {
    throw new Problem(503, 'busy', 'Somebody else was faster. Try again.');
  }
  if (!digest.equals(record.request_hash)) {
    throw new Problem(409, 'idempotency_conflict', 'This idempotency key was used for another request. Use a new one.');
  }
  return { status: Number(record.status), text: record.body, replayed: true };
}

/** Where the attempt stands, as it is answered and kept for retries. */
function standing(claims, { status, score_raw: raw, score_max: max }, progress) {
  return JSON.stringify({
    attempt: claims.attempt,
    mode: claims.mode,
    status,
    progress,
    score: raw === null ? null : { raw, max },
  });
}
