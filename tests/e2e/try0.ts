import { Site, people } from '../site/site.mjs';
import { stopAll, stopOnSignals } from '../site/process.mjs';
import { Chrome, picture } from './lib/browser.ts';
stopOnSignals();
const s = new Site('test', '4.5'); await s.start();
const chrome = await Chrome.launch();
const page = await chrome.person();
page.on('request', (r) => { if (r.method() === 'POST') console.log(r.url(), r.postData()); });
try {
 await page.goto(s.url + '/login/index.php');
 await page.getByLabel('Username').fill('ines');
 await page.getByLabel('Password', { exact: true }).fill('Ines-2026!');
 console.log(await page.locator('form#login').innerHTML());
 await page.getByRole('button', { name: 'Log in' }).click();
 await page.waitForTimeout(5000); console.log(page.url());
} finally { await chrome.close(); await stopAll(); }
