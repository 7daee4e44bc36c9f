// POST /api/runtime/progress as a Node.js team would write it: Fastify, pg and jose. It answers what lms-server
// answers and writes what lms-server writes, so that `make bench` compares two programs that do the same work. It is
// for that only: no launches, no rate limits, no other endpoint.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import { bearerOf } from './bearer.mjs';
import { Problem } from './problem.mjs';
import { Progress } from './progress.mjs';

/** @param {string} name */
function setting(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`set ${name}`);
  }
  return value;
}

const verify = bearerOf({
  keys: JSON.parse(readFileSync(setting('PEER_JWKS'), 'utf8')),
  issuer: setting('PEER_ISSUER'),
});
const progress = new Progress({
  url: setting('PEER_DATABASE_URL'),
  connections: Number(setting('PEER_CONNECTIONS')),
  pipeline: process.env.PEER_PIPELINE === '1',
});

const app = Fastify({
  bodyLimit: 16 * 1024,
  keepAliveTimeout: 75_000,
  logger: { level: 'warn' },
  ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  genReqId: () => crypto.randomUUID(),
});

app.decorateRequest('claims', null);
app.decorateRequest('digest', null);

// Retries are recognised by the bytes that were sent, so the body is hashed before it is read.
app.removeAllContentTypeParsers();
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
  request.digest = createHash('sha256').update(body).digest();
  try {
    done(null, JSON.parse(body.toString('utf8')));
  } catch {
    done(new Problem(400, 'malformed_json', 'The body is not JSON. Send one JSON object.'));
  }
});

app.setErrorHandler((error, request, reply) => {
  const problem = Problem.of(error);
  if (problem.status >= 500) {
    request.log.error(error);
  }
  return reply.code(problem.status).type('application/problem+json').send(problem.document(request.id));
});

const body = {
  type: 'object',
  required: ['progress'],
  additionalProperties: false,
  properties: { progress: { type: 'integer', minimum: 0, maximum: 100 } },
};

app.post('/api/runtime/progress', {
  schema: { body },
  onRequest: async (request) => {
    request.claims = await verify(request.headers, 'progress.write');
  },
}, async (request, reply) => {
  const key = request.headers['idempotency-key'];
  const { status, text, replayed } = await progress.report({
    claims: request.claims,
    percent: request.body.progress,
    digest: request.digest,
    key: key === undefined ? undefined : idempotencyKey(key),
    requestId: request.id,
  });
  reply.code(status).type('application/json').header('cache-control', 'no-store');
  if (key !== undefined) {
    reply.header('idempotency-key', key);
  }
  if (replayed) {
    reply.header('idempotency-replayed', 'true');
  }
  return reply.send(text);
});

/** @param {string | string[]} value */
function idempotencyKey(value) {
  if (typeof value !== 'string' || !/^[!-~]{1,128}$/.test(value)) {
    throw new Problem(400, 'idempotency_key', '`idempotency-key` has 1 to 128 visible ASCII characters.');
  }
  return value;
}

process.once('SIGTERM', async () => {
  await app.close();
  await progress.close();
});

await app.listen({ host: '127.0.0.1', port: Number(setting('PEER_PORT')) });
