// `make bench`: measures against what others use for the same work, in one run on one machine, and prints the ratios.
// Arguments are names of parts; without any, all run.
import { MoodleMissing } from '../site/moodle.mjs';
import { stopAll, stopOnSignals } from '../site/process.mjs';
import { calls } from './calls.ts';
import { durability } from './durability.ts';
import { launches, manifests } from './moodle.ts';
import { progress } from './progress/compare.ts';

const parts: Record<string, () => Promise<void>> = { manifests, launches, calls, durability, progress };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

stopOnSignals();
for (const [name, part] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) {
    continue;
  }
  try {
    await part();
  } catch (error) {
    console.error(error instanceof MoodleMissing ? `${name} needs a Moodle: ${error.message}` : error);
    process.exitCode = 1;
  } finally {
    await stopAll();
  }
}
