// A network that fails: an HTTP proxy between one browser and everything else. What carries a learner's work (commits,
// beacons, questions about the session) meets faults; pages and files pass, because a page that does not load is not lost.
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sleep } from '../../site/process.mjs';
import type { Random } from './random.ts';

export const faults = ['drop', 'cut', 'delay', 'duplicate', 'reorder', 'unavailable', 'busy', 'timeout'] as const;
export type Fault = (typeof faults)[number];

const CARRIES_WORK = /\/lib\/ajax\/service\.php\?.*local_externalscormbridge|\/local\/externalscormbridge\/(beacon|session)\.php/;

/** By this a scripted SCO tells what its run-time has accepted at the very end. */
const SAID = /\/said\?true&(.*)$/;

/** With these the server gets the request, whatever becomes of the answer. */
const DELIVERED: ReadonlySet<string | undefined> = new Set([undefined, 'cut', 'delay', 'duplicate', 'reorder']);

/** How long a request is held back at most for a later one to overtake it, in milliseconds. */
const OVERTAKE_MS = 700;

/** After so many milliseconds without a request that carries work, a page that was closed has sent its last one. */
const QUIET_MS = 800;

/** What became of some words: no request held them, none that did got to the server, or one did. */
export type Fate = 'unsent' | 'cut off' | 'delivered';

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export class Network {
  /** Faults so far, by kind. */
  readonly injected = Object.fromEntries([...faults, 'offline', 'signout'].map((name) => [name, 0])) as Record<Fault | 'offline' | 'signout', number>;
  /** What carried work and what became of it, for whoever has to explain a failure. */
  readonly log: string[] = [];
  /** Nothing gets through. */
  offline = false;
  readonly #said = new Set<string>();
  readonly #fates = new Map<string, Fate>();
  #underway = 0;
  #quietSince = 0;
  #random: Random | undefined;
  #rate = 0;
  #overtaken: (() => void) | undefined;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((incoming, response) => {
      void this.#serve(incoming, response).catch(() => incoming.socket.destroy());
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** From now on each request that carries work fails with this probability. */
  fail(random: Random, rate: number): void {
    this.#random = random;
    this.#rate = rate;
  }

  heal(): void {
    this.offline = false;
    this.#rate = 0;
  }

  /** From now on notices what becomes of these words: some letters without anything that JSON escapes. */
  follow(words: string): void {
    this.#fates.set(words, 'unsent');
  }

  /** Whether a SCO's run-time has accepted these words while the page was taken away. */
  accepted(words: string): boolean {
    return this.#said.has(words);
  }

  fate(words: string): Fate {
    return this.#fates.get(words) ?? 'unsent';
  }

  /** Resolves when nothing that carries work is on its way any more. */
  async quiet(): Promise<void> {
    this.#quietSince = Date.now();
    while (this.#underway > 0 || Date.now() - this.#quietSince < QUIET_MS) await sleep(50);
  }

  note(what: string): void {
    this.log.push(`${new Date().toISOString().slice(11, 23)} ${what}`);
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = incoming.url ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const [, said] = SAID.exec(url) ?? [];
    if (said !== undefined) {
      this.#said.add(decodeURIComponent(said));
      response.writeHead(204).end();
      return;
    }
    if (!CARRIES_WORK.test(url)) return this.#pass(incoming, response, url, body, undefined);
    const fault = this.#fault();
    const about = `${url.replace(/^[^?]*\/|sesskey=\w+&/g, '')} ${body.length} bytes${fault ? `: ${fault}` : ''}`;
    this.note(`> ${about}`);
    this.#underway += 1;
    try {
      this.#witness(body.toString(), fault);
      await this.#pass(incoming, response, url, body, fault);
      this.note(`< ${about} ${response.headersSent ? response.statusCode : 'no answer'}`);
    } finally {
      this.#underway -= 1;
      this.#quietSince = Date.now();
    }
  }

  #witness(body: string, fault: Fault | 'offline' | undefined): void {
    if (fault) this.injected[fault] += 1;
    for (const [words, fate] of this.#fates) {
      if (fate !== 'delivered' && body.includes(words)) this.#fates.set(words, DELIVERED.has(fault) ? 'delivered' : 'cut off');
    }
    if (fault !== 'reorder') {
      this.#overtaken?.();
      this.#overtaken = undefined;
    }
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse, url: string, body: Buffer, fault: Fault | 'offline' | undefined): Promise<void> {
    switch (fault) {
      case 'offline':
      case 'drop':
        incoming.socket.destroy();
        return;
      case 'cut':
        await this.#forward(incoming, url, body);
        incoming.socket.destroy();
        return;
      case 'unavailable':
        response.writeHead(503, { 'Content-Type': 'text/html' }).end('<h1>Service unavailable</h1>');
        return;
      case 'busy':
        response.writeHead(429, { 'Retry-After': '1' }).end();
        return;
      case 'timeout':
        await sleep(300);
        response.writeHead(504, { 'Content-Type': 'text/html' }).end('<h1>Gateway timeout</h1>');
        return;
      case 'delay':
        await sleep(this.#random?.between(100, 900) ?? 0);
        break;
      case 'duplicate':
        await this.#forward(incoming, url, body);
        break;
      case 'reorder':
        await Promise.race([sleep(OVERTAKE_MS), new Promise<void>((resolve) => (this.#overtaken = resolve))]);
        // The one that overtakes is on its way; let it arrive first.
        await sleep(150);
        break;
      case undefined:
    }
    const { status, headers, body: answer } = await this.#forward(incoming, url, body);
    response.writeHead(status, headers).end(answer);
  }

  #fault(): Fault | 'offline' | undefined {
    if (this.offline) return 'offline';
    return this.#random?.chance(this.#rate) ? this.#random.pick(faults) : undefined;
  }

  #forward(incoming: IncomingMessage, url: string, body: Buffer): Promise<Answer> {
    const { 'proxy-connection': _, ...headers } = incoming.headers;
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { method: incoming.method, headers: { ...headers, connection: 'close' } }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const { connection: __, 'transfer-encoding': ___, ...kept } = answer.headers;
          resolve({ status: answer.statusCode ?? 502, headers: kept, body: Buffer.concat(chunks) });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}
