// People at the LMS server's pages: signing in, and opening a course as a learner does.
import type { Locator, Page } from 'playwright-core';
import type { Chrome } from '../e2e/lib/browser.ts';
import { lmsPeople, type LmsSite } from '../site/lms.mjs';

export type Person = keyof typeof lmsPeople;

/** A tab of somebody who has signed in. */
export async function signedIn(site: LmsSite, chrome: Chrome, person: Person): Promise<Page> {
  const page = await chrome.person();
  await page.goto(`${site.url}/`);
  await enter(page, person);
  return page;
}

/** Signs in on the page that asks for it. */
export async function enter(page: Page, person: Person): Promise<void> {
  await page.getByLabel('Log-in').fill(lmsPeople[person].login);
  await page.getByLabel('Password').fill(lmsPeople[person].password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Your courses' }).waitFor();
}

/** Opens a course's player from the course's page. */
export async function open(site: LmsSite, page: Page, course: string, how: 'Start' | 'Continue' | 'Start again'): Promise<void> {
  await page.goto(`${site.url}/courses/${course}`);
  await page.getByRole('link', { name: how, exact: true }).click();
}

/** Presses a button that changes something, and waits until the page has been loaded anew. */
export async function press(page: Page, name: string, within: Page | Locator = page): Promise<void> {
  await Promise.all([page.waitForEvent('load'), within.getByRole('button', { name, exact: true }).click()]);
}
