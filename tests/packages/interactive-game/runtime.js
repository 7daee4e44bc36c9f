// A course's end of the LMS server's Runtime API: the launch token, the bearer token it is exchanged for, and the calls.
//
// The page around the course is the one that knows who learns. It is told "course.ready" and answers "course.launch"
// with a token that counts once, for this origin, within minutes. Nothing here ever learns a name.
'use strict';

(function () {
  const LAUNCH_MS = 20000;

  /** What the API answered instead of doing what it was asked. */
  class RuntimeError extends Error {
    constructor(status, problem) {
      super(problem.detail || problem.title || `The learning site answered with status ${status}.`);
      this.status = status;
      this.code = problem.code || 'unknown';
    }
  }

  /** Says that the course is ready, until the page around it gives the launch token. */
  function launchToken() {
    return new Promise((resolve, reject) => {
      if (window.parent === window) {
        reject(new Error('This course is opened by a learning site; by itself it saves nothing.'));
        return;
      }
      const late = setTimeout(() => end(() => reject(new Error('The learning site did not answer.'))), LAUNCH_MS);
      // The page may not listen yet.
      const again = setInterval(ready, 500);
      function ready() {
        window.parent.postMessage({ type: 'course.ready' }, '*');
      }
      function end(then) {
        clearTimeout(late);
        clearInterval(again);
        window.removeEventListener('message', hear);
        then();
      }
      function hear(event) {
        if (event.source === window.parent && event.data?.type === 'course.launch') {
          end(() => resolve({ token: event.data.token, site: event.origin }));
        }
      }
      window.addEventListener('message', hear);
      ready();
    });
  }

  class CourseRuntime {
    #site;
    #bearer;

    /** Resolves to a runtime that may call the API, with `context`: who (by alias), in which mode, with which scopes. */
    static async connect() {
      const { token, site } = await launchToken();
      const runtime = new CourseRuntime();
      runtime.#site = site;
      const exchanged = await runtime.#call('POST', 'auth/exchange', { token });
      runtime.#bearer = exchanged.token;
      runtime.context = await runtime.#call('GET', 'context');
      return runtime;
    }

    /** Per cent, 0 to 100. */
    async progress(percent) {
      await this.#call('POST', 'progress', { progress: percent });
      this.#tell({ type: 'course.progress', progress: percent });
    }

    /** The grade, and with it the end of the attempt. */
    async complete(raw, max, passed) {
      await this.#call('POST', 'grade', { score: { raw, max }, status: passed ? 'passed' : 'failed' });
      this.#tell({ type: 'course.attempt.completed' });
    }

    event(kind, payload) {
      return this.#call('POST', 'events', { kind, payload });
    }

    save(key, data) {
      return this.#call('POST', 'checkpoint/save', { key, data });
    }

    /** What was saved under the key, or undefined. */
    async load(key) {
      try {
        return (await this.#call('GET', `checkpoint/load?key=${encodeURIComponent(key)}`)).data;
      } catch (error) {
        if (error.status === 404) {
          return undefined;
        }
        throw error;
      }
    }

    async #call(method, path, body) {
      const headers = { Accept: 'application/json' };
      if (this.#bearer) {
        headers.Authorization = `Bearer ${this.#bearer}`;
      }
      if (method === 'POST') {
        headers['Content-Type'] = 'application/json';
        // A request that is repeated because its answer was lost must not count twice.
        headers['Idempotency-Key'] = crypto.randomUUID();
      }
      const send = () => fetch(`${this.#site}/api/runtime/${path}`, { method, headers, body: body && JSON.stringify(body), credentials: 'omit' });
      const answer = await send().catch(send);
      const json = answer.status === 204 ? undefined : await answer.json().catch(() => ({}));
      if (!answer.ok) {
        throw new RuntimeError(answer.status, json || {});
      }
      return json;
    }

    #tell(message) {
      window.parent.postMessage(message, this.#site);
    }
  }

  window.CourseRuntime = CourseRuntime;
})();
