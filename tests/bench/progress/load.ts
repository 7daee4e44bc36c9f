// The client of the comparison, a program of its own so that it can have a core of its own. Reads an order (JSON) from
// its standard input, writes what it measured (JSON) to its standard output.
//
// With a rate, requests leave by the clock, whether or not earlier ones were answered, and latency counts from that
// moment: a server that stalls is charged for everyone who would have waited. Without one, each connection asks again
// as soon as it is answered: that is saturation.
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { build } from 'hdr-histogram-js';
import { Pool } from 'undici';

export interface Order {
  url: string;
  tokens: string[];
  /** Requests per second; absent: as many as are answered. */
  rate?: number;
  connections: number;
  seconds: number;
}

export interface Result {
  answered: number;
  /** From the first request to the last answer, in seconds. */
  seconds: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Answers that were not 200, by status. */
  refused: Record<string, number>;
}

const order = JSON.parse(await text(process.stdin)) as Order;
const pool = new Pool(order.url, { connections: order.connections, pipelining: 1 });
const histogram = build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 });
const refused: Record<string, number> = {};
let sent = 0;

async function report(): Promise<void> {
  const at = sent++;
  const began = performance.now();
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/api/runtime/progress',
    headers: {
      authorization: `Bearer ${order.tokens[at % order.tokens.length] ?? ''}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: `{"progress":${String(Math.floor(at / order.tokens.length) % 101)}}`,
  });
  await body.dump();
  histogram.recordValue(Math.max(1, Math.round((performance.now() - began) * 1000)));
  if (statusCode !== 200) {
    refused[statusCode] = (refused[statusCode] ?? 0) + 1;
  }
}

/** By the clock: whatever is due leaves. */
async function steady(rate: number, began: number): Promise<void> {
  const open: Promise<void>[] = [];
  const all = Math.round(rate * order.seconds);
  while (open.length < all) {
    const due = Math.min(all, Math.floor(((performance.now() - began) / 1000) * rate) + 1);
    while (open.length < due) {
      open.push(report());
    }
    await new Promise((done) => setTimeout(done, 1));
  }
  await Promise.all(open);
}

async function saturated(began: number): Promise<void> {
  const end = began + order.seconds * 1000;
  const connection = async () => {
    while (performance.now() < end) {
      await report();
    }
  };
  await Promise.all(Array.from({ length: order.connections }, connection));
}

const began = performance.now();
await (order.rate === undefined ? saturated(began) : steady(order.rate, began));
const result: Result = {
  answered: histogram.totalCount,
  seconds: (performance.now() - began) / 1000,
  p50: histogram.getValueAtPercentile(50) / 1000,
  p99: histogram.getValueAtPercentile(99) / 1000,
  refused,
};
await pool.close();
console.log(JSON.stringify(result));
