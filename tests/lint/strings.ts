// The plugin's language strings: each that is asked for is there, each that is there is asked for.
import type { File } from './plugin.ts';

/** Strings that Moodle asks for by their names alone. */
const byConvention = /^(pluginname|privacy:|messageprovider:|externalscormbridge:|cachedef_)|_(help|link|desc)$/;

export function* strings(all: File[], component: string): Generator<string> {
  const defined = new Set(
    [...(all.find(({ name }) => name === `lang/en/${component}.php`)?.text ?? '').matchAll(/^\$string\['([^']+)'\]/gm)].map(([, key]) => key ?? ''),
  );
  const code = all.filter(({ name }) => /\.(php|mustache|xml)$/.test(name) && !/^(lang|tests)\//.test(name));
  const scripts = all.filter(({ name }) => name.startsWith('amd/src/'));

  // Asked for by name.
  const asked = /(?:get_string|lang_string|moodle_exception|addHelpButton)\(\s*(?:'\w+',\s*)?'([^']+)',\s*(?:config::COMPONENT|'local_externalscormbridge')/g;
  const inTemplates = /\{\{#str\}\}\s*([\w:]+),\s*local_externalscormbridge\b/g;
  for (const { name, text } of code) {
    for (const [, key = ''] of text.matchAll(name.endsWith('.php') ? asked : inTemplates)) {
      if (!defined.has(key) && !defined.has(`${key}_help`)) yield `${name} asks for the string ${key}, which is not there`;
    }
  }
  // What db/ declares is named by strings of these forms.
  const declared = (file: string) => all.find(({ name }) => name === `db/${file}`)?.text ?? '';
  const named = [
    ...[...declared('access.php').matchAll(/^ {4}'local\/(\w+:\w+)' =>/gm)].map(([, key]) => key ?? ''),
    ...[...declared('messages.php').matchAll(/^ {4}'(\w+)' =>/gm)].map(([, key]) => `messageprovider:${key ?? ''}`),
    ...[...declared('caches.php').matchAll(/^ {4}'(\w+)' =>/gm)].map(([, key]) => `cachedef_${key ?? ''}`),
  ];
  for (const key of named) {
    if (!defined.has(key)) yield `db/ declares what the string ${key} should name, which is not there`;
  }

  // Never asked for: neither by name, nor by a name that is put together from a beginning that appears in the code.
  const everything = [...code, ...scripts].map(({ text }) => text).join('\n');
  const beginnings = [...everything.matchAll(/["'`](\w+[_:])(?:\{?\$|' \.)/g)].map(([, start]) => start ?? '');
  const endings = [...everything.matchAll(/\{\$\w+\}(_\w+)"/g)].map(([, end]) => end ?? '');
  for (const key of defined) {
    const literal = everything.includes(`'${key}'`) || everything.includes(`"${key}"`) || new RegExp(`[\\s}]${key},`).test(everything);
    const composed = beginnings.some((start) => key.startsWith(start)) || endings.some((end) => key.endsWith(end));
    if (!literal && !composed && !byConvention.test(key)) yield `nothing asks for the string ${key}`;
  }
}
