// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

/**
 * Plays a package by one way of delivery after the other, each in a frame with the player that learners have, and says
 * how far each of them came.
 *
 * @module     local_externalscormbridge/trial
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

import {call} from 'core/ajax';
import {getString} from 'core/str';

const COMPONENT = 'local_externalscormbridge';
/** Milliseconds between two looks at the frame. */
const LOOK = 50;
/** Milliseconds between two questions to the site: each of them waits for, and holds up, the player's own requests. */
const AGAIN = 500;
/** Milliseconds for which a package that has begun may go on without ending. */
const GRACE = 5000;
/** States of the player in which nothing more will come. */
const FAILED = ['noanswer', 'stopped', 'error', 'offline', 'signedout', 'otherperson', 'gone'];

const text = (name, param) => getString(name, COMPONENT, param);
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const ask = (methodname, args) => call([{methodname: `${COMPONENT}_${methodname}`, args}])[0];

/**
 * Adds a step to a way of delivery.
 *
 * @param {HTMLElement} section
 * @param {string} name of the string
 * @param {boolean|null} well null where it cannot be said
 * @param {string} detail
 */
const show = async(section, name, well, detail = '') => {
    const item = document.createElement('li');
    item.dataset.step = name;
    item.dataset.well = String(well);
    item.className = well === false ? 'text-danger' : '';
    const mark = await text(well === null ? 'trial_unknown' : well ? 'trial_well' : 'trial_failed');
    item.textContent = `${await text(`trial_${name}`)}: ${mark}${detail === '' ? '' : ` (${detail})`}`;
    section.querySelector('[data-region="steps"]').append(item);
};

/**
 * Says what came of a way of delivery as a whole.
 *
 * @param {HTMLElement} section
 * @param {string} verdict works, fails or unusable
 */
const conclude = async(section, verdict) => {
    const badge = section.querySelector('[data-region="verdict"]');
    badge.textContent = await text(`trial_${verdict}`);
    const colours = {works: 'bg-success text-white', fails: 'bg-danger text-white', unusable: 'bg-secondary text-dark'};
    badge.className = `badge ${colours[verdict]}`;
    section.dataset.verdict = verdict;
    section.querySelector('[data-region="remedy"]').hidden = verdict !== 'fails';
};

/**
 * What the player in the frame shows.
 *
 * @param {HTMLIFrameElement} frame
 * @returns {{state: string, message: string}} state: none while it loads; refused: a page that says why
 */
const look = (frame) => {
    const page = frame.contentDocument;
    const status = page?.querySelector('.scormbridge-status');
    if (status) {
        return {state: status.dataset.state ?? '', message: status.querySelector('[role="status"]').textContent};
    }
    const refusal = page?.querySelector('.scormbridge-refused main');
    return refusal ? {state: 'refused', message: refusal.textContent.trim()} : {state: '', message: ''};
};

/**
 * Milliseconds that the last commit of the frame took.
 *
 * @param {HTMLIFrameElement} frame
 * @returns {number|null}
 */
const commitTime = (frame) => {
    const requests = frame.contentWindow.performance.getEntriesByType('resource');
    const commits = requests.filter(({name}) => name.includes(`info=${COMPONENT}_commit`));
    return commits.length === 0 ? null : Math.round(commits[commits.length - 1].duration);
};

/**
 * Plays a trial until it has come to its end, or nothing more is to be expected of it.
 *
 * @param {HTMLElement} section
 * @param {string} address
 * @param {number} patience milliseconds
 * @returns {Promise<{ready: number|null, begun: number|null, saved: number|null, failure: string}>} in milliseconds
 */
const play = async(section, address, patience) => {
    const frame = document.createElement('iframe');
    frame.className = 'w-100 border';
    frame.style.height = '16rem';
    frame.allow = 'autoplay; fullscreen; unload';
    frame.title = section.querySelector('h3').textContent.trim();
    const begin = performance.now();
    frame.src = address;
    section.querySelector('[data-region="frame"]').replaceChildren(frame);
    const times = {ready: null, begun: null, saved: null, commit: null, failure: ''};
    const since = () => Math.round(performance.now() - begin);
    while (since() < patience) {
        await pause(LOOK);
        const {state, message} = look(frame);
        if (state === 'refused' || FAILED.includes(state)) {
            times.failure = message;
            return times;
        }
        if (['saved', 'saving'].includes(state)) {
            times.ready ??= since();
        }
        if (state === 'saving') {
            times.begun ??= since();
        }
        if (state === 'saved' && (times.begun !== null || commitTime(frame) !== null)) {
            times.saved ??= since();
            times.commit = commitTime(frame);
            if (since() - times.saved > GRACE || (await ask('trial_outcome', {trial: section.dataset.trial})).seen.terminate > 0) {
                return times;
            }
            await pause(AGAIN);
        }
    }
    return times;
};

/**
 * Tries one way of delivery, and says what came of it.
 *
 * @param {HTMLElement} section
 * @param {string} address
 * @param {number} patience milliseconds
 * @param {boolean} sample whether the package says itself that it read what it wrote
 */
const tryOut = async(section, address, patience, sample) => {
    const times = await play(section, address, patience);
    const {seen, refused, reports, roundtrip} = await ask('trial_outcome', {trial: section.dataset.trial});
    const after = (time) => time === null ? '' : text('trial_after', time);
    const problem = [times.failure, reports.join(', ')].filter((part) => part !== '').join(' – ');
    await show(section, 'relay', times.ready !== null, times.ready === null ? problem : await after(times.ready));
    if (times.ready !== null) {
        await show(section, 'initialize', seen.initialize > 0, await after(times.begun));
        if (sample) {
            await show(section, 'roundtrip', roundtrip === 'same', refused.join('; '));
        } else {
            await show(section, 'values', seen.set > 0 ? refused.length === 0 : null, [String(seen.set), ...refused].join('; '));
        }
        const saved = times.saved !== null;
        await show(section, 'commit', saved, saved ? await text('trial_took', times.commit ?? 0) : problem);
        if (sample || seen.terminate > 0) {
            await show(section, 'terminate', seen.terminate > 0);
        }
    }
    const well = times.saved !== null && seen.initialize > 0 && refused.length === 0
        && (!sample || (roundtrip === 'same' && seen.terminate > 0));
    await conclude(section, well ? 'works' : 'fails');
};

/**
 * Begins to listen.
 *
 * @param {string} id of the page's element
 * @param {number} patience milliseconds for one way of delivery
 */
export const init = (id, patience) => {
    const page = document.getElementById(id);
    const state = page.querySelector('[data-region="state"]');
    const button = page.querySelector('button');

    const run = async(url) => {
        const {title, version, sample, modes} = await ask('trial_begin', {url});
        state.textContent = await text('trial_playing', {title, version});
        for (const {mode, usable, reason, trial} of modes) {
            const section = page.querySelector(`[data-mode="${mode}"]`);
            section.hidden = false;
            if (!usable) {
                section.querySelector('[data-region="closed"]').textContent = await text('trial_closed', reason);
                await conclude(section, 'unusable');
                continue;
            }
            section.dataset.trial = trial;
            await tryOut(section, `${page.dataset.stage}?trial=${trial}`, patience, sample);
        }
        state.textContent = await text('trial_done', {title, version});
    };

    page.querySelector('form').addEventListener('submit', async(event) => {
        event.preventDefault();
        button.disabled = true;
        state.className = '';
        for (const section of page.querySelectorAll('section')) {
            section.hidden = true;
            delete section.dataset.verdict;
            for (const region of ['closed', 'steps', 'frame']) {
                section.querySelector(`[data-region="${region}"]`).replaceChildren();
            }
        }
        state.textContent = await text('trial_checking');
        try {
            await run(page.querySelector('[name="url"]').value);
        } catch (error) {
            state.className = 'alert alert-danger';
            state.textContent = error.message;
        }
        button.disabled = false;
        button.focus();
    });
    // Until here there was nobody to listen, and the browser would have sent the form itself.
    button.disabled = false;
};
