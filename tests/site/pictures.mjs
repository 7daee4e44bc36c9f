// `make pictures`: puts what the browser tests have last photographed on Moodle 5.1 where the documentation shows it.
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { repo, state } from './paths.mjs';

/** What the documentation calls a picture, and what the tests call it. */
const pictures = {
  settings: 'settings-5.1',
  diagnose: 'diagnose-5.1',
  trial: 'trial-5.1',
  form: 'form-scorm12-single-host-5.1',
  package: 'package-review-wide-5.1',
  report: 'report-playing-5.1',
  learner: 'report-learner-5.1',
  export: 'export-form-5.1',
  player: 'player-scorm12-single-host-5.1',
};

const missing = [];
for (const [name, taken] of Object.entries(pictures)) {
  const file = join(state, 'e2e/screens', `${taken}.png`);
  if (existsSync(file)) {
    copyFileSync(file, join(repo, 'docs/images', `${name}.png`));
  } else {
    missing.push(`${name}: ${file} was not taken`);
  }
}
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exit(1);
}
console.log(`${Object.keys(pictures).length} pictures`);
