// Against mod_scorm itself:
//
// 1. From a manifest to a PHP array: the extension against mod_scorm's own parser, each parse in a PHP process of its own.
// 2. Bytes that Moodle sends for one launch: a package that lies on a CDN (direct mode) against the same one uploaded.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Chrome } from '../e2e/lib/browser.ts';
import { configure, fillForm, logIn, saveForm } from '../e2e/lib/moodle.ts';
import { Course } from '../e2e/lib/player.ts';
import { Cdn } from '../site/cdn.mjs';
import { extension } from '../site/extension.mjs';
import { findMoodle, webRoot } from '../site/moodle.mjs';
import { layOut } from '../site/packages.mjs';
import { ports, repo, state } from '../site/paths.mjs';
import { run } from '../site/process.mjs';
import { addRelay } from '../site/relay.mjs';
import { people, Site } from '../site/site.mjs';
import { manifest } from './generate.ts';

interface Sample {
  milliseconds: number;
  kib: number;
  items: number;
}

interface Launch {
  /** Bytes that Moodle's web server sent, headers included. */
  moodle: number;
  /** Those of them that are files of the package. */
  content: number;
  requests: number;
  elsewhere: number;
}

const runs = 7;

async function parse(parser: string, file: string, scorm: string, library: string): Promise<Sample> {
  const samples: Sample[] = [];
  for (let at = 0; at < runs; at++) {
    const output = await run(['php', '-d', `extension=${library}`, '-d', 'memory_limit=-1', join(repo, 'tests/bench/manifest.php'), parser, file, scorm]);
    samples.push(JSON.parse(output) as Sample);
  }
  const middle = (of: (sample: Sample) => number) => samples.map(of).sort((a, b) => a - b)[Math.floor(runs / 2)] ?? NaN;
  return { milliseconds: middle((one) => one.milliseconds), kib: middle((one) => one.kib), items: samples[0]?.items ?? 0 };
}

export async function manifests(): Promise<void> {
  const scorm = join(webRoot(await findMoodle('4.5')), 'mod/scorm');
  const library = await extension();
  const folder = join(state, 'bench');
  mkdirSync(folder, { recursive: true });
  console.log(`Manifest to PHP array, median of ${runs} processes each\n`);
  row('manifest', 'parser', 'time', 'peak memory', 'faster', 'memory');
  for (const [label, bytes] of [['50 KB', 50_000], ['500 KB', 500_000], ['5 MB', 5_000_000]] as const) {
    const file = join(folder, `${bytes}.xml`);
    writeFileSync(file, manifest(bytes));
    const native = await parse('native', file, scorm, library);
    const rows = await parse('rows', file, scorm, library);
    const whole = await parse('whole', file, scorm, library);
    if (native.items !== rows.items) {
      throw new Error(`mod_scorm finds ${native.items} items, the extension ${rows.items}: not the same work`);
    }
    for (const [name, sample] of [['mod_scorm', native], ['extension: its rows', rows], ['extension: everything', whole]] as const) {
      row(
        label,
        name,
        `${sample.milliseconds.toFixed(2)} ms`,
        `${(sample.kib / 1024).toFixed(1)} MiB`,
        `${(native.milliseconds / sample.milliseconds).toFixed(1)} ×`,
        `${((100 * sample.kib) / native.kib).toFixed(0)} %`,
      );
    }
  }
}

export async function launches(): Promise<void> {
  const site = new Site('test', '4.5');
  const { root, zips } = await layOut('bench');
  const cdn = await new Cdn(root, ports.cdn).start();
  const chrome = await Chrome.launch();
  try {
    await site.prepare();
    const names = ['scorm12-single', await withPhotograph(root, zips, 'scorm12-single')];
    for (const name of names) {
      await addRelay(root, name, site.url);
    }
    const admin = await chrome.person();
    await logIn(admin, site, people.admin);
    await configure(admin, site, 'local_externalscormbridge', { allowlist: cdn.host, devmode: true, delivery: 'direct' });
    const instructor = await chrome.person();
    await logIn(instructor, site, people.instructor);
    console.log('\nBytes sent for one launch (from the press of Enter to the running course, new browser profile)\n');
    row('launch', '', 'from Moodle', 'the package', 'requests', 'from the CDN');
    for (const name of names) {
      for (const [label, activity] of [
        ['uploaded', { zip: join(zips, `${name}.zip`) }],
        ['CDN, direct', { url: `${cdn.origin}/${name}-relay/imsmanifest.xml` }],
      ] as const) {
        await fillForm(instructor, site, 2, { name: `${name}, ${label}`, ...activity });
        const cmid = await saveForm(instructor);
        // Once unmeasured, so that Moodle's own caches are warm for both.
        await launch(chrome, site, cmid);
        const { moodle, content, requests, elsewhere } = await launch(chrome, site, cmid);
        row(label, name, `${moodle} B`, `${content} B`, String(requests), `${elsewhere} B`);
      }
    }
  } finally {
    await chrome.close();
    await cdn.stop();
  }
}

/** A copy of a package that shows a photograph of 2 MB on its first page, as courses do. Returns its name. */
async function withPhotograph(root: string, zips: string, name: string): Promise<string> {
  const copy = `${name}-photo`;
  cpSync(join(root, name), join(root, copy), { recursive: true });
  const page = join(root, copy, 'index.html');
  writeFileSync(page, readFileSync(page, 'utf8').replace('src="meadow.svg"', 'src="meadow.bmp"'));
  writeFileSync(join(root, copy, 'meadow.bmp'), bitmap(1000, 700));
  await run(['zip', '-q', '-r', '-X', join(zips, `${copy}.zip`), '.'], { cwd: join(root, copy) });
  return copy;
}

/** An uncompressed 24-bit picture: 54 bytes of header, then three bytes for each pixel. */
function bitmap(width: number, height: number): Buffer {
  const picture = Buffer.alloc(54 + width * height * 3, 0x80);
  picture.write('BM');
  picture.writeUInt32LE(picture.length, 2);
  picture.writeUInt32LE(54, 10);
  picture.writeUInt32LE(40, 14);
  picture.writeInt32LE(width, 18);
  picture.writeInt32LE(height, 22);
  picture.writeUInt16LE(1, 26);
  picture.writeUInt16LE(24, 28);
  picture.writeUInt32LE(width * height * 3, 34);
  return picture;
}

/** Launches an activity in a new browser profile and counts what arrives from the press of Enter to the running course. */
async function launch(chrome: Chrome, site: Site, cmid: number): Promise<Launch> {
  const page: Page = await chrome.person();
  await logIn(page, site, people.learner);
  await page.goto(`${site.url}/mod/scorm/view.php?id=${cmid}`, { waitUntil: 'networkidle' });
  const count: Launch = { moodle: 0, content: 0, requests: 0, elsewhere: 0 };
  const pending: Promise<void>[] = [];
  page.on('requestfinished', (request) => {
    pending.push(
      request.sizes().then((sizes) => {
        const bytes = sizes.responseBodySize + sizes.responseHeadersSize;
        if (request.url().startsWith(site.url)) {
          count.moodle += bytes;
          count.requests += 1;
          count.content += request.url().includes('/pluginfile.php/') ? bytes : 0;
        } else {
          count.elsewhere += bytes;
        }
      }, () => {}),
    );
  });
  await page.getByRole('button', { name: 'Enter' }).click();
  const course = await Course.running(page);
  await course.waitFor('facts', 'loaded');
  await page.waitForLoadState('networkidle');
  await Promise.all(pending);
  await page.context().close();
  return count;
}

function row(...cells: string[]): void {
  console.log(cells.map((cell, at) => (at < 2 ? cell.padEnd(at === 0 ? 12 : 24) : cell.padStart(14))).join(''));
}
