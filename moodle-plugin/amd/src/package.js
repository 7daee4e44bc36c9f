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
 * The page about a package: says that asking the CDN takes a while, and asks only once.
 *
 * @module     local_externalscormbridge/package
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/**
 * Begins to watch.
 *
 * @param {string} id of the panel's element
 */
export const init = (id) => {
    const panel = document.getElementById(id);

    const allow = (allowed) => {
        for (const button of panel.querySelectorAll('button')) {
            button.disabled = !allowed;
        }
    };

    panel.addEventListener('submit', (event) => {
        const state = event.target.querySelector('[data-region="state"]');
        state.textContent = state.dataset.busy;
        allow(false);
    });
    // Who comes back with the browser's own button finds the page as it was left.
    window.addEventListener('pageshow', (event) => {
        if (event.persisted) {
            window.location.reload();
        }
    });
    allow(true);
};
