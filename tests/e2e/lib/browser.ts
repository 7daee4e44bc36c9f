// One Chromium for a suite; every person gets a profile of their own, as on a computer of their own.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { fingerprint, internet } from '../../site/internet.mjs';
import { state } from '../../site/paths.mjs';

/** How long one step on a page may take: generous, for a machine that has more to do. Only a failure takes as long. */
export const patience = 90_000;

/** Where pictures go. Those in docs/images were chosen from here. */
const pictures = join(state, 'e2e/screens');

export class Chrome {
  private constructor(private readonly browser: Browser) {}

  static async launch(): Promise<Chrome> {
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    if (internet) {
      args.push(`--ignore-certificate-errors-spki-list=${fingerprint()}`);
    }
    return new Chrome(await chromium.launch({ executablePath, args, headless: true }));
  }

  /** A fresh profile with one tab. Dialogs are answered with yes, as the courses' "resume?" questions want. */
  async person(): Promise<Page> {
    const context: BrowserContext = await this.browser.newContext({
      viewport: { width: 1280, height: 900 },
      locale: 'en-AU',
      timezoneId: 'Australia/Perth',
    });
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    page.on('dialog', (dialog) => void dialog.accept().catch(() => {}));
    return page;
  }

  /** A profile whose every request goes through a proxy, loopback too. */
  async behind(proxy: string): Promise<BrowserContext> {
    const context = await this.browser.newContext({ proxy: { server: proxy, bypass: '<-loopback>' } });
    context.setDefaultTimeout(patience);
    return context;
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** Saves a picture of the page for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}
