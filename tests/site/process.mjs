// Child processes: commands that must succeed, and services that must not outlive us.
import { execFile, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname } from 'node:path';

const isRoot = process.getuid?.() === 0;

/**
 * Wraps a command so that it runs as an unprivileged user when we are root, and dies with us even if we are killed.
 * @param {string[]} command
 * @param {{user?: string, deathSignal?: string}} options
 */
function wrap(command, { user, deathSignal }) {
  const words = [];
  if (user && isRoot) {
    words.push('--reuid', user, '--regid', user, '--clear-groups');
  }
  if (deathSignal) {
    words.push('--pdeathsig', deathSignal);
  }
  return words.length === 0 ? command : ['setpriv', ...words, '--', ...command];
}

/**
 * Runs a command to its end and returns its standard output; a failure throws with what the command said.
 * @param {string[]} command
 * @param {{cwd?: string, env?: Record<string, string>, user?: string, input?: string, timeout?: number}} [options]
 * @returns {Promise<string>}
 */
export function run(command, options = {}) {
  const [file = '', ...args] = wrap(command, options);
  return new Promise((done, fail) => {
    const child = execFile(
      file,
      args,
      {
        cwd: options.cwd,
        env: { ...process.env, ...options.env },
        maxBuffer: 256 * 1024 * 1024,
        timeout: options.timeout ?? 10 * 60 * 1000,
      },
      (error, stdout, stderr) => {
        if (error) {
          const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-30).join('\n');
          fail(new Error(`${command.join(' ')} failed (${error.code ?? error.signal}):\n${tail}`));
        } else {
          done(stdout);
        }
      },
    );
    // A command that does not read its input closes it early; its exit code says whether that mattered.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}

/**
 * Runs a command that speaks to whoever is at the terminal.
 * @param {string[]} command
 * @returns {Promise<void>}
 */
export function show([file = '', ...args]) {
  return new Promise((done, fail) => {
    const child = spawn(file, args, { stdio: 'inherit' });
    child.once('error', fail);
    child.once('exit', (code, signal) => (code === 0 ? done() : fail(new Error(`${file} failed (${code ?? signal})`))));
  });
}

/** @typedef {{name: string, pid: number, stop: () => Promise<void>, log: string}} Service */

/** @type {Set<Service>} */
const services = new Set();

/**
 * Starts a service and waits until it accepts connections on its port, or on its socket.
 * @param {string} name
 * @param {string[]} command
 * @param {{port?: number, host?: string, path?: string, log: string, cwd?: string, env?: Record<string, string>, user?: string,
 *   stopSignal?: 'SIGINT' | 'SIGTERM'}} options
 * @returns {Promise<Service>}
 */
export async function serve(name, command, options) {
  const stopSignal = options.stopSignal ?? 'SIGTERM';
  const place = options.path ?? `port ${options.port}`;
  if (await answers(options)) {
    throw new Error(`${place} is taken: cannot start ${name}; free it or set another (see tests/site/paths.mjs)`);
  }
  mkdirSync(dirname(options.log), { recursive: true });
  const log = openSync(options.log, 'a');
  const [file = '', ...args] = wrap(command, { ...options, deathSignal: stopSignal.slice(3) });
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', log, log],
    // Its own process group: Ctrl-C reaches us first, and we stop services in order.
    detached: true,
  });
  closeSync(log);
  let ended = false;
  const end = new Promise((done) => {
    child.once('exit', () => done((ended = true)));
    child.once('error', () => done((ended = true)));
  });
  /** @type {Service} */
  const service = {
    name,
    pid: child.pid ?? 0,
    log: options.log,
    async stop() {
      services.delete(service);
      if (!ended && child.pid) {
        // To the whole group: PHP's web server leaves its workers behind when only its master is told.
        const group = -child.pid;
        process.kill(group, stopSignal);
        const late = setTimeout(() => process.kill(group, 'SIGKILL'), 20_000);
        await end;
        // A worker that is still at something holds the port a little longer.
        while (runs(group)) {
          await sleep(50);
        }
        clearTimeout(late);
      }
    },
  };
  services.add(service);
  for (let tries = 0; tries < 600; tries++) {
    if (ended) {
      services.delete(service);
      throw new Error(`${name} did not start:\n${tail(options.log)}`);
    }
    if (await answers(options)) {
      return service;
    }
    await sleep(100);
  }
  await service.stop();
  throw new Error(`${name} did not answer on ${place} within a minute:\n${tail(options.log)}`);
}

/** @param {number} group of processes, negative @returns {boolean} whether one of them is left */
function runs(group) {
  try {
    return process.kill(group, 0);
  } catch {
    return false;
  }
}

/** Stops whatever still runs, the last started first. */
export async function stopAll() {
  for (const service of [...services].reverse()) {
    await service.stop();
  }
}

/** Stops services on Ctrl-C and on `kill`, then ends with the usual exit code. */
export function stopOnSignals() {
  for (const [signal, code] of /** @type {const} */ ([['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]])) {
    process.once(signal, () => void stopAll().finally(() => process.exit(code)));
  }
}

/** @param {number} ms */
export function sleep(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/** @param {string} file */
function tail(file) {
  return readFileSync(file, 'utf8').split('\n').slice(-20).join('\n');
}

/** @param {{port?: number, host?: string, path?: string}} place @returns {Promise<boolean>} */
function answers({ port, host = '127.0.0.1', path }) {
  return new Promise((done) => {
    const socket = path ? createConnection({ path }) : createConnection({ port: port ?? 0, host });
    const finish = (/** @type {boolean} */ yes) => {
      socket.destroy();
      done(yes);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
