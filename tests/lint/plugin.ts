// What Moodle's own plugin checks ask of the plugin and what can be asked without a Moodle: strings, savepoints, what must be
// there, templates. Says every fault, and ends with their number.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repo } from '../site/paths.mjs';
import { strings } from './strings.ts';
import { templates } from './templates.ts';

const plugin = join(repo, 'moodle-plugin');
const component = 'local_externalscormbridge';

/** A file of the plugin. */
export interface File {
  name: string;
  text: string;
}

/** Names from the plugin's folder on, with what is in them. */
function files(): File[] {
  const found = readdirSync(plugin, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return found.map((one) => {
    const path = join(one.parentPath, one.name);
    return { name: relative(plugin, path), text: readFileSync(path, 'utf8') };
  });
}

/** What makes a folder a local plugin: https://moodledev.io/docs/apis/commonfiles. */
function* required(all: File[]): Generator<string> {
  for (const name of ['version.php', 'lib.php', 'db/upgrade.php', 'db/install.xml', `lang/en/${component}.php`, 'classes/privacy/provider.php']) {
    if (!existsSync(join(plugin, name))) yield `${name} is missing`;
  }
  const version = all.find(({ name }) => name === 'version.php')?.text ?? '';
  for (const field of ['component', 'version', 'requires', 'maturity', 'release', 'supported']) {
    if (!new RegExp(`\\$plugin->${field} =`).test(version)) yield `version.php does not say $plugin->${field}`;
  }
  for (const { name, text } of all) {
    if (/\.(php|mustache)$/.test(name) && !text.includes('This file is part of Moodle')) yield `${name} does not begin with Moodle's licence`;
    if (/^classes\/.*\.php$/.test(name)) {
      const namespace = [component, ...name.split('/').slice(1, -1)].join('\\');
      if (!text.includes(`\nnamespace ${namespace};`)) yield `${name} is not in the namespace ${namespace}`;
    }
  }
}

/** Each step of an upgrade notes that it was taken, in order, and no later than the version. */
function* savepoints(all: File[]): Generator<string> {
  const text = all.find(({ name }) => name === 'db/upgrade.php')?.text ?? '';
  const version = Number(/\$plugin->version = (\d+)/.exec(all.find(({ name }) => name === 'version.php')?.text ?? '')?.[1]);
  const steps = [...text.matchAll(/if \(\$oldversion < (\d+)\) \{(.*?)\n {4}\}/gs)];
  if (steps.length === 0) yield 'db/upgrade.php has no step';
  let last = 0;
  for (const [, at, body] of steps) {
    const step = Number(at);
    const noted = new RegExp(`upgrade_plugin_savepoint\\(true, ${String(step)}, 'local', 'externalscormbridge'\\);\\s*$`).test(body ?? '');
    if (!noted) yield `db/upgrade.php: the step to ${String(step)} does not end with its savepoint`;
    if (step <= last) yield `db/upgrade.php: the step to ${String(step)} comes after a later one`;
    if (step > version) yield `db/upgrade.php: the step to ${String(step)} is later than the version, ${String(version)}`;
    last = step;
  }
}

const all = files();
const faults = [...required(all), ...savepoints(all), ...strings(all, component), ...(await templates(all, component))];
for (const fault of faults) console.error(fault);
console.log(`${all.length} files of the plugin, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
