// mod_scorm's own test packages, played from the CDN and played as uploaded files by the same script: what is stored
// for the learner must be the same, whichever way a package is delivered.
//
// Moodle 4.5 plays every package by every mode that can take it. Delivery does not depend on Moodle's release, so 5.1
// plays each package by one, and every mode has its turn.
import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { run, sleep } from '../../site/process.mjs';
import { addRelay } from '../../site/relay.mjs';
import { picture } from '../lib/browser.ts';
import { enterPlayer, exitActivity, fillForm, saveForm } from '../lib/moodle.ts';
import { Course } from '../lib/player.ts';
import { differences, records, track, type Records } from '../lib/records.ts';
import { scripts, type Script } from '../lib/scripts.ts';
import { ids, missing, release, Stage, witnessed } from '../lib/stage.ts';

const modes = ['direct', 'host', 'sandbox'] as const;
type Mode = (typeof modes)[number];

/** Modes each package can be delivered by, the one for Moodle 5.1 first: those made of frames cannot be sandboxed. */
const deliveries: Record<keyof typeof scripts, Mode[]> = {
  RuntimeMinimumCalls_SCORM12: ['sandbox', 'direct', 'host'],
  RuntimeBasicCalls_SCORM20043rdEdition: ['direct', 'host'],
  singlescobasic: ['host', 'direct'],
  singlesco_scorm12: ['direct', 'host', 'sandbox'],
  complexscorm: ['sandbox', 'direct', 'host'],
};

describe(`mod_scorm's own packages on Moodle ${release}`, { skip: missing }, () => {
  let stage: Stage;
  let admin: Page;
  let instructor: Page;
  let learner: Page;
  const uploaded = new Map<string, Records>();

  before(async () => {
    stage = await Stage.set();
    [admin, instructor, learner] = await stage.people('admin', 'instructor', 'learner');
    await stage.allowCdn(admin);
    // Tall enough for the player's whole frame: the page cannot be scrolled from inside a frame of another origin.
    await learner.setViewportSize({ width: 1280, height: 1500 });
  });

  after(async () => {
    await stage?.strike();
  });

  for (const [name, script] of Object.entries(scripts)) {
    test(`${name}: played as an uploaded file`, async (context) => {
      if (there(name)) {
        const native = await play(context.name, { name: context.name, zip: join(stage.zips, `${name}.zip`) }, script);
        assert.ok(native.tracks.length > 0, 'the uploaded package left no tracks to compare with');
        uploaded.set(name, native);
      } else {
        context.skip(`${name} is not in this Moodle`);
      }
    });
  }

  for (const mode of modes) {
    for (const [name, script] of Object.entries(scripts)) {
      const possible = deliveries[name] ?? [];
      if (!(release === '4.5' ? possible : possible.slice(0, 1)).includes(mode)) {
        continue;
      }
      test(`${name} by ${mode}: the same records as from an upload`, async (context) => {
        if (!there(name)) {
          context.skip(`${name} is not in this Moodle`);
          return;
        }
        await leadTo(mode);
        const package_ = mode === 'direct' ? await addRelay(stage.cdn.root, name, stage.site.url) : name;
        const bridge = await play(context.name, { name: `${name} by ${mode}`, url: stage.manifest(package_) }, script, mode);
        await picture(learner, `parity-${name}-${mode}-${release}`);
        const native = uploaded.get(name) ?? assert.fail('the upload, to compare with, failed');
        assert.deepEqual(differences(bridge, native), []);
        assert.deepEqual(tree(bridge), tree(native));
      });
    }
  }

  test('several organizations: the learner chooses one, and it is recorded as that of an upload', async (context) => {
    const name = await withTwoOrganizations();
    const script: Script = [
      async (page) => {
        const river = await Course.running(page, 'River');
        await river.click('Next');
        await river.leave('Save and leave');
      },
    ];
    const chosen = 'The short way';
    const native = await play(context.name, { name: `${name} uploaded`, zip: join(stage.zips, `${name}.zip`) }, script, undefined, chosen);
    await leadTo('sandbox');
    const bridge = await play(context.name, { name: `${name} by sandbox`, url: stage.manifest(name) }, script, 'sandbox', chosen);
    assert.equal(track(bridge, 'short-river', 'cmi.core.lesson_location'), 'sea');
    assert.deepEqual(differences(bridge, native), []);
    assert.deepEqual(tree(bridge), tree(native));
  });

  function there(name: string): boolean {
    return existsSync(join(stage.cdn.root, name));
  }

  async function leadTo(mode: Mode): Promise<void> {
    await stage.settings(admin, { contenthost: mode === 'host' ? stage.site.contentHost : '' });
  }

  async function play(
    title: string,
    activity: { name: string; zip?: string; url?: string },
    script: Script,
    mode?: Mode,
    organization?: string,
  ): Promise<Records> {
    const context = { name: title };
    const cmid = await witnessed(context, instructor, async () => {
      await fillForm(instructor, stage.site, ids.course, { ...activity, completion: true });
      return saveForm(instructor);
    });
    await witnessed(context, learner, async () => {
      for (const session of script) {
        await enterPlayer(learner, stage.site, cmid, organization);
        await session(learner);
        if (mode) {
          await delivered(mode);
        }
        // Some packages save without an answer on the page; give the last save the time a person takes to look up.
        await sleep(1500);
        await exitActivity(learner);
      }
    });
    return records(stage.site, cmid, ids.learner);
  }

  /** Our course of several SCOs with a second organization, on the CDN and as a zip. */
  async function withTwoOrganizations(): Promise<string> {
    const name = 'two-organizations';
    const folder = join(stage.cdn.root, name);
    cpSync(join(stage.cdn.root, 'scorm12-multi'), folder, { recursive: true });
    const manifest = readFileSync(join(folder, 'imsmanifest.xml'), 'utf8').replace(
      '</organization>',
      `</organization><organization identifier="short"><title>The short way</title>
       <item identifier="short-river" identifierref="res-river"><title>River</title></item></organization>`,
    );
    writeFileSync(join(folder, 'imsmanifest.xml'), manifest);
    await run(['zip', '-q', '-r', '-X', join(stage.zips, `${name}.zip`), '.'], { cwd: folder });
    return name;
  }

  /** That the content came the way it was meant to come. */
  async function delivered(mode: Mode): Promise<void> {
    const origins = await Promise.all(learner.frames().map((frame) => frame.evaluate(() => self.origin)));
    const wanted = { direct: stage.cdn.origin, host: stage.site.contentHost, sandbox: 'null' };
    const foreign = [...new Set(origins)].filter((origin) => origin !== stage.site.url);
    assert.deepEqual(foreign, [wanted[mode]], 'origins of the frames that are not the site');
  }
});

/** The SCO tree without what differs by nature: row numbers. */
function tree(of: Records) {
  return of.scoes.map(({ id: _, ...sco }) => sco);
}
