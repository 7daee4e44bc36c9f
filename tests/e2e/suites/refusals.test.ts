// What bad input gets: a clear message beside the field, and nothing stored.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { picture } from '../lib/browser.ts';
import { configure, fillForm, formErrors } from '../lib/moodle.ts';
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

  before(async () => {
    stage = await Stage.set();
    for (const [name, text] of Object.entries(broken)) {
      mkdirSync(join(stage.cdn.root, name), { recursive: true });
      writeFileSync(join(stage.cdn.root, name, 'imsmanifest.xml'), text);
    }
    stage.cdn.redirects.set('/moved/imsmanifest.xml', 'http://10.1.2.3/imsmanifest.xml');
    const admin = await stage.person('admin');
    await configure(admin, stage.site, section, {
      allowlist: ['127.0.0.2', 'cdn.example.com', '10.1.2.3', '169.254.169.254'].join('\n'),
      devmode: true,
      maxmanifestmb: '1',
    });
    instructor = await stage.person('instructor');
  });

  after(async () => {
    await stage?.strike();
  });

  for (const [claim, url, message] of table) {
    test(`${claim}: refused with a message, and nothing is stored`, async (context) => {
      await witnessed(context, instructor, async () => {
        const rows = await stored();
        await fillForm(instructor, stage.site, ids.course, { name: claim, url: url.replace('{cdn}', stage.cdn.origin) });
        await instructor.locator('#id_submitbutton').click();
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

  async function stored(): Promise<Record<string, number>> {
    return ((await stage.site.script('tables.php')) as { rows: Record<string, number> }).rows;
  }
});
