import { Site, people } from '../site/site.mjs';
import { stopAll, stopOnSignals } from '../site/process.mjs';
import { layOut } from '../site/packages.mjs';
import { Chrome, picture } from './lib/browser.ts';
import { Course } from './lib/player.ts';
import * as m from './lib/moodle.ts';
import { records } from './lib/records.ts';
stopOnSignals();
const release = (process.argv[2] ?? '4.5') as '4.5';
const site = new Site('test', release);
const { zips } = await layOut();
const chrome = await Chrome.launch();
const page = await chrome.person();
try {
  await site.prepare({ plugin: false });
  const c = 2;
  await m.logIn(page, site, people.instructor);
  const ids: Record<string, number> = {};
  for (const name of ['scorm12-single', 'scorm2004-single', 'scorm12-multi', 'scorm2004-multi', 'scorm12-frames']) {
    await m.fillForm(page, site, c, { name, zip: `${zips}/${name}.zip`, completion: true });
    await picture(page, `try-form-${release}`);
    ids[name] = await m.saveForm(page);
    console.log(name, ids[name]);
  }
  await m.logOut(page);
  await m.logIn(page, site, people.learner);
  for (const [name, id] of Object.entries(ids)) {
    await m.enterPlayer(page, site, id);
    const course = await Course.running(page);
    await course.waitFor('facts', 'loaded');
    await picture(page, `try-play-${name}-${release}`);
    await course.click('Next');
    await picture(page, `try-play2-${name}-${release}`);
    await course.leave('Save and leave');
    await m.exitActivity(page);
    console.log(name, await course.failures().catch(() => 'gone'));
    console.log(JSON.stringify((await records(site, id, 4)).tracks.map((t) => `${t.sco}|${t.element}=${t.value}`)));
  }
} catch (e) {
  await picture(page, 'try-failed');
  console.error(e);
} finally {
  await chrome.close(); await stopAll();
}
