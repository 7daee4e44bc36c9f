// A stand-in for a CDN: static files on an origin of their own, with the headers a real one sends and faults on demand.
//
// GET /<package>/<file>           a file of a folder under `root`
// GET /-/slow?ms=<n>              answers late
// GET /-/large                    an endless manifest
// GET /-/text?type=<t>&body=<b>   any body under any type
// GET /-/drop                     closes the connection without an answer
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { extname, join, normalize, sep } from 'node:path';
import { identity } from './internet.mjs';

/** @type {Record<string, string>} */
const types = {
  '.bmp': 'image/bmp',
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.htm': 'text/html; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
  '.xsd': 'application/xml',
};

/** @typedef {{method: string, path: string, status: number, bytes: number}} Hit */

export class Cdn {
  /** Whether answers carry `Access-Control-Allow-Origin: *`. */
  cors = true;
  /** Paths that answer 503 while they are in here. @type {Set<string>} */
  broken = new Set();
  /** Where paths redirect to. @type {Map<string, string>} */
  redirects = new Map();
  /** What was asked for since the last `hits = []`. @type {Hit[]} */
  hits = [];

  /**
   * @param {string} root
   * @param {number} port on a loopback address; of no matter to a CDN that has a place on the internet
   * @param {import('./internet.mjs').Place} [place]
   */
  constructor(root, port, place) {
    this.root = root;
    this.address = place?.address ?? '127.0.0.2';
    this.port = place ? 443 : port;
    this.origin = place?.origin ?? `http://${this.address}:${port}`;
    const answer = (/** @type {import('node:http').IncomingMessage} */ request, /** @type {import('node:http').ServerResponse} */ response) => {
      void this.#answer(request, response).catch(() => response.destroy());
    };
    this.server = place ? createSecureServer(identity(), answer) : createServer(answer);
  }

  /** Host, and port where it is not the usual one: what an administrator puts on the list. */
  get host() {
    return new URL(this.origin).host;
  }

  /** @returns {Promise<this>} */
  start() {
    return new Promise((done, fail) => {
      this.server.once('error', fail);
      this.server.listen(this.port, this.address, () => done(this));
    });
  }

  /** @returns {Promise<void>} */
  stop() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async #answer(request, response) {
    const url = new URL(request.url ?? '/', this.origin);
    const hit = { method: request.method ?? '', path: url.pathname, status: 0, bytes: 0 };
    this.hits.push(hit);
    response.once('close', () => {
      hit.status = response.statusCode;
    });
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (this.cors) {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Expose-Headers', 'ETag, Content-Length, Content-Range');
    }
    if (url.pathname.startsWith('/-/')) {
      return this.#fault(url, response);
    }
    const target = this.redirects.get(url.pathname);
    if (target !== undefined) {
      response.writeHead(302, { Location: target }).end();
      return;
    }
    if (this.broken.has(url.pathname)) {
      return plain(response, 503, 'Service unavailable');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return plain(response, 405, 'Method not allowed');
    }
    let path;
    try {
      path = normalize(decodeURIComponent(url.pathname));
    } catch {
      return plain(response, 400, 'Bad request');
    }
    const file = join(this.root, path);
    const found = file.startsWith(this.root + sep) ? await stat(file).catch(() => undefined) : undefined;
    if (!found?.isFile()) {
      return plain(response, 404, 'Not found');
    }
    const etag = `"${found.size.toString(16)}-${Math.floor(found.mtimeMs).toString(16)}"`;
    response.setHeader('ETag', etag);
    response.setHeader('Last-Modified', found.mtime.toUTCString());
    response.setHeader('Cache-Control', 'public, max-age=60');
    response.setHeader('Accept-Ranges', 'bytes');
    response.setHeader('Content-Type', types[extname(file).toLowerCase()] ?? 'application/octet-stream');
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304).end();
      return;
    }
    const range = parseRange(request.headers.range, found.size);
    if (range === 'unsatisfiable') {
      response.setHeader('Content-Range', `bytes */${found.size}`);
      return plain(response, 416, 'Range not satisfiable');
    }
    const { start, end } = range ?? { start: 0, end: found.size - 1 };
    if (range) {
      response.setHeader('Content-Range', `bytes ${start}-${end}/${found.size}`);
    }
    response.writeHead(range ? 206 : 200, { 'Content-Length': end - start + 1 });
    if (request.method === 'HEAD' || found.size === 0) {
      response.end();
      return;
    }
    const stream = createReadStream(file, { start, end });
    stream.on('data', (chunk) => (hit.bytes += chunk.length));
    stream.on('error', () => response.destroy());
    stream.pipe(response);
  }

  /** @param {URL} url @param {import('node:http').ServerResponse} response */
  #fault(url, response) {
    switch (url.pathname.split('/')[2]) {
      case 'slow':
        setTimeout(() => plain(response, 200, 'late'), Number(url.searchParams.get('ms') ?? 1000));
        return;
      case 'large': {
        response.writeHead(200, { 'Content-Type': 'application/xml' });
        response.write('<?xml version="1.0"?><manifest>');
        const more = () => {
          while (!response.destroyed && response.write('<!-- more -->'.repeat(5000)));
        };
        response.on('drain', more);
        more();
        return;
      }
      case 'text':
        response.writeHead(200, { 'Content-Type': url.searchParams.get('type') ?? 'text/plain' });
        response.end(url.searchParams.get('body') ?? '');
        return;
      case 'drop':
        response.destroy();
        return;
      default:
        return plain(response, 404, 'Not found');
    }
  }
}

/** @param {import('node:http').ServerResponse} response @param {number} status @param {string} text */
function plain(response, status, text) {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

/**
 * One range of RFC 9110, section 14.2; several ranges are answered with the whole file, as the RFC allows.
 * @param {string | undefined} header @param {number} size
 * @returns {{start: number, end: number} | 'unsatisfiable' | undefined}
 */
function parseRange(header, size) {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!parts || (parts[1] === '' && parts[2] === '')) {
    return undefined;
  }
  const start = parts[1] === '' ? Math.max(0, size - Number(parts[2])) : Number(parts[1]);
  const end = parts[1] === '' || parts[2] === '' ? size - 1 : Math.min(Number(parts[2]), size - 1);
  return start > end ? 'unsatisfiable' : { start, end };
}
