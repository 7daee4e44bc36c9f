// What bad input gets: a clear message beside the field, and nothing stored.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { sleep } from '../../site/process.mjs';
import { picture } from '../lib/browser.ts';
import { configure, enterPlayer, fillForm, formErrors, saveForm } from '../lib/moodle.ts';
import { findFrame } from '../lib/player.ts';
import { ids, missing, release, Stage, witnessed } from '../lib/stage.ts';

const section = 'local_externalscormbridge';

const manifest = (inside: string) => `<?xml version="1.0"?>
<manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>${inside}</manifest>`;

const oneItem = `<organizations default="o"><organization identifier="o"><title>O</title>
<item identifier="i" identifierref="r"><title>I</title></item></organization></organizations>`;

/** Packages that lie on the CDN as they must not be. */
const broken: Record<string, string> = {
  'not-xml': 'This was to be a manifest.',
  'not-a-manifest': '<?xml version="1.0"?><html><body>Hello</body></html>',
  'cut-off': manifest(oneItem).slice(0, 250),
  'no-sco': manifest('<organizations default="o"><organization identifier="o"><title>O</title></organization></organizations><resources/>'),
  'no-launch-file': manifest(
    `${oneItem}<resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="gone.html"/></resources>`,
  ),
  'launches-elsewhere': manifest(
    `${oneItem}<resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="../scorm12-single/index.html"/></resources>`,
  ),
  large: manifest(`<!--${'x'.repeat(1_100_000)}-->${oneItem}<resources/>`),
};

/** What is entered (`{cdn}` stands for the CDN's origin) and what the form must say. */
const table: [claim: string, url: string, message: RegExp][] = [
  ['no URL at all', 'my course', /not a valid URL/],
  ['another scheme', 'ftp://cdn.example.com/imsmanifest.xml', /"ftp:"/],
  ['plain http on the Internet', 'http://cdn.example.com/imsmanifest.xml', /https:\/\//],
  ['a user name in the URL', 'https://me:secret@cdn.example.com/imsmanifest.xml', /user name or password/],
  ['a host that is not on the list', 'https://elsewhere.example.net/imsmanifest.xml', /list of allowed sources/],
  ['a private address', 'https://10.1.2.3/imsmanifest.xml', /not public/],
  ['the cloud metadata address', 'https://169.254.169.254/imsmanifest.xml', /not public/],
  ['a URL that is too long', `https://cdn.example.com/${'a'.repeat(3000)}/imsmanifest.xml`, /At most \d+ are allowed/],
  ['nobody listening', 'http://127.0.0.2:9/imsmanifest.xml', /No connection|could not be reached/],
  ['a file that is not there', '{cdn}/nothing/imsmanifest.xml', /No imsmanifest\.xml|status 404/],
  ['a redirect to a private address', '{cdn}/moved/imsmanifest.xml', /redirects to a place that is not allowed|not public/],
  ['something that is not XML', '{cdn}/not-xml/imsmanifest.xml', /not well-formed XML|no SCORM manifest/],
  ['XML that is no manifest', '{cdn}/not-a-manifest/imsmanifest.xml', /no SCORM manifest|web page/],
  ['a manifest that was cut off', '{cdn}/cut-off/imsmanifest.xml', /cut off|not well-formed/],
  ['a manifest without a launchable SCO', '{cdn}/no-sco/imsmanifest.xml', /no SCO that can be launched/],
  ['a launch file that is missing', '{cdn}/no-launch-file/imsmanifest.xml', /launch file .*gone\.html.* is missing/],
  ['a launch file outside the package', '{cdn}/launches-elsewhere/imsmanifest.xml', /outside the package/],
  ['a manifest that is too large', '{cdn}/large/imsmanifest.xml', /bytes allowed/],
];

describe(`refusals on Moodle ${release}`, { skip: missing }, () => {
  let stage: Stage;
  let instructor: Page;
  let learner: Page;
  let rows: Record<string, number>;

  before(async () => {
    stage = await Stage.set();
    for (const [name, text] of Object.entries(broken)) {
      mkdirSync(join(stage.cdn.root, name), { recursive: true });
      writeFileSync(join(stage.cdn.root, name, 'imsmanifest.xml'), text);
    }
    stage.cdn.redirects.set('/moved/imsmanifest.xml', 'http://10.1.2.3/imsmanifest.xml');
    let admin: Page;
    [admin, instructor, learner] = await stage.people('admin', 'instructor', 'learner');
    await configure(admin, stage.site, section, {
      allowlist: ['127.0.0.2', 'cdn.example.com', '10.1.2.3', '169.254.169.254'].join('\n'),
      devmode: true,
      maxmanifestmb: '1',
    });
    rows = await stored();
    await fillForm(instructor, stage.site, ids.course, { name: 'Refused', url: '' });
  });

  after(async () => {
    await stage?.strike();
  });

  for (const [claim, url, message] of table) {
    test(`${claim}: refused with a message, and nothing is stored`, async (context) => {
      await witnessed(context, instructor, async () => {
        // In the form as it came back, with what it said of the last try.
        const address = url.replace('{cdn}', stage.cdn.origin);
        await instructor.locator('#id_packageurl').fill(address);
        await instructor.locator('#id_submitbutton').click();
        await instructor.locator(`#id_packageurl[value="${address}"]`).waitFor();
        await instructor.locator('#fitem_id_packageurl .invalid-feedback:visible').waitFor();
        const said = await formErrors(instructor);
        assert.equal(said.length, 1, `one message: ${said.join(' | ')}`);
        assert.match(said[0] ?? '', message);
        assert.deepEqual(await stored(), rows);
        if (claim === 'a launch file that is missing') {
          await instructor.locator('#id_packageurl').scrollIntoViewIfNeeded();
          await picture(instructor, `refused-${release}`);
        }
      });
    });
  }

  test('a package made of frames that can only be sandboxed: the form says why it cannot be delivered, and it is not played', async (context) => {
    const cmid = await witnessed(context, instructor, async () => {
      await fillForm(instructor, stage.site, ids.course, { name: 'Frames', url: stage.manifest('scorm12-frames') });
      const id = await saveForm(instructor);
      const said = await instructor.locator('.alert-warning').innerText();
      assert.match(said, /can be delivered in none of the ways/);
      assert.match(said, /no relay beside it .*no content host.*the launch page has frames/s);
      return id;
    });
    await witnessed(context, learner, async () => {
      await enterPlayer(learner, stage.site, cmid);
      const player = await findFrame(learner, '[role="alert"]:has-text("can be delivered in none of the ways")');
      await player.getByText('Please tell your teacher.').waitFor();
    });
  });

  test('content asked for with a forged or an expired ticket: a page that says what to do, and an entry in the log', async (context) => {
    const cmid = await witnessed(context, instructor, async () => {
      await fillForm(instructor, stage.site, ids.course, { name: 'Tickets', url: stage.manifest('scorm12-single') });
      return saveForm(instructor);
    });
    const base = async (age: number) => ((await stage.site.script('ticket.php', { cmid, age })) as { base: string }).base;
    const valid = await base(0);
    const forged = valid.replace(/.(?=.{9}\/$)/, (one) => (one === 'A' ? 'B' : 'A'));
    await witnessed(context, learner, async () => {
      assert.equal((await learner.goto(`${valid}facts.json`))?.status(), 200, 'what is changed below was a valid ticket');
      for (const [address, says, reason] of [
        [forged, 'This content cannot be opened here', 'ticket_forged'],
        [await base(3 * 86_400), 'This activity has been open for too long', 'ticket_expired'],
      ] as const) {
        const before = await denials();
        const answer = await learner.goto(`${address}index.html`);
        assert.equal(answer?.status(), 403);
        await learner.getByRole('heading', { name: says }).waitFor();
        await learner.getByText(reason, { exact: true }).waitFor();
        await learner.getByText('Go back to the course and open the activity again.').waitFor();
        assert.doesNotMatch(await learner.content(), /Bees/, 'nothing of the package');
        await picture(learner, `${reason}-${release}`);
        // It is logged once the answer is sent.
        await until(async () => (await denials()) === before + 1);
      }
    });
  });

  async function denials(): Promise<number> {
    const { events } = (await stage.site.script('tables.php')) as { events: Record<string, number> };
    return events['\\local_externalscormbridge\\event\\access_denied'] ?? 0;
  }

  async function until(true_: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; !(await true_()); tries++) {
      assert.ok(tries < 50, 'it did not come true');
      await sleep(200);
    }
  }

  async function stored(): Promise<Record<string, number>> {
    return ((await stage.site.script('tables.php')) as { rows: Record<string, number> }).rows;
  }
});
