// Accessibility rules, checked in the page by axe-core. Frames of other origins are their owners' business.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Violation = { id: string; help: string; nodes: { html: string }[] };

/** Fails with what is wrong and where. A part of a page that is not ours alone is named by a selector. */
export async function accessible(page: Page | Frame, name: string, part?: string): Promise<void> {
  await page.waitForLoadState('load');
  await page.evaluate(source);
  const violations = await page.evaluate(async (selector) => {
    const axe = (window as unknown as { axe: { run: (context: Document | string, options: object) => Promise<{ violations: Violation[] }> } }).axe;
    return (await axe.run(selector ?? document, { iframes: false })).violations;
  }, part);
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.html).join('\n  ')}`);
  assert.deepEqual(told, [], `${name} is not accessible`);
}
