// Turns a page of <section>s into a course: pages, a quiz, notes, bookmarks and results, reported through ScormRuntime.
//
// The HTML says what there is: `section[data-page]` is a page, `fieldset[data-question]` a question with its right
// answers in `data-answer` (separated by commas), `textarea[data-notes]` the learner's notes. The version stands in
// <html data-scorm>. What the course knows about itself is written to <html data-…>, for whoever looks from outside.
'use strict';

(function () {
  const root = document.documentElement;
  const version = root.dataset.scorm;
  const modern = version === '2004';
  const pass = Number(root.dataset.pass || 70);
  const lms = new window.ScormRuntime(version);
  const opened = Date.now();

  const pages = [...document.querySelectorAll('section[data-page]')];
  const questions = [...document.querySelectorAll('fieldset[data-question]')];
  const notes = document.querySelector('textarea[data-notes]');
  const status = document.querySelector('[role="status"]');
  const button = (name) => document.querySelector(`button[data-do="${name}"]`);

  const state = { page: 0, seen: [], answers: {}, notes: '', graded: false };

  const element = (old, now) => (modern ? now : old);

  function show(index) {
    state.page = Math.max(0, Math.min(index, pages.length - 1));
    const id = pages[state.page].dataset.page;
    if (!state.seen.includes(id)) {
      state.seen.push(id);
    }
    pages.forEach((page, at) => (page.hidden = at !== state.page));
    button('back').disabled = state.page === 0;
    button('next').disabled = state.page === pages.length - 1;
    const bar = document.querySelector('progress');
    if (bar) {
      bar.max = pages.length;
      bar.value = state.page + 1;
      bar.textContent = `Page ${state.page + 1} of ${pages.length}`;
    }
    root.dataset.current = id;
    lms.set(element('cmi.core.lesson_location', 'cmi.location'), id);
    if (modern) {
      lms.set('cmi.progress_measure', (state.seen.length / pages.length).toFixed(2));
    }
    pages[state.page].querySelector('h2')?.focus();
  }

  function remember() {
    questions.forEach((question) => (state.answers[question.dataset.question] = chosen(question)));
    if (notes) {
      state.notes = notes.value;
    }
    lms.set('cmi.suspend_data', JSON.stringify(state));
  }

  function recall() {
    const kept = lms.get('cmi.suspend_data');
    if (!kept) {
      return;
    }
    try {
      Object.assign(state, JSON.parse(kept));
    } catch {
      say('Your earlier notes could not be read, so the course starts afresh.');
      return;
    }
    questions.forEach((question) => {
      const answers = state.answers[question.dataset.question] || [];
      question.querySelectorAll('input').forEach((input) => {
        if (input.type === 'text') {
          input.value = answers[0] || '';
        } else {
          input.checked = answers.includes(input.value);
        }
      });
    });
    if (notes) {
      notes.value = state.notes;
    }
  }

  function chosen(question) {
    return [...question.querySelectorAll('input')]
      .filter((input) => (input.type === 'text' ? input.value !== '' : input.checked))
      .map((input) => input.value);
  }

  /** Seconds as SCORM wants them: 0000:00:07.00 in 1.2, PT7S in 2004. */
  function span(milliseconds) {
    const seconds = Math.max(1, Math.round(milliseconds / 1000));
    if (modern) {
      return `PT${seconds}S`;
    }
    const two = (number) => String(number).padStart(2, '0');
    return `${String(Math.floor(seconds / 3600)).padStart(4, '0')}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.00`;
  }

  function now() {
    const time = new Date();
    return modern ? time.toISOString().replace(/\.\d+Z$/, 'Z') : time.toTimeString().slice(0, 8);
  }

  /** Gives every answer to the LMS as an interaction, then the score. Returns the score in per cent. */
  function grade() {
    let right = 0;
    questions.forEach((question) => {
      const given = chosen(question).sort();
      const wanted = question.dataset.answer.split(',').sort();
      const correct = given.join(',').toLowerCase() === wanted.join(',').toLowerCase();
      right += correct ? 1 : 0;
      const at = `cmi.interactions.${lms.get('cmi.interactions._count') || 0}`;
      const separator = modern ? '[,]' : ',';
      lms.set(`${at}.id`, question.dataset.question);
      lms.set(`${at}.type`, question.dataset.type);
      lms.set(`${at}.objectives.0.id`, question.dataset.objective);
      lms.set(`${at}.correct_responses.0.pattern`, wanted.join(separator));
      lms.set(`${at}.${modern ? 'timestamp' : 'time'}`, now());
      lms.set(`${at}.weighting`, '1');
      lms.set(`${at}.${modern ? 'learner_response' : 'student_response'}`, given.join(separator));
      lms.set(`${at}.result`, correct ? 'correct' : modern ? 'incorrect' : 'wrong');
      lms.set(`${at}.latency`, span(2000));
      if (modern) {
        lms.set(`${at}.description`, question.querySelector('legend').textContent.trim());
      }
    });
    const score = Math.round((right / questions.length) * 100);
    objectives(score);
    const prefix = element('cmi.core.score', 'cmi.score');
    lms.set(`${prefix}.min`, '0');
    lms.set(`${prefix}.max`, '100');
    lms.set(`${prefix}.raw`, score);
    if (modern) {
      lms.set('cmi.score.scaled', (score / 100).toFixed(2));
      lms.set('cmi.completion_status', 'completed');
      lms.set('cmi.success_status', score >= pass ? 'passed' : 'failed');
    } else {
      lms.set('cmi.core.lesson_status', score >= pass ? 'passed' : 'failed');
    }
    state.graded = true;
    return score;
  }

  /** Objectives the manifest declared keep their place; others are added at the end. */
  function objectives(score) {
    const names = new Set(questions.map((question) => question.dataset.objective));
    names.forEach((name) => {
      const count = Number(lms.get('cmi.objectives._count') || 0);
      let index = 0;
      while (index < count && lms.get(`cmi.objectives.${index}.id`) !== name) {
        index++;
      }
      const at = `cmi.objectives.${index}`;
      if (index === count) {
        lms.set(`${at}.id`, name);
      }
      lms.set(`${at}.score.raw`, score);
      lms.set(`${at}.score.min`, '0');
      lms.set(`${at}.score.max`, '100');
      if (modern) {
        lms.set(`${at}.score.scaled`, (score / 100).toFixed(2));
        lms.set(`${at}.success_status`, score >= pass ? 'passed' : 'failed');
        lms.set(`${at}.completion_status`, 'completed');
      } else {
        lms.set(`${at}.status`, score >= pass ? 'passed' : 'failed');
      }
    });
  }

  function leave(how) {
    remember();
    lms.set(element('cmi.core.session_time', 'cmi.session_time'), span(Date.now() - opened));
    lms.set(element('cmi.core.exit', 'cmi.exit'), how);
    lms.save();
    const ended = lms.end();
    document.querySelectorAll('main input, main textarea, nav button').forEach((control) => (control.disabled = true));
    root.dataset.state = ended ? 'ended' : 'lost';
    say(ended ? 'Saved. You can leave this page now.' : 'There is no learning platform to save to.');
  }

  function say(text) {
    status.textContent = text;
  }

  const actions = {
    back: () => show(state.page - 1),
    next: () => show(state.page + 1),
    save() {
      remember();
      say(lms.save() ? 'Your place, answers and notes are saved.' : 'Could not save.');
    },
    submit() {
      const score = grade();
      remember();
      lms.save();
      root.dataset.score = String(score);
      const result = document.querySelector('.result');
      result.hidden = false;
      result.classList.toggle('failed', score < pass);
      result.textContent = `You scored ${score} %. ${score >= pass ? 'Well done!' : `You need ${pass} % to pass.`}`;
      button('submit').disabled = true;
    },
    complete() {
      lms.set(element('cmi.core.lesson_status', 'cmi.completion_status'), 'completed');
      remember();
      say(lms.save() ? 'This lesson is complete.' : 'Could not save.');
    },
    suspend: () => leave('suspend'),
    finish: () => leave(modern ? 'normal' : ''),
  };

  const started = lms.start();
  root.dataset.state = started ? 'running' : 'no-api';
  root.dataset.entry = lms.get(element('cmi.core.entry', 'cmi.entry'));
  // What a resuming course reads first must already be right.
  const place = lms.get(element('cmi.core.lesson_location', 'cmi.location'));
  root.dataset.resumed = place;
  const name = lms.get(element('cmi.core.student_name', 'cmi.learner_name'));
  document.querySelector('[data-learner]').textContent = name ? `Learner: ${name}` : '';
  const data = lms.get('cmi.launch_data');
  const shown = document.querySelector('[data-launch-data]');
  if (shown && data) {
    shown.textContent = data;
  }
  const statusName = element('cmi.core.lesson_status', 'cmi.completion_status');
  if (['not attempted', 'unknown', ''].includes(lms.get(statusName))) {
    lms.set(statusName, 'incomplete');
  }
  recall();
  if (modern && lms.get('adl.nav.request_valid.continue') === 'true') {
    root.dataset.continue = 'true';
  }
  document.querySelectorAll('button[data-do]').forEach((control) => control.addEventListener('click', actions[control.dataset.do]));
  const found = pages.findIndex((page) => page.dataset.page === place);
  show(found < 0 ? 0 : found);
  say(place ? 'Welcome back: you continue where you left.' : started ? 'Welcome!' : 'This course runs without a learning platform: nothing is saved.');
  window.addEventListener('pagehide', () => lms.running && leave('suspend'));
  // A second file fetched by script, as courses do for captions and question banks.
  fetch(new URL('facts.json', document.currentScript.src)).then((answer) => answer.json()).then((facts) => {
    document.querySelectorAll('[data-fact]').forEach((place_) => (place_.textContent = facts[place_.dataset.fact]));
    root.dataset.facts = 'loaded';
  }).catch((error) => (root.dataset.facts = `failed: ${error}`));
  Object.defineProperty(window, 'course', { value: { state, failures: lms.failures } });
})();
