// The plugin's templates, each with the example it gives of what it is given: well-formed HTML, and an example at all.
import { HtmlValidate } from 'html-validate';
import mustache from 'mustache';
import type { File } from './plugin.ts';

const html = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // A part of a page is neither a page nor alone: the rest is Moodle's.
    'heading-level': 'off',
    'missing-doctype': 'off',
    'require-sri': 'off',
    // Moodle's own templates are indented by what surrounds them.
    'no-trailing-whitespace': 'off',
    // A style sheet of the plugin's would be loaded on every page of the site, for two gaps.
    'no-inline-style': 'off',
    'void-style': 'off',
  },
});

/** Moodle's helpers, as far as HTML goes: text where text comes, nothing where a script does. */
const helpers = {
  str: () => (text: string) => text.split(',')[0]?.trim() ?? '',
  pix: () => () => '<i></i>',
  userdate: () => () => 'Friday',
  shortentext: () => (text: string) => text.split(',')[1] ?? '',
  cleanstr: () => (text: string) => text.split(',')[0]?.trim() ?? '',
  js: () => () => '',
  uniqid: 'u1',
};

export async function templates(all: File[], component: string): Promise<string[]> {
  const faults: string[] = [];
  for (const { name, text } of all.filter(({ name }) => name.endsWith('.mustache'))) {
    const own = name.slice('templates/'.length, -'.mustache'.length);
    if (!text.includes(`@template ${component}/${own}`)) faults.push(`${name} does not say @template ${component}/${own}`);
    const example = /Example context \(json\):\s*(\{.*?\n\s{4}\})\s*\}\}/s.exec(text)?.[1];
    if (example === undefined) {
      faults.push(`${name} has no "Example context (json)"`);
      continue;
    }
    let context: object;
    try {
      context = JSON.parse(example) as object;
    } catch (error) {
      faults.push(`${name}: its example is not JSON: ${String(error)}`);
      continue;
    }
    const rendered = mustache.render(text, { ...helpers, ...context }, () => '');
    const page = /<html/.test(rendered) ? rendered : `<div>${rendered}</div>`;
    const report = await html.validateString(page.trimStart());
    for (const { message, line, ruleId } of report.results.flatMap((result) => result.messages)) {
      faults.push(`${name}, line ${line} of the example's HTML: ${message} (${ruleId})`);
    }
  }
  return faults;
}
