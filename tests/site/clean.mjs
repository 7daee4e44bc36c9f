// What `make clean` removes besides what was built: sites, unpacked packages, logs, and the databases of test sites.
// Downloads that outlive a checkout stay.
import { rmSync } from 'node:fs';
import { databases, state } from './paths.mjs';

for (const folder of [state, databases]) {
  rmSync(folder, { recursive: true, force: true });
}
