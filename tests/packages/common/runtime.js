// A SCO's end of the SCORM run-time, as authoring tools write it: find the API by walking the parents, then call it.
'use strict';

(function () {
  const names = { '1.2': 'API', 2004: 'API_1484_11' };
  const methods = {
    '1.2': { start: 'LMSInitialize', get: 'LMSGetValue', set: 'LMSSetValue', save: 'LMSCommit', end: 'LMSFinish', error: 'LMSGetLastError' },
    2004: { start: 'Initialize', get: 'GetValue', set: 'SetValue', save: 'Commit', end: 'Terminate', error: 'GetLastError' },
  };

  function search(from, name) {
    let frame = from;
    for (let depth = 0; frame && depth < 500; depth++) {
      if (frame[name]) {
        return frame[name];
      }
      if (frame.parent === frame) {
        return null;
      }
      frame = frame.parent;
    }
    return null;
  }

  /** The run-time of one SCO. `version` is '1.2' or '2004'. Nothing is thrown: a course without an LMS still opens. */
  window.ScormRuntime = class {
    constructor(version) {
      this.version = version;
      this.call = methods[version];
      this.running = false;
      this.failures = [];
      try {
        this.api = search(window, names[version]) || (window.opener && search(window.opener, names[version]));
      } catch (error) {
        this.api = null;
        this.failures.push(String(error));
      }
    }

    start() {
      this.running = Boolean(this.api) && this.api[this.call.start]('') === 'true';
      return this.running;
    }

    get(element) {
      return this.running ? this.api[this.call.get](element) : '';
    }

    set(element, value) {
      if (!this.running) {
        return false;
      }
      const taken = this.api[this.call.set](element, String(value)) === 'true';
      if (!taken) {
        this.failures.push(`${element}: error ${this.api[this.call.error]()}`);
      }
      return taken;
    }

    save() {
      return this.running && this.api[this.call.save]('') === 'true';
    }

    end() {
      const ended = this.running && this.api[this.call.end]('') === 'true';
      this.running = false;
      return ended;
    }
  };
})();
