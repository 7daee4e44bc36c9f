// The local service, which a site reaches the core by where it has no extension: SCORMBRIDGE_CORE=service.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from './process.mjs';
import { scormbridge } from './program.mjs';

const core = process.env.SCORMBRIDGE_CORE ?? 'extension';
if (core !== 'extension' && core !== 'service') {
  throw new Error(`SCORMBRIDGE_CORE is extension or service, not ${core}`);
}

/** Whether sites use the service. */
export const byService = core === 'service';

export class LocalService {
  /** Short, as the path of a socket must be, and nobody else's, as the service wants it. */
  #folder = mkdtempSync(join(tmpdir(), 'scormbridge-'));
  /** @type {import('./process.mjs').Service | undefined} */
  #running;

  #secret = randomBytes(32).toString('hex');

  address = join(this.#folder, 'core.sock');
  secretFile = join(this.#folder, 'secret');

  /** @param {string} log @param {import('./program.mjs').Profile} [profile] */
  async start(log, profile) {
    writeFileSync(this.secretFile, this.#secret, { mode: 0o600 });
    const command = [await scormbridge(profile), 'serve', '--socket', this.address, '--secret-file', this.secretFile];
    this.#running ??= await serve('the local service', command, { path: this.address, log });
  }

  /** As a crash would. It can be started again. */
  async halt() {
    await this.#running?.stop();
    this.#running = undefined;
  }

  async stop() {
    await this.halt();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
