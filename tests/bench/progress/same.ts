// Before anything is measured: all servers are told the same, must answer the same and must leave the same rows.
import assert from 'node:assert/strict';
import { contenders, type Contender, type Stage } from './stage.ts';

interface Step {
  what: string;
  body: string;
  headers?: Record<string, string>;
  /** The token, from the player's own. */
  token?: (token: string) => string;
}

/** Told to each server for an attempt of its own, in this order. */
function script(stage: Stage): Step[] {
  const key = (name: string) => ({ 'idempotency-key': name });
  const past = Math.floor(Date.now() / 1000) - 100;
  return [
    { what: 'a report', body: '{"progress":40}', headers: key('a') },
    { what: 'its retry', body: '{"progress":40}', headers: key('a') },
    { what: 'another report under its key', body: '{"progress":41}', headers: key('a') },
    { what: 'a report that was overtaken', body: '{"progress":20}', headers: key('b') },
    { what: 'a report without a key', body: '{"progress":60}' },
    { what: 'a report from the provider', body: '{"progress":61}', headers: { origin: 'https://play.example' } },
    { what: 'a report from elsewhere', body: '{"progress":62}', headers: { origin: 'https://other.example' } },
    { what: 'more than everything', body: '{"progress":101}', headers: key('c') },
    { what: 'half a per cent', body: '{"progress":0.5}', headers: key('d') },
    { what: 'a text', body: '{"progress":"7"}', headers: key('e') },
    { what: 'an unknown member', body: '{"progress":7,"x":1}', headers: key('f') },
    { what: 'no JSON', body: '{', headers: key('g') },
    { what: 'another media type', body: '{"progress":7}', headers: { 'content-type': 'text/plain' } },
    { what: 'a key with a space', body: '{"progress":7}', headers: key('g g') },
    { what: 'a body too long', body: `{"progress":7,"x":"${'x'.repeat(20_000)}"}` },
    { what: 'nobody', body: '{"progress":70}', token: () => '' },
    { what: 'no token', body: '{"progress":70}', token: () => 'x' },
    { what: 'a forged token', body: '{"progress":70}', token: (token) => `${token.slice(0, -8)}AAAAAAAA` },
    { what: 'an expired token', body: '{"progress":70}', token: (token) => stage.resign(token, { iat: past - 100, exp: past }) },
    { what: 'a token of another site', body: '{"progress":70}', token: (token) => stage.resign(token, { iss: 'https://other.example' }) },
    { what: 'a token for another origin', body: '{"progress":70}', token: (token) => stage.resign(token, { aud: 'https://other.example' }) },
    { what: 'a token without the scope', body: '{"progress":70}', token: (token) => stage.resign(token, { scopes: ['grade.write'] }) },
    { what: 'a token to look around', body: '{"progress":70}', token: (token) => stage.resign(token, { mode: 'browse' }) },
  ];
}

/** Throws with the difference, if there is one. Returns how many requests were compared. */
export async function assertSame(stage: Stage): Promise<number> {
  const told: string[][] = [];
  const left: string[] = [];
  // Launches left events too.
  await stage.sweep();
  for (const contender of contenders) {
    const service = await stage.serve(contender);
    told.push(await tell(stage, contender));
    await service.stop();
    left.push(await rows(stage, contender));
  }
  for (const at of told.keys()) {
    assert.deepEqual(told[at], told[0], `${contenders[at] ?? ''} answers differently`);
    assert.deepEqual(left[at]?.split('\n'), left[0]?.split('\n'), `${contenders[at] ?? ''} leaves different rows`);
  }
  await stage.sweep();
  return told[0]?.length ?? 0;
}

async function tell(stage: Stage, contender: Contender): Promise<string[]> {
  const { token, attempt } = player(stage, contender);
  const answers: string[] = [];
  const send = async ({ what, body, headers, token: change }: Step) => {
    const answer = await fetch(`${stage.url}/api/runtime/progress`, {
      method: 'POST',
      headers: { authorization: `Bearer ${change ? change(token) : token}`, 'content-type': 'application/json', ...headers },
      body,
    });
    const json = (await answer.json()) as { code?: string };
    const said = answer.ok ? JSON.stringify(json).replaceAll(attempt, 'ATTEMPT') : json.code;
    answers.push(`${what}: ${String(answer.status)} ${said ?? ''} ${answer.headers.get('idempotency-replayed') ?? ''}`);
  };
  for (const step of script(stage)) {
    await send(step);
  }
  await stage.ask(`UPDATE interactive_attempts SET status = 'passed', completed_at = 1 WHERE id = '${attempt}'`);
  await send({ what: 'a report after the end', body: '{"progress":80}', headers: { 'idempotency-key': 'late' } });
  await stage.ask(`UPDATE interactive_attempts SET status = 'started', completed_at = NULL WHERE id = '${attempt}'`);
  await stage.ask("UPDATE course_providers SET status = 'disabled'");
  await send({ what: 'a report of a provider that is switched off', body: '{"progress":80}', headers: { 'idempotency-key': 'off' } });
  await stage.ask("UPDATE course_providers SET status = 'active'");
  return answers;
}

/** Everything the requests left, without what is a server's own choice: ids, times, request ids. */
async function rows(stage: Stage, contender: Contender): Promise<string> {
  const { attempt } = player(stage, contender);
  const kept = await stage.ask(`
    SELECT 'attempt', status, progress::text, score_raw::text, (last_activity_at > started_at)::text
      FROM interactive_attempts WHERE id = '${attempt}'
    UNION ALL SELECT 'event', kind, payload, course_id::text, (at > 0 AND length(request_id) > 0)::text
      FROM course_events WHERE attempt_id = '${attempt}'
    UNION ALL SELECT scope, key, encode(request_hash, 'hex'), status::text, body
      FROM idempotency_records WHERE scope LIKE 'attempt:${attempt}:%'
    ORDER BY 1, 2, 3, 4, 5`);
  return kept.replaceAll(attempt, 'ATTEMPT');
}

function player(stage: Stage, contender: Contender) {
  const [first] = stage.players[contender];
  assert.ok(first);
  return first;
}
