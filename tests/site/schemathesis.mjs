// Schemathesis, a program that reads an OpenAPI document and tries what nobody thought of, in a folder of its own.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repo, state } from './paths.mjs';
import { run } from './process.mjs';

const wanted = join(repo, 'tests/lms-e2e/requirements.txt');

/**
 * The program, installed if it is not there yet or another version is.
 * @returns {Promise<{program: string} | {missing: string}>} why it cannot be had, where it cannot
 */
export async function schemathesis() {
  const folder = join(state, 'schemathesis');
  const program = join(folder, 'bin/schemathesis');
  const stamp = join(folder, 'installed.txt');
  const requirements = readFileSync(wanted, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements) {
    return { program };
  }
  mkdirSync(folder, { recursive: true });
  try {
    await run(['python3', '-m', 'venv', '--clear', folder]);
    await run([join(folder, 'bin/pip'), 'install', '--quiet', '--disable-pip-version-check', '--requirement', wanted]);
  } catch (error) {
    return { missing: `schemathesis cannot be installed from PyPI: ${error instanceof Error ? error.message.split('\n').at(-1) : error}` };
  }
  writeFileSync(stamp, requirements);
  return { program };
}
