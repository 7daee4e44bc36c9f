/*
 * The SCO of the sample package of External SCORM Bridge: goes through one whole session by itself, and leaves in its
 * location whether it read what it had written.
 *
 * This file is part of Moodle - http://moodle.org/. License: http://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later.
 */
(function() {
    'use strict';

    /** Text of every plane of Unicode, and characters that mean something somewhere. */
    const TEXT = 'a=1;b="2"&c=<3>\\4\n\u00e9\u05d0\u4e2d\u{1f680}';

    const steps = document.getElementById('steps');

    /**
     * Shows a step.
     *
     * @param {string} name
     * @param {boolean} well
     * @return {boolean} the latter
     */
    function show(name, well) {
        const item = document.createElement('li');
        item.textContent = name + (well ? ': done' : ': failed');
        item.className = well ? '' : 'failed';
        steps.append(item);
        return well;
    }

    /**
     * Finds the run-time as the standard says: in this window and those around it.
     *
     * @return {object|null}
     */
    function find() {
        let place = window;
        for (let depth = 0; depth < 500; depth++) {
            if (place.API) {
                return place.API;
            }
            if (place.parent === place) {
                return null;
            }
            place = place.parent;
        }
        return null;
    }

    /**
     * One session.
     */
    function run() {
        const api = find();
        if (!show('Find the run-time', api !== null) || !show('Initialize', api.LMSInitialize('') === 'true')) {
            return;
        }
        const written = `${TEXT}${Date.now()}${TEXT.repeat(20)}`;
        show('Read the learner', api.LMSGetValue('cmi.core.student_id') !== '');
        show('Write values', api.LMSSetValue('cmi.suspend_data', written) === 'true'
            && api.LMSSetValue('cmi.core.score.raw', '80') === 'true');
        const same = api.LMSGetValue('cmi.suspend_data') === written && api.LMSGetValue('cmi.core.score.raw') === '80';
        show('Read them back', same);
        api.LMSSetValue('cmi.core.lesson_location', same ? 'sample:same' : 'sample:different');
        api.LMSSetValue('cmi.core.lesson_status', 'completed');
        show('Save', api.LMSCommit('') === 'true');
        show('Finish', api.LMSFinish('') === 'true');
    }

    run();
})();
