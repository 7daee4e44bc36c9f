// `make demo`: the LMS server with three courses, their people and a CDN on another origin; and, where one can be had, a
// Moodle with the plugin and one activity per delivery mode. Runs until Ctrl-C. Argument: a Moodle release, 5.1 unless
// told otherwise, or `none`.
import { join } from 'node:path';
import { Cdn } from './cdn.mjs';
import { LmsSite, lmsPeople } from './lms.mjs';
import { findMoodle, MoodleMissing, releases } from './moodle.mjs';
import { layOut } from './packages.mjs';
import { ports, repo } from './paths.mjs';
import { show, sleep, stopAll, stopOnSignals } from './process.mjs';
import { addRelay } from './relay.mjs';
import { people, Site } from './site.mjs';

const wanted = process.argv[2] ?? '5.1';
if (wanted !== 'none' && !Object.hasOwn(releases, wanted)) {
  console.error(`no such Moodle release: ${wanted}; there are ${Object.keys(releases).join(' and ')}, or none`);
  process.exit(2);
}

/**
 * One activity per way of delivery. The site prefers them in this order, and each of these packages allows just one more
 * than the next: the first has a relay beside it, the last is made of frames.
 */
const activities = [
  { mode: 'direct', package: 'scorm12-single-relay', title: 'Bees and their year (direct from the CDN)' },
  { mode: 'sandbox', package: 'scorm2004-single', title: 'The living soil (sandboxed)' },
  { mode: 'host', package: 'scorm12-frames', title: 'Birds of the meadow (through the content host)' },
];

stopOnSignals();
try {
  await offerLms();
  if (wanted !== 'none') {
    const release = /** @type {import('./moodle.mjs').Release} */ (wanted);
    try {
      await findMoodle(release);
      await show([join(repo, 'tests/site/setup'), 'moodle']);
      await offerMoodle(release);
    } catch (error) {
      if (!(error instanceof MoodleMissing)) {
        throw error;
      }
      console.log(`\nWithout a Moodle: there is ${error.message}`);
    }
  }
  console.log('\nCtrl-C stops everything.');
  for (;;) {
    await sleep(3600_000);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await stopAll();
  process.exit(1);
}

async function offerLms() {
  console.log('Building and starting the LMS server. The first time this takes some minutes.');
  const site = await new LmsSite('demo', 0).start();
  console.log(`
LMS server      ${site.url}
CDN             ${site.cdn?.origin}  (packages, another origin)
Provider        ${site.play?.origin}  (an interactive course, a third origin)

  who          log-in   password
${Object.values(lmsPeople).map(({ role, login, password }) => `  ${role.padEnd(12)} ${login.padEnd(8)} ${password}`).join('\n')}

  SCORM 1.2    ${site.url}/courses/${site.courses.bees}
  SCORM 2004   ${site.url}/courses/${site.courses.water}
  interactive  ${site.url}/courses/${site.courses.game}
  the teacher  ${site.url}/teach`);
}

/** @param {import('./moodle.mjs').Release} release */
async function offerMoodle(release) {
  const site = new Site('demo', release, 20);
  console.log(`Setting up Moodle ${release}. The first time this takes a minute or two.`);
  const { root } = await layOut('demo');
  const cdn = await new Cdn(root, ports.cdn + 20).start();
  await addRelay(root, 'scorm12-single', site.url);
  await site.prepare();
  const made = await site.script('activities.php', {
    plugin: {
      allowlist: cdn.host,
      contenthost: site.contentHost,
      delivery: activities.map(({ mode }) => mode).join(','),
      devmode: 1,
    },
    activities: activities.map(({ title, package: name }) => ({ name: title, url: cdnUrl(cdn, name) })),
  });
  console.log(`
Moodle ${release}      ${site.url}
CDN              ${cdn.origin}  (another origin; serves ${root})

  who          log-in   password
  learner      ${people.learner.username.padEnd(8)} ${people.learner.password}
  instructor   ${people.instructor.username.padEnd(8)} ${people.instructor.password}
  admin        ${people.admin.username.padEnd(8)} ${people.admin.password}

  course       ${site.url}/course/view.php?id=${made.course}
${activities.map(({ mode }, at) => `  ${mode.padEnd(12)} ${site.url}/mod/scorm/view.php?id=${made.cmids[at]}`).join('\n')}

As instructor, add a SCORM activity of type "CDN URL" with, for example,
  ${cdnUrl(cdn, 'scorm2004-multi')}`);
}

/** @param {Cdn} cdn @param {string} name */
function cdnUrl(cdn, name) {
  return `${cdn.origin}/${name}/imsmanifest.xml`;
}
