// What a call costs by the local service, beside what it costs by the extension.
import { join } from 'node:path';
import { LocalService } from '../site/core.mjs';
import { extension } from '../site/extension.mjs';
import { repo, state } from '../site/paths.mjs';
import { run } from '../site/process.mjs';

export async function calls(): Promise<void> {
  const service = new LocalService();
  try {
    await service.start(join(state, 'logs', 'service-bench.log'), 'release');
    const byExtension = await measured(['-d', `extension=${await extension()}`], {});
    const byService = await measured(['-d', 'extension=curl', '-d', `auto_prepend_file=${join(repo, 'ext/tests/support/service.inc')}`], {
      SCORMBRIDGE_PLUGIN: join(repo, 'moodle-plugin'),
      SCORMBRIDGE_SERVICE: service.address,
      SCORMBRIDGE_SECRET_FILE: service.secretFile,
    });
    console.log('\ncalls: microseconds, by the extension and by the local service');
    for (const [name, alone] of Object.entries(byExtension)) {
      const there = byService[name] ?? NaN;
      const numbers = [alone.toFixed(1), there.toFixed(1), `+ ${(there - alone).toFixed(0)}`, `${(there / alone).toFixed(1)} ×`];
      console.log(name.padEnd(32) + numbers.map((number) => number.padStart(12)).join(''));
    }
  } finally {
    await service.stop();
  }
}

async function measured(options: string[], env: Record<string, string>): Promise<Record<string, number>> {
  return JSON.parse(await run(['php', '-n', ...options, join(repo, 'tests/bench/calls.php')], { env })) as Record<string, number>;
}
