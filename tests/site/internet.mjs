// The small internet that `tests/site/internet` makes, for those who run on it: who has which name, and https.
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';

/** @typedef {{address: string, origin: string}} Place */

const folder = process.env.SCORMBRIDGE_INTERNET;

/** Moodle, its content host and the CDN; undefined where everybody meets on loopback addresses. */
export const internet = folder ? places(readFileSync(join(folder, 'hosts'), 'utf8')) : undefined;

/** Key and certificate of every server on it. */
export function identity() {
  return { key: file('key.pem'), cert: file('certificate.pem') };
}

/** What Chromium is told to trust: the hash of that certificate's public key. */
export function fingerprint() {
  const key = new X509Certificate(file('certificate.pem')).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}

/** What stands before a site: takes https and hands it on to the web server behind, which speaks http. */
export class Front {
  /** @param {Place[]} places @param {number} port of the web server behind */
  constructor(places, port) {
    this.places = places;
    this.servers = places.map(() => createServer({ ...identity(), keepAlive: true }, (asked, answer) => forward(asked, answer, port)));
  }

  async start() {
    await Promise.all(this.servers.map((server, at) => new Promise((/** @type {(done?: undefined) => void} */ done, fail) => {
      server.once('error', fail).listen(443, this.places[at]?.address, done);
    })));
    return this;
  }

  async stop() {
    await Promise.all(this.servers.map((server) => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    })));
  }
}

/** @param {import('node:http').IncomingMessage} asked @param {import('node:http').ServerResponse} answer @param {number} port */
function forward(asked, answer, port) {
  const { method, url: path, headers } = asked;
  const onward = request({ host: '127.0.0.1', port, method, path, headers: { ...headers, connection: 'close' } }, (back) => {
    const kept = Object.entries(back.headers).filter(([name]) => name !== 'connection');
    answer.writeHead(back.statusCode ?? 502, Object.fromEntries(kept));
    back.pipe(answer);
  });
  onward.once('error', () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
  answer.once('close', () => onward.destroy());
  asked.pipe(onward);
}

/** @param {string} hosts lines of addresses and names; the first word of a name says whose it is */
function places(hosts) {
  const found = new Map(hosts.split('\n').map((line) => line.split(' ')).map(([address = '', name = '']) => [
    name.split('.')[0],
    { address, origin: `https://${name}` },
  ]));
  const place = (/** @type {string} */ role) => {
    const one = found.get(role);
    if (!one) {
      throw new Error(`nobody is called ${role}`);
    }
    return one;
  };
  return { moodle: place('moodle'), content: place('content'), cdn: place('cdn') };
}

/** @param {string} name */
function file(name) {
  return readFileSync(join(folder ?? '', name));
}
