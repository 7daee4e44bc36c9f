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
 * Keeps the table of a live report as it is on the server: asks every few seconds whether something has changed, and
 * loads the table anew if so. What is selected and where the focus is stay.
 *
 * @module     local_externalscormbridge/live
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

import {call} from 'core/ajax';
import {refreshTableContent} from 'core_table/dynamic';
import {getString} from 'core/str';

/** Milliseconds between two questions. */
const EVERY = 2000;
/** The longest pause while the server does not answer. */
const LONGEST = 30000;

/**
 * What lets an element be found again in a table that was loaded anew.
 *
 * @param {Element|null} element
 * @returns {string|null} a selector
 */
const nameOf = (element) => {
    if (!element || !element.matches('a, button, input')) {
        return null;
    }
    if (element.id) {
        return `#${CSS.escape(element.id)}`;
    }
    for (const attribute of ['data-row', 'data-sortby', 'data-page-number']) {
        if (element.hasAttribute(attribute)) {
            return `[${attribute}="${CSS.escape(element.getAttribute(attribute))}"]`;
        }
    }
    return null;
};

/**
 * Lets selected learners be reset, as soon as there are any.
 *
 * @param {HTMLElement} report
 */
const offer = (report) => {
    const button = report.querySelector('[data-action="reset-selected"]');
    if (button) {
        button.disabled = report.querySelector('input[name="learners[]"]:checked') === null;
    }
};

/**
 * Loads the table anew.
 *
 * @param {HTMLElement} report
 */
const refresh = async(report) => {
    const table = report.querySelector('[data-region="core_table/dynamic"]');
    const selected = [...report.querySelectorAll('input[name="learners[]"]:checked')].map(({id}) => id);
    const focused = table.contains(document.activeElement) ? nameOf(document.activeElement) : null;
    await refreshTableContent(table);
    for (const id of selected) {
        const box = document.getElementById(id);
        if (box) {
            box.checked = true;
        }
    }
    offer(report);
    if (focused && (document.activeElement === null || document.activeElement === document.body)) {
        report.querySelector(focused)?.focus({preventScroll: true});
    }
};

/**
 * Begins to watch.
 *
 * @param {string} id of the report's element
 * @param {number} cmid
 * @param {string} stamp of what is shown
 */
export const init = (id, cmid, stamp) => {
    const report = document.getElementById(id);
    const state = report.querySelector('[data-region="state"]');
    const live = state.textContent;
    let shown = stamp;
    let failures = 0;
    let timer = 0;

    const plan = () => {
        clearTimeout(timer);
        timer = setTimeout(look, Math.min(EVERY * 2 ** failures, LONGEST));
    };

    const look = async() => {
        clearTimeout(timer);
        // Nobody looks at a hidden page; it is brought up to date as soon as somebody does.
        if (document.visibilityState === 'hidden') {
            return;
        }
        try {
            const request = {methodname: 'local_externalscormbridge_report_stamp', args: {cmid}};
            // Watching is no sign of life: it does not keep the session from ending.
            const answer = await call([request], true, true, true)[0];
            if (answer.stamp !== shown) {
                await refresh(report);
                shown = answer.stamp;
            }
            if (failures > 0) {
                state.textContent = live;
            }
            failures = 0;
        } catch {
            failures++;
            state.textContent = await getString('report_stale', 'local_externalscormbridge');
        }
        plan();
    };

    // What selects all of them does so by script, and after this.
    report.addEventListener('change', () => setTimeout(() => offer(report)));
    offer(report);
    document.addEventListener('visibilitychange', look);
    plan();
};
