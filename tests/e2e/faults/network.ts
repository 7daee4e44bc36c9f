// A network that fails: an HTTP proxy between one browser and everything else. What carries a learner's work (commits,
// beacons, questions about the session) meets faults; pages and files pass, because a page that does not load is not lost.
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sleep } from '../../site/process.mjs';
import type { Random } from './random.ts';

export const faults = ['drop', 'cut', 'delay', 'duplicate', 'reorder', 'unavailable', 'busy', 'timeout'] as const;
export type Fault = (typeof faults)[number];

const CARRIES_WORK = /\/lib\/ajax\/service\.php\?.*local_externalscormbridge|\/local\/externalscormbridge\/(beacon|session)\.php/;
const BEACON = /\/beacon\.php/;

/** How long a request is held back at most for a later one to overtake it, in milliseconds. */
const OVERTAKE_MS = 700;

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export class Network {
  /** Faults so far, by kind. */
  readonly injected: Record<Fault | 'offline', number> = Object.fromEntries([...faults, 'offline'].map((name) => [name, 0])) as never;
  /** Beacons that met a fault which keeps their entries from the server: what only they carried is gone. */
  beaconsLost = 0;
  /** Nothing gets through. */
  offline = false;
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

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = incoming.url ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const works = CARRIES_WORK.test(url);
    const fault = works ? this.#fault() : undefined;
    if (fault) this.injected[fault] += 1;
    if (fault && fault !== 'delay' && fault !== 'duplicate' && fault !== 'reorder' && fault !== 'cut' && BEACON.test(url)) this.beaconsLost += 1;
    if (works && fault !== 'reorder') {
      this.#overtaken?.();
      this.#overtaken = undefined;
    }
    switch (fault) {
      case 'offline':
      case 'drop':
        return void incoming.socket.destroy();
      case 'cut':
        await this.#forward(incoming, url, body);
        return void incoming.socket.destroy();
      case 'unavailable':
        return void response.writeHead(503, { 'Content-Type': 'text/html' }).end('<h1>Service unavailable</h1>');
      case 'busy':
        return void response.writeHead(429, { 'Retry-After': '1' }).end();
      case 'timeout':
        await sleep(300);
        return void response.writeHead(504, { 'Content-Type': 'text/html' }).end('<h1>Gateway timeout</h1>');
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
