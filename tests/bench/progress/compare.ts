// POST /api/runtime/progress: the LMS server against a peer on Fastify, pg and jose, on one PostgreSQL, in one run.
//
// Each round starts the servers anew, in alternating order, and measures each at two offered rates and at saturation.
// The server has one core to itself, database and client share the other; what a server costs is its own CPU time.
import { join } from 'node:path';
import { repo } from '../../site/paths.mjs';
import { run } from '../../site/process.mjs';
import type { Order, Result } from './load.ts';
import { cpuSeconds, familySeconds, peakMebibytes } from './meter.ts';
import { assertSame } from './same.ts';
import { contenders, otherCore, Stage, type Contender } from './stage.ts';

/** BENCH_ROUNDS=1 is for a first look; one round says nothing about spread. */
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const seconds = 8;
const learners = 128;
const loads = [
  { name: '200/s', rate: 200, connections: 32 },
  { name: '500/s', rate: 500, connections: 32 },
  { name: 'saturation', rate: undefined, connections: 32 },
] as const;

/** What one server did in one round under one load. */
interface Sample {
  throughput: number;
  p50: number;
  p99: number;
  /** CPU milliseconds per request. */
  server: number;
  database: number;
  /** Requests per second of the server's CPU time. */
  perCore: number;
}

type Load = (typeof loads)[number]['name'];

export async function progress(): Promise<void> {
  const stage = new Stage();
  await stage.prepare(learners);
  const compared = await assertSame(stage);
  console.log(`\nPOST /api/runtime/progress. All servers answered ${String(compared)} requests alike and left the same rows.`);
  const samples = new Map<string, Sample[]>();
  const memory: Record<Contender, number[]> = { 'lms-server': [], fastify: [], 'fastify-pipelined': [] };
  for (let round = 0; round < rounds; round++) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const service = await stage.serve(contender);
      await send(stage, contender, { connections: 32, seconds: 3 });
      for (const { name, rate, connections } of loads) {
        const sample = await measure(stage, contender, service.pid, { connections, seconds, ...(rate === undefined ? {} : { rate }) });
        const of = `${name} ${contender}`;
        samples.set(of, [...(samples.get(of) ?? []), sample]);
      }
      memory[contender].push(peakMebibytes(service.pid));
      await service.stop();
    }
  }
  show(samples, memory);
}

async function measure(stage: Stage, contender: Contender, pid: number, order: Pick<Order, 'rate' | 'connections' | 'seconds'>): Promise<Sample> {
  await stage.sweep();
  const before = { server: cpuSeconds(pid), database: familySeconds(stage.postmaster) };
  const { answered, seconds: took, p50, p99 } = await send(stage, contender, order);
  const server = cpuSeconds(pid) - before.server;
  const database = familySeconds(stage.postmaster) - before.database;
  const kept = await stage.ask('SELECT (SELECT count(*) FROM course_events), (SELECT count(*) FROM idempotency_records WHERE status = 200)');
  if (kept !== `${String(answered)}|${String(answered)}`) {
    throw new Error(`${contender} answered ${String(answered)} requests and kept ${kept} events and answers`);
  }
  return {
    throughput: answered / took,
    p50,
    p99,
    server: (1000 * server) / answered,
    database: (1000 * database) / answered,
    perCore: answered / server,
  };
}

async function send(stage: Stage, contender: Contender, order: Pick<Order, 'rate' | 'connections' | 'seconds'>): Promise<Result> {
  const tokens = stage.players[contender].map(({ token }) => token);
  const client = [...otherCore, 'node', '--import', 'tsx', join(repo, 'tests/bench/progress/load.ts')];
  const said = await run(client, { cwd: join(repo, 'tests'), input: JSON.stringify({ url: stage.url, tokens, ...order } satisfies Order) });
  const result = JSON.parse(said) as Result;
  if (Object.keys(result.refused).length > 0) {
    throw new Error(`${contender} refused: ${JSON.stringify(result.refused)}`);
  }
  return result;
}

function show(samples: Map<string, Sample[]>, memory: Record<Contender, number[]>): void {
  const of = (load: Load, contender: Contender, member: keyof Sample) => (samples.get(`${load} ${contender}`) ?? []).map((one) => one[member]);
  console.log(`Median of ${String(rounds)} rounds of ${String(seconds)} s each (lowest to highest). CPU is per request.\n`);
  row('load', 'server', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs', 'database CPU µs', 'requests/CPU s');
  for (const { name } of loads) {
    for (const contender of contenders) {
      const cell = (member: keyof Sample, scale: number, digits: number) => spread(of(name, contender, member).map((value) => value * scale), digits);
      row(name, contender, cell('throughput', 1, 0), cell('p50', 1, 2), cell('p99', 1, 2), cell('server', 1000, 0), cell('database', 1000, 0), cell('perCore', 1, 0));
    }
  }
  console.log(`\nPeak memory, MiB: ${contenders.map((one) => `${one} ${spread(memory[one], 1)}`).join(', ')}`);
  const [ours, ...peers] = contenders;
  for (const peer of peers) {
    const ratio = (load: Load, member: keyof Sample) => (median(of(load, ours, member)) / median(of(load, peer, member))).toFixed(1);
    console.log(`${ours} against ${peer}: ${loads.map(({ name }) => `${ratio(name, 'perCore')} × the requests per CPU second at ${name}`).join(', ')},`);
    console.log(`  ${ratio('saturation', 'throughput')} × the throughput at saturation, ${((100 * median(memory[ours])) / median(memory[peer])).toFixed(0)} % of the memory`);
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function spread(values: number[], digits: number): string {
  return `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;
}

function row(...cells: string[]): void {
  console.log(cells.map((cell, at) => (at < 2 ? cell.padEnd(at === 0 ? 12 : 20) : ` ${cell.padStart(23)}`)).join(''));
}
