// What people do on Moodle's pages, by the labels they see.
import assert from 'node:assert/strict';
import type { Locator, Page, Request } from 'playwright-core';
import { sleep } from '../../site/process.mjs';
import type { Site } from '../../site/site.mjs';

export interface Person {
  username: string;
  password: string;
}

export async function logIn(page: Page, site: Site, person: Person): Promise<void> {
  for (let tries = 1; ; tries++) {
    await page.goto(`${site.url}/login/index.php`, { waitUntil: 'networkidle' });
    await page.getByLabel('Username').fill(person.username);
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('#user-menu-toggle, #loginerrormessage').first().waitFor({ state: 'attached' });
    if ((await page.locator('#loginerrormessage').count()) === 0) break;
    // The form carries a token of the session, which background calls of this page or of another may have renewed.
    assert.ok(tries < 3, `${person.username} is not let in`);
  }
  await page.locator('#user-menu-toggle').waitFor();
}

export async function logOut(page: Page): Promise<void> {
  // The menu opens by script, and the page's scripts come last.
  await page.waitForLoadState('networkidle');
  await page.locator('#user-menu-toggle').click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.locator('#user-menu-toggle').waitFor({ state: 'detached' });
}

export interface Activity {
  name: string;
  /** A package elsewhere, through the plugin's own choice. */
  url?: string;
  /** A package as a file, the ordinary way. */
  zip?: string;
  /** Values of select boxes by element name, such as `grademethod`. */
  choose?: Record<string, string>;
  /** Whether the learner completes the activity by passing or completing it. */
  completion?: boolean;
}

/** Opens the form for a new SCORM activity and fills it in, but does not save. */
export async function fillForm(page: Page, site: Site, course: number, activity: Activity): Promise<void> {
  await page.goto(`${site.url}/course/modedit.php?add=scorm&type=&course=${course}&section=1&return=0&beforemod=0`);
  await page.locator('#id_name').fill(activity.name);
  if (activity.url !== undefined) {
    await page.locator('#id_scormtype').selectOption({ label: 'CDN URL' });
    await page.locator('#id_packageurl').fill(activity.url);
  }
  if (activity.zip !== undefined) {
    await upload(page, activity.zip);
  }
  const wanted = Object.entries(activity.choose ?? {});
  if (activity.completion || wanted.length > 0) {
    await page.locator('.collapseexpand.collapsemenu, .collapseexpand').first().click();
  }
  for (const [element, value] of wanted) {
    const field = page.locator(`#id_${element}`);
    if (!(await field.isVisible())) {
      await page.locator('fieldset', { has: field }).getByText('Show more...').click();
    }
    await field.selectOption(value);
  }
  if (activity.completion) {
    await page.getByRole('radio', { name: 'Add requirements' }).check();
    // Either of the two statuses will do: passed (2) or completed (4).
    await page.locator('#id_completionstatusrequired_2').check();
    await page.locator('#id_completionstatusrequired_4').check();
  }
}

/** Saves a filled-in form and returns the course module id; a form that comes back with errors fails the test. */
export async function saveForm(page: Page): Promise<number> {
  await page.locator('#id_submitbutton').click();
  await page.waitForLoadState();
  const errors = await formErrors(page);
  assert.deepEqual(errors, [], 'the form was refused');
  const id = Number(new URL(page.url()).searchParams.get('id'));
  assert.ok(page.url().includes('/mod/scorm/view.php') && id > 0, `saving led to ${page.url()}`);
  return id;
}

/** What the form says against its fields. */
export async function formErrors(page: Page): Promise<string[]> {
  const places = page.locator('.mform .invalid-feedback:visible, .mform .form-control-feedback:visible');
  return (await places.allInnerTexts()).map((text) => text.trim()).filter(Boolean);
}

async function upload(page: Page, zip: string): Promise<void> {
  const manager = page.locator('#fitem_id_packagefile');
  await manager.locator('.filemanager-loading').waitFor({ state: 'hidden' });
  await pickFile(page, manager.getByRole('button', { name: 'Add...' }), zip);
  await manager.locator('.fp-file, .fp-filename-icon').first().waitFor();
}

/** Uploads a file by Moodle's file picker, which `button` opens. */
export async function pickFile(page: Page, button: Locator, file: string): Promise<void> {
  const picker = page.locator('.filepicker:visible').last();
  // The picker draws its form anew with each answer, and a file chosen before the last one would be lost.
  await settled(page, 'repository_ajax.php', async () => {
    await button.click();
    await picker.getByText('Upload a file', { exact: true }).first().click();
  });
  await picker.locator('input[name="repo_upload_file"]').setInputFiles(file);
  await picker.getByRole('button', { name: 'Upload this file' }).click();
}

/** Takes steps that make the page ask for `address` in the background, and waits until all of it is answered. */
async function settled(page: Page, address: string, steps: () => Promise<void>): Promise<void> {
  const pending = new Set<Request>();
  const begin = (request: Request) => void (request.url().includes(address) && pending.add(request));
  const end = (request: Request) => void pending.delete(request);
  page.on('request', begin).on('requestfinished', end).on('requestfailed', end);
  const first = page.waitForResponse((response) => response.url().includes(address));
  await steps();
  await first;
  while (pending.size > 0) {
    await sleep(50);
  }
  page.off('request', begin).off('requestfinished', end).off('requestfailed', end);
}

/** Opens an activity as a learner and enters mod_scorm's player, of one organization of the package if it is named. */
export async function enterPlayer(page: Page, site: Site, cmid: number, organization?: string): Promise<void> {
  await page.goto(`${site.url}/mod/scorm/view.php?id=${cmid}`);
  if (organization !== undefined) {
    await page.waitForLoadState('networkidle');
    const list = page.locator('select[name="organization"]');
    // Moodle follows a choice once it is certain, so that arrow keys can be used: after Enter, for one.
    await list.focus();
    await list.selectOption({ label: organization });
    await list.press('Enter');
    await page.waitForURL(/organization=\d/);
  }
  await page.getByRole('button', { name: 'Enter' }).click();
  await page.waitForURL(/\/mod\/scorm\/player\.php/);
}

/** Opens another SCO by its title in the player's table of contents. */
export async function openSco(page: Page, title: string): Promise<void> {
  await tocEntry(page, title).click();
}

function tocEntry(page: Page, title: string): Locator {
  return page.locator('#scorm_toc, #scorm_toc_title, .ygtv-highlight, #scorm_tree').getByText(title, { exact: true }).first();
}

/** Leaves the player by its own button. */
export async function exitActivity(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Exit activity' }).or(page.getByRole('button', { name: 'Exit activity' })).first().click();
  await page.waitForURL(/\/(course|mod\/scorm)\/view\.php/);
}

/** Sets admin settings by element name on one settings page, through the page. */
export async function configure(
  page: Page,
  site: Site,
  section: string,
  values: Record<string, string | boolean>,
): Promise<void> {
  await page.goto(`${site.url}/admin/settings.php?section=${section}`);
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`[name="s_${section}_${name}"]:not([type="hidden"])`);
    if (typeof value === 'boolean') {
      await field.setChecked(value);
    } else if ((await field.evaluate((node) => node.tagName)) === 'SELECT') {
      await field.selectOption(value);
    } else {
      await field.fill(value);
    }
  }
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.waitForLoadState();
  // Moodle says "Changes saved" only if something changed, but it always says what it did not take.
  assert.deepEqual(await page.locator('.form-item .error, .alert-danger').allInnerTexts(), [], 'a setting was refused');
}
