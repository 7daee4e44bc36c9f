// mod_scorm's own test packages, played from the CDN and played as uploaded files by the same script: what is stored
// for the learner must be the same.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { sleep } from '../../site/process.mjs';
import { people } from '../../site/site.mjs';
import { picture } from '../lib/browser.ts';
import { configure, enterPlayer, exitActivity, fillForm, logIn, logOut, saveForm } from '../lib/moodle.ts';
import { differences, records, type Records } from '../lib/records.ts';
import { scripts, type Script } from '../lib/scripts.ts';
import { ids, missing, release, Stage, witnessed } from '../lib/stage.ts';

describe(`mod_scorm's own packages on Moodle ${release}`, { skip: missing }, () => {
  let stage: Stage;
  let instructor: Page;
  let learner: Page;

  before(async () => {
    stage = await Stage.set();
    const admin = await stage.person('admin');
    await configure(admin, stage.site, 'local_externalscormbridge', {
      allowlist: `${stage.cdn.host}:${stage.cdn.port}`,
      devmode: true,
    });
    // A content host without https is taken only once the development switch is on.
    await configure(admin, stage.site, 'local_externalscormbridge', { contenthost: stage.site.contentHost });
    [instructor, learner] = [await stage.person('instructor'), await stage.person('learner')];
    // Tall enough for the player's whole frame: the page cannot be scrolled from inside a frame of another origin.
    await learner.setViewportSize({ width: 1280, height: 1500 });
  });

  after(async () => {
    await stage?.strike();
  });

  for (const [name, script] of Object.entries(scripts)) {
    test(`${name}: the same records from the CDN as from an upload`, async (context) => {
      if (!existsSync(join(stage.cdn.root, name))) {
        context.skip(`${name} is not in this Moodle`);
        return;
      }
      const native = await play(context.name, { name: `${name} uploaded`, zip: join(stage.zips, `${name}.zip`) }, script);
      const bridge = await play(context.name, { name: `${name} from the CDN`, url: stage.manifest(name) }, script);
      await picture(learner, `parity-${name}-${release}`);
      assert.ok(native.tracks.length > 0, 'the uploaded package left no tracks to compare with');
      assert.deepEqual(differences(bridge, native), []);
      assert.deepEqual(tree(bridge), tree(native));
    });
  }

  async function play(title: string, activity: { name: string; zip?: string; url?: string }, script: Script): Promise<Records> {
    const context = { name: `${title} ${activity.zip ? 'uploaded' : 'cdn'}` };
    const cmid = await witnessed(context, instructor, async () => {
      await fillForm(instructor, stage.site, ids.course, { ...activity, completion: true });
      return saveForm(instructor);
    });
    await witnessed(context, learner, async () => {
      for (const session of script) {
        await logOut(learner);
        await logIn(learner, stage.site, people.learner);
        await enterPlayer(learner, stage.site, cmid);
        await session(learner);
        // Some packages save without an answer on the page; give the last save the time a person takes to look up.
        await sleep(1500);
        await exitActivity(learner);
      }
    });
    return records(stage.site, cmid, ids.learner);
  }
});

/** The SCO tree without what differs by nature: row numbers. */
function tree(of: Records) {
  return of.scoes.map(({ id: _, ...sco }) => sco);
}
