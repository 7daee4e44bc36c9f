/*! External SCORM Bridge controller. Built from js/controller of the project; do not edit.
 * This file is part of Moodle - http://moodle.org/. License: http://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later.
 */
"use strict";
(() => {
  var __defProp = Object.defineProperty;
  var __typeError = (msg) => {
    throw TypeError(msg);
  };
  var __defNormalProp = (obj, key, value) => key in obj ? __defProp(obj, key, { enumerable: true, configurable: true, writable: true, value }) : obj[key] = value;
  var __publicField = (obj, key, value) => __defNormalProp(obj, typeof key !== "symbol" ? key + "" : key, value);
  var __accessCheck = (obj, member, msg) => member.has(obj) || __typeError("Cannot " + msg);
  var __privateGet = (obj, member, getter) => (__accessCheck(obj, member, "read from private field"), getter ? getter.call(obj) : member.get(obj));
  var __privateAdd = (obj, member, value) => member.has(obj) ? __typeError("Cannot add the same private member more than once") : member instanceof WeakSet ? member.add(obj) : member.set(obj, value);
  var __privateSet = (obj, member, value, setter) => (__accessCheck(obj, member, "write to private field"), setter ? setter.call(obj, value) : member.set(obj, value), value);
  var __privateMethod = (obj, member, method) => (__accessCheck(obj, member, "access private method"), method);

  // protocol/src/limits.ts
  var LIMITS = {
    /** Bytes (UTF-8) of a data model element name. */
    elementBytes: 255,
    /** Bytes (UTF-8) of one value that a SCO sets. */
    valueBytes: 262144,
    /** One value of a seed; comments that were appended to may be longer than what one call sets. */
    seedValue: 4e6,
    /** Entries in one port message. */
    entriesPerMessage: 1e3,
    /** Pairs in a seed: thousands of interactions of a long-lived attempt. */
    seedElements: 1e5,
    /** All names and values of a seed together. */
    seedText: 2e7,
    /** Elements with a length limit of their own. */
    seedLimits: 100,
    /** A URL: what browsers and servers agree on. */
    url: 8e3,
    /** Code of a log line, stop or refusal. */
    code: 64,
    /** Text of a log line. */
    message: 2e3,
    /** A ticket, as the server bounds it. */
    ticket: 2048,
    /** Bytes (UTF-8) of the entries in a request that outlives its page: with what is around them less than 64 KiB. */
    leavingBytes: 6e4,
    /** Parent origins a relay may be told to trust. */
    origins: 50,
    /** Activities of a package that navigation may name. */
    targets: 5e4,
    /** Refusals in one answer: no more than entries in one request. */
    refused: 1e4,
    /** Bytes (UTF-8) of unacknowledged entries that a relay or a controller keeps before it answers calls with failure. */
    tailBytes: 16e6,
    /** Unacknowledged entries that a relay or a controller keeps. */
    tailEntries: 5e4
  };

  // protocol/src/shape.ts
  var ShapeError = class extends Error {
    constructor(path, problem) {
      super(`${path}: ${problem}`);
      __publicField(this, "path", path);
      __publicField(this, "problem", problem);
      this.name = "ShapeError";
    }
  };
  function checked(parse) {
    try {
      return { ok: true, value: parse() };
    } catch (error) {
      if (error instanceof ShapeError) return { ok: false, error };
      throw error;
    }
  }
  function record(value, path) {
    if (Array.isArray(value) && value.length === 0) return {};
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new ShapeError(path, "is not an object");
    }
    return value;
  }
  function object(value, path, allowed) {
    const fields = record(value, path);
    for (const key of Object.keys(fields)) {
      if (!allowed.includes(key)) throw new ShapeError(path, "has an unknown field");
    }
    return fields;
  }
  function text(value, path, max) {
    if (typeof value !== "string") throw new ShapeError(path, "is not text");
    if (value.length > max) throw new ShapeError(path, "is too long");
    return value;
  }
  function match(value, path, pattern, max) {
    const found = text(value, path, max);
    if (!pattern.test(found)) throw new ShapeError(path, "is malformed");
    return found;
  }
  function integer(value, path, min, max = Number.MAX_SAFE_INTEGER) {
    if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new ShapeError(path, "is not a whole number");
    if (value < min || value > max) throw new ShapeError(path, "is out of range");
    return value;
  }
  function boolean(value, path) {
    if (typeof value !== "boolean") throw new ShapeError(path, "is not true or false");
    return value;
  }
  function oneOf(value, path, words) {
    for (const word of words) if (value === word) return word;
    throw new ShapeError(path, "is none of the known words");
  }
  function list(value, path, max, item) {
    if (!Array.isArray(value)) throw new ShapeError(path, "is not a list");
    if (value.length > max) throw new ShapeError(path, "has too many items");
    return value.map((one, index) => item(one, `${path}[${index}]`));
  }
  function url(value, path, max) {
    const found = text(value, path, max);
    let parsed;
    try {
      parsed = new URL(found);
    } catch {
      throw new ShapeError(path, "is not an absolute URL");
    }
    if (parsed.protocol !== "https:" && parsed.protocol !== "http:") throw new ShapeError(path, "is not a web address");
    if (parsed.username !== "" || parsed.password !== "") throw new ShapeError(path, "holds user info");
    return found;
  }
  function origin(value, path) {
    const found = url(value, path, 300);
    if (new URL(found).origin !== found) throw new ShapeError(path, "is not an origin");
    return found;
  }

  // protocol/src/seed.ts
  function parseSeed(value, path) {
    const fields = object(value, path, ["version", "mode", "elements", "limits", "last_seq"]);
    let size = 0;
    const elements = list(fields.elements, `${path}.elements`, LIMITS.seedElements, (pair, at) => {
      if (!Array.isArray(pair) || pair.length !== 2) throw new ShapeError(at, "is not a pair");
      const element = text(pair[0], `${at}[0]`, LIMITS.elementBytes);
      const stored = text(pair[1], `${at}[1]`, LIMITS.seedValue);
      size += element.length + stored.length;
      if (size > LIMITS.seedText) throw new ShapeError(at, "makes the seed too large");
      return [element, stored];
    });
    return {
      version: oneOf(fields.version, `${path}.version`, ["1.2", "2004"]),
      mode: oneOf(fields.mode, `${path}.mode`, ["normal", "browse", "review"]),
      elements,
      limits: parseLimits(fields.limits, `${path}.limits`),
      last_seq: integer(fields.last_seq, `${path}.last_seq`, 0)
    };
  }
  function parseLimits(value, path) {
    const pairs = Object.entries(record(value, path));
    if (pairs.length > LIMITS.seedLimits) throw new ShapeError(path, "has too many items");
    return Object.fromEntries(
      pairs.map(([element, max]) => [text(element, path, LIMITS.elementBytes), integer(max, `${path}.${element}`, 0)])
    );
  }

  // protocol/src/handshake.ts
  var PROTOCOL = 1;
  var DELIVERIES = ["direct", "host", "sandbox"];
  var NONCE = /^[0-9a-f]{32}$/;
  var TICKET = /^v1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
  var RELAY = /^\d{1,5}\.\d{1,5}\.\d{1,5}$/;
  function parseHello(value) {
    const fields = object(value, "hello", ["scormbridge", "type", "nonce", "relay", "mode"]);
    return {
      scormbridge: protocol(fields.scormbridge, "hello.scormbridge"),
      type: oneOf(fields.type, "hello.type", ["hello"]),
      nonce: parseNonce(fields.nonce, "hello.nonce"),
      relay: match(fields.relay, "hello.relay", RELAY, 17),
      mode: oneOf(fields.mode, "hello.mode", DELIVERIES)
    };
  }
  function parseBeacon(value, path) {
    const fields = object(value, path, ["url", "ticket"]);
    return {
      url: url(fields.url, `${path}.url`, LIMITS.url),
      ticket: match(fields.ticket, `${path}.ticket`, TICKET, LIMITS.ticket)
    };
  }
  function parseNonce(value, path) {
    return match(value, path, NONCE, 32);
  }
  function frameName(nonce) {
    return `scormbridge-${nonce}`;
  }
  function protocol(value, path) {
    if (value !== PROTOCOL) throw new ShapeError(path, `is not protocol ${PROTOCOL}`);
    return PROTOCOL;
  }
  function parseCode(value, path) {
    return match(text(value, path, LIMITS.code), path, /^[a-z0-9_]{1,64}$/, LIMITS.code);
  }

  // protocol/src/commit.ts
  function parseCommitAnswer(value) {
    const fields = record(value, "answer");
    return {
      ack: integer(fields.ack, "answer.ack", 0),
      status: oneOf(fields.status, "answer.status", ["ready", "running", "terminated", "superseded"]),
      refused: list(fields.refused, "answer.refused", LIMITS.refused, (item, path) => {
        const refusal = record(item, path);
        return {
          seq: integer(refusal.seq, `${path}.seq`, 1),
          element: text(refusal.element ?? "", `${path}.element`, LIMITS.elementBytes),
          code: integer(refusal.code, `${path}.code`, 0, 9999),
          reason: parseCode(refusal.reason, `${path}.reason`)
        };
      }),
      navigation: text(fields.navigation, "answer.navigation", LIMITS.url),
      ...fields.again_ms === void 0 ? {} : { again_ms: integer(fields.again_ms, "answer.again_ms", 0, 36e5) }
    };
  }

  // protocol/src/text.ts
  function storable(text2) {
    return text2.replace(/[\p{Surrogate}\0]/gu, "\uFFFD");
  }
  function wellFormed(text2) {
    return !new RegExp("\\p{Surrogate}", "u").test(text2);
  }
  function utf8Length(text2) {
    let bytes = 0;
    for (let i = 0; i < text2.length; i++) {
      const unit = text2.charCodeAt(i);
      if (unit < 128) bytes += 1;
      else if (unit < 2048) bytes += 2;
      else if (unit >= 55296 && unit < 56320 && isLow(text2.charCodeAt(i + 1))) {
        bytes += 4;
        i++;
      } else bytes += 3;
    }
    return bytes;
  }
  function isLow(unit) {
    return unit >= 56320 && unit < 57344;
  }

  // protocol/src/journal.ts
  var OPS = ["initialize", "set", "commit", "terminate"];
  function parseEntry(value, path) {
    const op = oneOf(object(value, path, ["seq", "op", "element", "value", "at"]).op, `${path}.op`, OPS);
    const fields = object(value, path, op === "set" ? ["seq", "op", "element", "value", "at"] : ["seq", "op", "at"]);
    const seq = integer(fields.seq, `${path}.seq`, 1);
    const at = integer(fields.at, `${path}.at`, Number.MIN_SAFE_INTEGER);
    if (op !== "set") return { seq, op, at };
    return {
      seq,
      op,
      element: scalars(fields.element, `${path}.element`, LIMITS.elementBytes),
      value: scalars(fields.value, `${path}.value`, LIMITS.valueBytes),
      at
    };
  }
  function parseEntries(value, path, max) {
    const entries = list(value, path, max, parseEntry);
    entries.forEach((entry, index) => {
      const before = entries[index - 1];
      if (before && entry.seq !== before.seq + 1) throw new ShapeError(`${path}[${index}].seq`, "leaves a gap");
    });
    return entries;
  }
  function entryBytes(entry) {
    return utf8Length(JSON.stringify(JSON.stringify(entry))) - 2;
  }
  function scalars(value, path, max) {
    const found = text(value, path, max);
    if (utf8Length(found) > max) throw new ShapeError(path, "is too long");
    if (!wellFormed(found)) throw new ShapeError(path, "holds a lone surrogate");
    return storable(found);
  }

  // protocol/src/port.ts
  function parseFromRelay(value) {
    switch (typeOf(value)) {
      case "ready":
        object(value, "ready", ["type"]);
        return { type: "ready" };
      case "left":
        object(value, "left", ["type"]);
        return { type: "left" };
      case "gone":
        object(value, "gone", ["type"]);
        return { type: "gone" };
      case "entries": {
        const fields = object(value, "entries", ["type", "entries"]);
        return { type: "entries", entries: parseEntries(fields.entries, "entries", LIMITS.entriesPerMessage) };
      }
      case "log": {
        const fields = object(value, "log", ["type", "level", "code", "message"]);
        return {
          type: "log",
          level: oneOf(fields.level, "log.level", ["warn", "error"]),
          code: parseCode(fields.code, "log.code"),
          message: text(fields.message, "log.message", LIMITS.message)
        };
      }
      case "pong": {
        const fields = object(value, "pong", ["type", "id"]);
        return { type: "pong", id: integer(fields.id, "pong.id", 0) };
      }
      default:
        throw new ShapeError("message.type", "is none of the known words");
    }
  }
  function typeOf(value) {
    return typeof value === "object" && value !== null && "type" in value ? value.type : void 0;
  }

  // protocol/src/stage.ts
  var ENGLISH = {
    connecting: "Opening the activity\u2026",
    saving: "Saving\u2026",
    saved: "All changes saved",
    offline: "The site cannot be reached. Your answers are kept and will be saved as soon as it can.",
    error: "Your latest answers could not be saved.",
    stopped: "This activity can no longer be saved. Please close it and open it again.",
    noanswer: "The activity does not answer. Please try again.",
    retry: "Try again",
    restoring: "Saving what was left from last time\u2026",
    signedout: "You are no longer signed in. Your work is kept and will be saved once you have signed in again.",
    signin: "Sign in",
    otherperson: "Somebody else has signed in here. Your work is kept on this device until you sign in again.",
    superseded: "This activity was opened again elsewhere. What you did here is saved; please go on there.",
    timeout: "The time for this session is over. What you did is saved; open the activity again to go on.",
    gone: "The content cannot be reached at the moment. What you did so far is saved."
  };
  var TAG = /^[0-9a-f]{32}$/;
  function parseStageConfig(value) {
    const fields = record(value, "stage");
    if (fields.protocol !== PROTOCOL) throw new ShapeError("stage.protocol", `is not protocol ${PROTOCOL}`);
    const frame = parseFrame(fields.frame);
    return {
      protocol: PROTOCOL,
      frame,
      sco: frame.origin === "null" ? "" : url(fields.sco, "stage.sco", LIMITS.url),
      seed: parseSeed(fields.seed, "stage.seed"),
      launch: match(fields.launch, "stage.launch", TAG, 32),
      earlier: new Map(list(fields.earlier ?? [], "stage.earlier", 1e3, parseEarlier)),
      commit: parseCommit(fields.commit),
      batching: parseBatching(fields.batching ?? {}),
      timeouts: parseTimeouts(fields.timeouts ?? {}),
      ...fields.beacon === void 0 ? {} : { beacon: parseBeacon(fields.beacon, "stage.beacon") },
      ...fields.owner === void 0 ? {} : { owner: parseOwner(fields.owner) },
      ...fields.signin === void 0 ? {} : { signin: parseSignin(fields.signin) },
      strings: parseStrings(fields.strings ?? {}),
      navigation: parseNavigation(fields.navigation ?? {})
    };
  }
  function parseCommit(value) {
    const fields = record(value, "stage.commit");
    const to = url(fields.url, "stage.commit.url", LIMITS.url);
    if (fields.csrf === void 0) {
      return { to: "moodle", url: to, sesskey: parseSesskey(fields.sesskey, "stage.commit.sesskey") };
    }
    const report = url(fields.report, "stage.commit.report", LIMITS.url);
    return { to: "lms", url: to, report, csrf: match(fields.csrf, "stage.commit.csrf", /^[A-Za-z0-9_-]{1,64}$/, 64) };
  }
  function parseOwner(value) {
    const fields = record(value, "stage.owner");
    return {
      tag: parseTag(fields.tag, "stage.owner.tag"),
      key: match(fields.key, "stage.owner.key", /^[0-9a-f]{64}$/, 64)
    };
  }
  function parseSignin(value) {
    const fields = record(value, "stage.signin");
    return {
      session: url(fields.session, "stage.signin.session", LIMITS.url),
      login: url(fields.login, "stage.signin.login", LIMITS.url)
    };
  }
  function parseSignedIn(value) {
    const fields = record(value, "session");
    return {
      owner: parseTag(fields.owner, "session.owner"),
      ...fields.sesskey === void 0 ? {} : { sesskey: parseSesskey(fields.sesskey, "session.sesskey") }
    };
  }
  function parseTag(value, path) {
    return match(value, path, TAG, 32);
  }
  function parseEarlier(value, path) {
    const [launch, last] = list(value, path, 2, (item) => item);
    return [match(launch, `${path}[0]`, TAG, 32), integer(last, `${path}[1]`, 0)];
  }
  function parseSesskey(value, path) {
    return match(value, path, /^[A-Za-z0-9]{1,64}$/, 64);
  }
  function parseNavigation(value) {
    const fields = record(value, "stage.navigation");
    const place2 = (name) => (fields[name] ?? "") === "" ? "" : url(fields[name], `stage.navigation.${name}`, LIMITS.url);
    return {
      auto: boolean(fields.auto ?? false, "stage.navigation.auto"),
      prereqs: place2("prereqs"),
      next: place2("next"),
      previous: place2("previous"),
      exit: place2("exit"),
      targets: list(fields.targets ?? [], "stage.navigation.targets", LIMITS.targets, parseTarget)
    };
  }
  function parseTarget(value, path) {
    const fields = record(value, path);
    return {
      sco: text(fields.sco, `${path}.sco`, 4e3),
      url: url(fields.url, `${path}.url`, LIMITS.url),
      choice: boolean(fields.choice, `${path}.choice`)
    };
  }
  function parseFrame(value) {
    const fields = record(value, "stage.frame");
    return {
      url: url(fields.url, "stage.frame.url", LIMITS.url),
      origin: fields.origin === "null" ? "null" : origin(fields.origin, "stage.frame.origin"),
      title: text(fields.title, "stage.frame.title", 1e4),
      allow: text(fields.allow ?? "fullscreen; autoplay; unload", "stage.frame.allow", 1e3)
    };
  }
  function parseBatching(value) {
    const fields = record(value, "stage.batching");
    return {
      interval_ms: integer(fields.interval_ms ?? 2e3, "stage.batching.interval_ms", 0, 6e5),
      max_entries: integer(fields.max_entries ?? 500, "stage.batching.max_entries", 1, LIMITS.refused),
      max_bytes: integer(fields.max_bytes ?? 1e6, "stage.batching.max_bytes", 1e3, 4e6)
    };
  }
  function parseTimeouts(value) {
    const fields = record(value, "stage.timeouts");
    return {
      hello_ms: integer(fields.hello_ms ?? 2e4, "stage.timeouts.hello_ms", 100, 6e5),
      commit_ms: integer(fields.commit_ms ?? 2e4, "stage.timeouts.commit_ms", 100, 6e5),
      heartbeat_ms: integer(fields.heartbeat_ms ?? 5e3, "stage.timeouts.heartbeat_ms", 100, 6e5),
      session_ms: integer(fields.session_ms ?? 0, "stage.timeouts.session_ms", 0, 31536e6)
    };
  }
  function parseStrings(value) {
    const fields = record(value, "stage.strings");
    const strings = { ...ENGLISH };
    for (const name of Object.keys(ENGLISH)) {
      strings[name] = text(fields[name] ?? ENGLISH[name], `stage.strings.${name}`, LIMITS.message);
    }
    return strings;
  }

  // controller/src/player.ts
  var LEAVE_MS = 500;
  function findPlayer(window2) {
    try {
      const player = window2.parent;
      return player !== window2 && player.M?.mod_scorm !== void 0 ? player : void 0;
    } catch {
      return void 0;
    }
  }
  async function afterTerminate(player, navigation, request2, fetch) {
    if (!player) return;
    const contents = navigation.prereqs === "" ? "" : await load(fetch, navigation.prereqs);
    const launch = launchFor(request2, navigation.auto);
    player.setTimeout(() => {
      if (contents !== "") player.M?.mod_scorm?.connectPrereqCallback?.success?.(0, { responseText: contents });
    }, 0);
    if (launch === void 0) return;
    player.setTimeout(() => {
      const go = player[launch];
      if (typeof go === "function") Reflect.apply(go, player, []);
    }, LEAVE_MS);
  }
  function pageFor(request2, { auto, next, previous, exit, targets }) {
    const named = /^\{target=([^{}]+)\}(choice|jump)$/.exec(request2);
    if (named) return targets.find(({ sco, choice }) => sco === named[1] && (choice || named[2] === "jump"))?.url;
    switch (request2) {
      case "continue":
        return next || void 0;
      case "previous":
        return previous || void 0;
      case "exit":
      case "exitAll":
      case "abandon":
      case "abandonAll":
      case "suspendAll":
        return exit || void 0;
      case "":
      case "_none_":
        return auto && next || void 0;
      default:
        return void 0;
    }
  }
  function launchFor(request2, auto) {
    switch (request2) {
      case "continue":
        return "mod_scorm_launch_next_sco";
      case "previous":
        return "mod_scorm_launch_prev_sco";
      case "":
      case "_none_":
        return auto ? "mod_scorm_launch_next_sco" : void 0;
      default:
        return void 0;
    }
  }
  async function load(fetch, url2) {
    try {
      const response = await fetch(url2);
      return response.ok ? await response.text() : "";
    } catch {
      return "";
    }
  }

  // controller/src/departure.ts
  function holdDeparture(window2, depart) {
    const player = findPlayer(window2);
    if (!player && window2.parent === window2) window2.addEventListener("click", followWhenSaved(window2, depart));
    const frame = player && window2.frameElement;
    const home = frame?.parentNode;
    if (!player || !frame || !home) return;
    const follow = followWhenSaved(player, depart);
    player.addEventListener("click", follow);
    const list2 = player.document.querySelector("#scormnav form");
    const submit = list2?.submit.bind(list2);
    const unshadowList = list2 && shadow(list2, "submit", () => void depart().then(submit));
    const removeChild = home.removeChild.bind(home);
    const release = () => {
      unshadowHome();
      unshadowList?.();
      player.removeEventListener("click", follow);
    };
    const hold = (child) => {
      if (child !== frame) return removeChild(child);
      release();
      frame.removeAttribute("id");
      frame.setAttribute("style", "display: none");
      void depart().then(() => frame.remove());
      return child;
    };
    const unshadowHome = shadow(home, "removeChild", hold);
    window2.addEventListener("pagehide", release);
  }
  function followWhenSaved(page, depart) {
    return (event) => {
      const url2 = destination(event, page.location.href);
      if (url2 === void 0) return;
      event.preventDefault();
      void depart().then(() => page.location.assign(url2));
    };
  }
  function shadow(target, name, method) {
    Object.defineProperty(target, name, { value: method, configurable: true, writable: true });
    return () => {
      if (target[name] === method) Reflect.deleteProperty(target, name);
    };
  }
  function destination(event, here) {
    if (event.defaultPrevented || event.button !== 0) return void 0;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return void 0;
    const link = event.target?.closest?.("a[href]");
    if (!link || link.target !== "" && link.target !== "_self" || link.hasAttribute("download")) return void 0;
    const url2 = new URL(link.href, here);
    const sameDocument = url2.href.split("#")[0] === here.split("#")[0] && link.href.includes("#");
    return sameDocument || !/^https?:$/.test(url2.protocol) ? void 0 : url2.href;
  }

  // controller/src/frame.ts
  var SANDBOX = "allow-scripts allow-forms allow-popups allow-modals allow-downloads";
  function newNonce(crypto) {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  function makeFrame(document2, config2, nonce) {
    const frame = document2.createElement("iframe");
    frame.name = frameName(nonce);
    frame.title = config2.title;
    frame.allow = config2.allow;
    frame.setAttribute("sandbox", config2.origin === "null" ? SANDBOX : `${SANDBOX} allow-same-origin`);
    frame.referrerPolicy = "origin";
    frame.style.cssText = "flex:1;width:100%;min-height:0;border:0";
    frame.src = config2.url;
    return frame;
  }

  // controller/src/keeper.ts
  var DATABASE = "scormbridge";
  var LAUNCHES = "launches";
  var ENTRIES = "entries";
  var LIFETIME_MS = 30 * 864e5;
  var GOING_MS = 2e3;
  var MAX_LEFT = 5e4;
  var _browser, _database, _key, _launch, _pending, _work, _registered, _Keeper_instances, abandoned_fn, entries_fn, seal_fn, open_fn, then_fn;
  var _Keeper = class _Keeper {
    constructor(browser, database, key, launch) {
      __privateAdd(this, _Keeper_instances);
      __privateAdd(this, _browser);
      __privateAdd(this, _database);
      __privateAdd(this, _key);
      __privateAdd(this, _launch);
      __privateAdd(this, _pending, []);
      __privateAdd(this, _work, Promise.resolve());
      __privateAdd(this, _registered, false);
      __privateSet(this, _browser, browser);
      __privateSet(this, _database, database);
      __privateSet(this, _key, key);
      __privateSet(this, _launch, launch);
    }
    /** The keeper of one launch. Rejects where the browser keeps nothing: private windows, no secure context, no room. */
    static async open(browser, owner, launch, url2) {
      const bytes = Uint8Array.from(owner.key.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
      const key = await browser.crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
      const database = await openDatabase(browser.indexedDB);
      void browser.locks.request(lockName(launch), () => new Promise(() => void 0));
      return new _Keeper(browser, database, key, { launch, owner: owner.tag, url: url2, at: browser.now() });
    }
    /** Keeps entries, in the background. */
    keep(entries) {
      __privateGet(this, _pending).push(...entries);
      __privateMethod(this, _Keeper_instances, then_fn).call(this, async () => {
        const now = __privateGet(this, _pending).splice(0);
        if (now.length === 0) return;
        const records = await Promise.all(now.map((entry) => __privateMethod(this, _Keeper_instances, seal_fn).call(this, entry)));
        await run(__privateGet(this, _database), "readwrite", (store) => {
          if (!__privateGet(this, _registered)) store(LAUNCHES).put(__privateGet(this, _launch));
          for (const record2 of records) store(ENTRIES).put(record2);
        });
        __privateSet(this, _registered, true);
      });
    }
    /** The server has everything up to `seq`. */
    forget(seq) {
      __privateMethod(this, _Keeper_instances, then_fn).call(this, () => run(__privateGet(this, _database), "readwrite", (store) => void store(ENTRIES).delete(upTo(__privateGet(this, _launch).launch, seq))));
    }
    /** What earlier launches of the same learner left, oldest first. Throws away what is too old to matter to anybody. */
    async left() {
      const launches = await all(__privateGet(this, _database), LAUNCHES);
      const left = [];
      for (const { launch, owner, url: url2, at } of launches.sort((a, b) => a.at - b.at)) {
        if (at < __privateGet(this, _browser).now() - LIFETIME_MS) await this.drop(launch);
        else if (owner === __privateGet(this, _launch).owner && launch !== __privateGet(this, _launch).launch) {
          const some = (await __privateMethod(this, _Keeper_instances, entries_fn).call(this, launch)).length > 0;
          if (!await __privateMethod(this, _Keeper_instances, abandoned_fn).call(this, launch, some)) continue;
          const entries = await __privateMethod(this, _Keeper_instances, entries_fn).call(this, launch);
          if (entries.length === 0) await this.drop(launch);
          else left.push({ launch, url: url2, entries });
        }
      }
      return left;
    }
    /** Forgets a launch and what it left. */
    async drop(launch) {
      await run(__privateGet(this, _database), "readwrite", (store) => {
        store(LAUNCHES).delete(launch);
        store(ENTRIES).delete(upTo(launch, Number.MAX_SAFE_INTEGER));
      });
    }
    /** Resolves when everything asked for so far is done. */
    async settled() {
      await __privateGet(this, _work);
    }
  };
  _browser = new WeakMap();
  _database = new WeakMap();
  _key = new WeakMap();
  _launch = new WeakMap();
  _pending = new WeakMap();
  _work = new WeakMap();
  _registered = new WeakMap();
  _Keeper_instances = new WeakSet();
  abandoned_fn = async function(launch, patient) {
    const options = patient ? { signal: AbortSignal.timeout(GOING_MS) } : { ifAvailable: true };
    try {
      return await __privateGet(this, _browser).locks.request(lockName(launch), options, (lock) => lock !== null);
    } catch {
      return false;
    }
  };
  entries_fn = async function(launch) {
    const records = await all(__privateGet(this, _database), ENTRIES, upTo(launch, Number.MAX_SAFE_INTEGER), MAX_LEFT);
    const entries = [];
    for (const record2 of records) {
      const last = entries.at(-1);
      const entry = await __privateMethod(this, _Keeper_instances, open_fn).call(this, record2);
      if (!entry || last && entry.seq !== last.seq + 1) break;
      entries.push(entry);
    }
    return entries;
  };
  seal_fn = async function(entry) {
    const iv = __privateGet(this, _browser).crypto.getRandomValues(new Uint8Array(12));
    const { launch } = __privateGet(this, _launch);
    const text2 = new TextEncoder().encode(JSON.stringify(entry));
    const data = await __privateGet(this, _browser).crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: place(launch, entry.seq) }, __privateGet(this, _key), text2);
    return { launch, seq: entry.seq, iv, data };
  };
  open_fn = async function({ launch, seq, iv, data }) {
    try {
      const text2 = await __privateGet(this, _browser).crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: place(launch, seq) }, __privateGet(this, _key), data);
      const parsed = checked(() => parseEntries([JSON.parse(new TextDecoder().decode(text2))], "kept", 1));
      return parsed.ok ? parsed.value[0] : void 0;
    } catch {
      return void 0;
    }
  };
  /** One after the other, so that what is forgotten is not kept again. A failure costs only what it was about. */
  then_fn = function(task) {
    __privateSet(this, _work, __privateGet(this, _work).then(task).catch(() => void 0));
  };
  var Keeper = _Keeper;
  function place(launch, seq) {
    return new TextEncoder().encode(`${launch}:${seq}`);
  }
  function lockName(launch) {
    return `${DATABASE}-${launch}`;
  }
  function upTo(launch, seq) {
    return IDBKeyRange.bound([launch, 0], [launch, seq]);
  }
  function openDatabase(factory) {
    return new Promise((resolve, reject) => {
      const request2 = factory.open(DATABASE, 1);
      request2.onupgradeneeded = () => {
        request2.result.createObjectStore(LAUNCHES, { keyPath: "launch" });
        request2.result.createObjectStore(ENTRIES, { keyPath: ["launch", "seq"] });
      };
      request2.onsuccess = () => resolve(request2.result);
      request2.onerror = () => reject(request2.error ?? new Error("no database"));
      request2.onblocked = () => reject(new Error("database blocked"));
    });
  }
  function run(database, mode, task) {
    return new Promise((resolve, reject) => {
      const transaction = database.transaction([LAUNCHES, ENTRIES], mode);
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
      task((name) => transaction.objectStore(name));
    });
  }
  async function all(database, name, range, count) {
    let request2;
    await run(database, "readonly", (store) => request2 = store(name).getAll(range, count));
    return request2?.result ?? [];
  }

  // controller/src/reporter.ts
  var PER_CODE_MS = 6e4;
  var MAX_REPORTS = 50;
  var _sink, _sent, _total;
  var Reporter = class {
    constructor(sink) {
      __privateAdd(this, _sink);
      __privateAdd(this, _sent, /* @__PURE__ */ new Map());
      __privateAdd(this, _total, 0);
      __privateSet(this, _sink, sink);
    }
    /** `code`: `[a-z0-9_]{1,64}`. `detail` stays in this browser. */
    report(code, detail = "") {
      const now = __privateGet(this, _sink).now();
      if (__privateGet(this, _total) >= MAX_REPORTS || now - (__privateGet(this, _sent).get(code) ?? Number.NEGATIVE_INFINITY) < PER_CODE_MS) return;
      __privateGet(this, _sent).set(code, now);
      __privateSet(this, _total, __privateGet(this, _total) + 1);
      __privateGet(this, _sink).console.warn(`[scormbridge] ${code}${detail === "" ? "" : `: ${detail}`}`);
      __privateGet(this, _sink).send(code);
    }
  };
  _sink = new WeakMap();
  _sent = new WeakMap();
  _total = new WeakMap();

  // controller/src/queue.ts
  var _last, _waiting, _bytes;
  var Queue = class {
    /** `last` is the number of the last entry that the server has. */
    constructor(last) {
      __privateAdd(this, _last);
      __privateAdd(this, _waiting, []);
      __privateAdd(this, _bytes, 0);
      __privateSet(this, _last, last);
    }
    /** Number of the last entry taken in. */
    get last() {
      return __privateGet(this, _last);
    }
    get length() {
      return __privateGet(this, _waiting).length;
    }
    get bytes() {
      return __privateGet(this, _bytes);
    }
    /** Takes in what is new of `entries`. */
    take(entries) {
      for (const entry of entries) {
        if (entry.seq <= __privateGet(this, _last)) continue;
        if (entry.seq > __privateGet(this, _last) + 1) return "gap";
        if (__privateGet(this, _waiting).length >= LIMITS.tailEntries || __privateGet(this, _bytes) >= 2 * LIMITS.tailBytes) return "full";
        const bytes = entryBytes(entry);
        __privateGet(this, _waiting).push({ entry, bytes });
        __privateSet(this, _bytes, __privateGet(this, _bytes) + bytes);
        __privateSet(this, _last, entry.seq);
      }
      return "taken";
    }
    /** The oldest entries that fit, at least one; nothing if there is none. `maxBytes` counts entries and commas. */
    batch(maxEntries, maxBytes) {
      const entries = [];
      let bytes = 0;
      for (const one of __privateGet(this, _waiting)) {
        bytes += one.bytes + 1;
        if (entries.length > 0 && (entries.length >= maxEntries || bytes > maxBytes)) break;
        entries.push(one.entry);
      }
      const last = entries.at(-1);
      return last && { entries, last: last.seq };
    }
    /** Forgets what the server has. */
    acknowledge(seq) {
      while (__privateGet(this, _waiting)[0] && __privateGet(this, _waiting)[0].entry.seq <= seq) {
        __privateSet(this, _bytes, __privateGet(this, _bytes) - __privateGet(this, _waiting)[0].bytes);
        __privateGet(this, _waiting).shift();
      }
    }
  };
  _last = new WeakMap();
  _waiting = new WeakMap();
  _bytes = new WeakMap();

  // controller/src/refusal.ts
  var ServiceError = class extends Error {
    constructor(kind, code, again_ms = 0) {
      super(`${kind}: ${code}`);
      __publicField(this, "kind", kind);
      __publicField(this, "code", code);
      __publicField(this, "again_ms", again_ms);
      this.name = "ServiceError";
    }
  };
  function acknowledgement(value) {
    const answer3 = checked(() => parseCommitAnswer(value));
    if (!answer3.ok) throw new ServiceError("unreachable", "commit_bad_answer");
    return answer3.value;
  }

  // controller/src/restore.ts
  async function restore(keeper, { batching, earlier }, send, refused) {
    let news = false;
    for (const left of await keeper.left()) {
      try {
        const queue = new Queue((left.entries[0]?.seq ?? 1) - 1);
        queue.take(left.entries);
        for (let batch = queue.batch(batching.max_entries, batching.max_bytes); batch; batch = queue.batch(batching.max_entries, batching.max_bytes)) {
          await send(left, batch.entries);
          queue.acknowledge(batch.last);
          news || (news = batch.last > (earlier.get(left.launch) ?? Number.POSITIVE_INFINITY));
        }
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        if (error.kind !== "final") return { news, waiting: true };
        refused(error.code);
      }
      await keeper.drop(left.launch);
    }
    return { news, waiting: false };
  }

  // controller/src/lms.ts
  var FINAL = /* @__PURE__ */ new Set([400, 403, 404, 409, 410, 413, 415, 422]);
  var PATIENCE_MS = 3e5;
  function lmsServer({ report }, token) {
    const call = (to, body) => ({
      url: to,
      headers: { "X-CSRF-Token": token() },
      body: JSON.stringify(body)
    });
    return {
      commit: ({ url: url2 }, entries) => call(url2, entries),
      report: (_, code) => call(report, { code }),
      answer
    };
  }
  function answer(status, body) {
    if (status >= 200 && status < 300) return acknowledgement(body);
    const code = problemCode(body);
    if (code === void 0) throw new ServiceError("unreachable", "commit_no_answer");
    if (status === 401 || code.startsWith("csrf")) throw new ServiceError("signedout", code);
    throw new ServiceError(FINAL.has(status) ? "final" : "rejected", code, patience(body));
  }
  function patience(body) {
    const asked = typeof body === "object" && body !== null && "again_ms" in body ? body.again_ms : 0;
    return typeof asked === "number" && asked > 0 ? Math.min(asked, PATIENCE_MS) : 0;
  }
  function cookie(cookies, name) {
    const pairs = cookies.split(";").map((pair) => pair.trim());
    return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  }
  function problemCode(body) {
    const code = typeof body === "object" && body !== null && "code" in body ? body.code : void 0;
    return typeof code === "string" && /^[a-z0-9_]{1,64}$/.test(code) ? code : void 0;
  }

  // controller/src/moodle.ts
  var COMMIT = "local_externalscormbridge_commit";
  var REPORT = "local_externalscormbridge_report";
  function moodle(url2, sesskey) {
    const call = (methodname, args) => ({
      url: `${url2}?sesskey=${sesskey()}&info=${methodname}`,
      headers: {},
      body: JSON.stringify([{ index: 0, methodname, args }])
    });
    return {
      commit: ({ launch }, entries) => call(COMMIT, { launch, entries: JSON.stringify(entries) }),
      report: ({ launch }, code) => call(REPORT, { launch, code }),
      answer: answer2
    };
  }
  function answer2(status, body) {
    const first = Array.isArray(body) ? body[0] : body;
    const code = exceptionCode(first);
    if (code !== void 0) throw new ServiceError(kindOf(code), code);
    const ok = status >= 200 && status < 300;
    if (!ok || typeof first !== "object" || first === null || !("data" in first)) {
      throw new ServiceError("unreachable", "commit_no_answer");
    }
    return acknowledgement(first.data);
  }
  function exceptionCode(answer3) {
    if (typeof answer3 !== "object" || answer3 === null || !("error" in answer3) || answer3.error === false) return void 0;
    const holder = "exception" in answer3 ? answer3.exception : answer3;
    const code = typeof holder === "object" && holder !== null && "errorcode" in holder ? holder.errorcode : "";
    return typeof code === "string" && code !== "" ? code : "unknown";
  }
  var SIGNED_OUT = /* @__PURE__ */ new Set([
    "servicerequireslogin",
    "requireloginerror",
    "invalidsesskey",
    "sessionerroruser",
    "sessionerroruser2",
    "forcepasswordchangenotice"
  ]);
  function kindOf(code) {
    if (SIGNED_OUT.has(code)) return "signedout";
    return code.startsWith("error_") && code !== "error_busy" && code !== "error_generic" ? "final" : "rejected";
  }

  // controller/src/service.ts
  var KEEPALIVE_BYTES = 64e3;
  var _dialect, _own, _timeout, _fetch, _cookies, _csrf, _token, _Service_instances, send_fn;
  var Service = class {
    constructor(config2, fetch, cookies = () => "") {
      __privateAdd(this, _Service_instances);
      __privateAdd(this, _dialect);
      __privateAdd(this, _own);
      __privateAdd(this, _timeout);
      __privateAdd(this, _fetch);
      __privateAdd(this, _cookies);
      __privateAdd(this, _csrf);
      /** Proves that a request is the page's own: Moodle's session key, or the LMS server's form token. */
      __privateAdd(this, _token);
      const { commit, launch, timeouts } = config2;
      __privateSet(this, _cookies, cookies);
      __privateSet(this, _csrf, commit.to === "lms" ? commit.csrf : void 0);
      __privateSet(this, _token, commit.to === "moodle" ? commit.sesskey : cookie(cookies(), commit.csrf));
      __privateSet(this, _dialect, commit.to === "moodle" ? moodle(commit.url, () => __privateGet(this, _token)) : lmsServer(commit, () => __privateGet(this, _token)));
      __privateSet(this, _own, { launch, url: commit.url });
      __privateSet(this, _timeout, timeouts.commit_ms);
      __privateSet(this, _fetch, fetch);
    }
    /**
     * The learner has another session now. Until this is known, the token stays that of the page's own session: whoever
     * else signs in here has another one, and what this page sends does not pass for theirs.
     */
    renew(sesskey) {
      if (__privateGet(this, _csrf) !== void 0) __privateSet(this, _token, cookie(__privateGet(this, _cookies).call(this), __privateGet(this, _csrf)));
      else if (sesskey !== void 0) __privateSet(this, _token, sesskey);
    }
    /** Sends entries and answers what the server made of them. Rejects with a `ServiceError`. */
    async commit(entries, to = __privateGet(this, _own)) {
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), __privateGet(this, _timeout));
      try {
        const response = await __privateGet(this, _fetch).call(this, ...request(__privateGet(this, _dialect).commit(to, entries), { signal: abort.signal }));
        return __privateGet(this, _dialect).answer(response.status, await response.json().catch(() => void 0));
      } catch (error) {
        if (error instanceof ServiceError) throw error;
        throw new ServiceError("unreachable", abort.signal.aborted ? "commit_timeout" : "commit_network");
      } finally {
        clearTimeout(timer);
      }
    }
    /** Sends entries while the page goes away. Nobody is left to read the answer; a later launch knows what arrived. */
    commitLeaving(entries) {
      __privateMethod(this, _Service_instances, send_fn).call(this, __privateGet(this, _dialect).commit(__privateGet(this, _own), entries));
    }
    /** Tells the LMS what the controller dropped or could not do. Never more than an attempt. */
    report(code) {
      __privateMethod(this, _Service_instances, send_fn).call(this, __privateGet(this, _dialect).report(__privateGet(this, _own), code));
    }
  };
  _dialect = new WeakMap();
  _own = new WeakMap();
  _timeout = new WeakMap();
  _fetch = new WeakMap();
  _cookies = new WeakMap();
  _csrf = new WeakMap();
  _token = new WeakMap();
  _Service_instances = new WeakSet();
  send_fn = function(call) {
    __privateGet(this, _fetch).call(this, ...request(call, {})).catch(() => void 0);
  };
  function request({ url: url2, headers, body }, init) {
    return [
      url2,
      {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers },
        credentials: "same-origin",
        body,
        // Whatever is on its way when the page goes away should still arrive.
        keepalive: utf8Length(body) <= KEEPALIVE_BYTES,
        ...init
      }
    ];
  }

  // controller/src/committer.ts
  var RETRY_MS = [1e3, 2e3, 4e3, 8e3];
  var LATER_MS = 3e4;
  var JITTER = 0.25;
  var PROMPT_BYTES = 16e3;
  var _queue, _sender, _batching, _events, _timer, _due, _sending, _urgent, _asked, _failures, _paused, _stopped, _random, _Committer_instances, interval_fn, schedule_fn, send_fn2, succeed_fn, fail_fn;
  var Committer = class {
    /** `random` answers numbers from 0 to 1. */
    constructor(queue, sender, batching, events, random = Math.random) {
      __privateAdd(this, _Committer_instances);
      __privateAdd(this, _queue);
      __privateAdd(this, _sender);
      __privateAdd(this, _batching);
      __privateAdd(this, _events);
      __privateAdd(this, _timer);
      __privateAdd(this, _due, Number.POSITIVE_INFINITY);
      __privateAdd(this, _sending, false);
      __privateAdd(this, _urgent, false);
      /** The server wants to be called again, with or without entries. */
      __privateAdd(this, _asked, false);
      __privateAdd(this, _failures, 0);
      __privateAdd(this, _paused, false);
      __privateAdd(this, _stopped, false);
      __privateAdd(this, _random);
      __privateSet(this, _random, random);
      __privateSet(this, _queue, queue);
      __privateSet(this, _sender, sender);
      __privateSet(this, _batching, batching);
      __privateSet(this, _events, events);
    }
    /** New entries are in the queue. */
    added(entries) {
      if (__privateGet(this, _stopped) || __privateGet(this, _paused) || __privateGet(this, _queue).length === 0) return;
      const asked = entries.some((entry) => entry.op === "commit" || entry.op === "terminate");
      if (asked) __privateSet(this, _urgent, true);
      if (__privateGet(this, _failures) > 0) return;
      __privateGet(this, _events).state("saving");
      __privateMethod(this, _Committer_instances, schedule_fn).call(this, __privateMethod(this, _Committer_instances, interval_fn).call(this));
    }
    /** Sends what there is now, whatever was planned. */
    flush() {
      __privateSet(this, _urgent, true);
      if (__privateGet(this, _failures) === 0) __privateMethod(this, _Committer_instances, schedule_fn).call(this, 0);
    }
    /** Whether something waits that cannot be sent at the moment. */
    get held() {
      return __privateGet(this, _queue).length > 0 && (__privateGet(this, _failures) > 0 || __privateGet(this, _paused) || __privateGet(this, _stopped));
    }
    /** Tries again at once: the learner asked, the network is back, or there is a session again. */
    retry() {
      __privateSet(this, _paused, false);
      if (__privateGet(this, _stopped) || __privateGet(this, _queue).length === 0) return;
      __privateSet(this, _failures, 0);
      clearTimeout(__privateGet(this, _timer));
      __privateSet(this, _due, Number.POSITIVE_INFINITY);
      __privateSet(this, _urgent, true);
      __privateGet(this, _events).state("saving");
      __privateMethod(this, _Committer_instances, schedule_fn).call(this, 0);
    }
    /** The page goes away: sends the oldest entries in a request that outlives it. */
    leave() {
      if (__privateGet(this, _stopped) || __privateGet(this, _paused)) return;
      const batch = __privateGet(this, _queue).batch(__privateGet(this, _batching).max_entries, LIMITS.leavingBytes);
      if (batch) __privateGet(this, _sender).commitLeaving(batch.entries);
    }
  };
  _queue = new WeakMap();
  _sender = new WeakMap();
  _batching = new WeakMap();
  _events = new WeakMap();
  _timer = new WeakMap();
  _due = new WeakMap();
  _sending = new WeakMap();
  _urgent = new WeakMap();
  _asked = new WeakMap();
  _failures = new WeakMap();
  _paused = new WeakMap();
  _stopped = new WeakMap();
  _random = new WeakMap();
  _Committer_instances = new WeakSet();
  interval_fn = function() {
    const much = __privateGet(this, _queue).length >= __privateGet(this, _batching).max_entries || __privateGet(this, _queue).bytes >= PROMPT_BYTES;
    return __privateGet(this, _urgent) || much ? 0 : __privateGet(this, _batching).interval_ms;
  };
  schedule_fn = function(delay) {
    const due = Date.now() + delay;
    if (__privateGet(this, _sending) || __privateGet(this, _stopped) || __privateGet(this, _paused) || due >= __privateGet(this, _due)) return;
    clearTimeout(__privateGet(this, _timer));
    __privateSet(this, _due, due);
    __privateSet(this, _timer, setTimeout(() => void __privateMethod(this, _Committer_instances, send_fn2).call(this), delay));
  };
  send_fn2 = async function() {
    __privateSet(this, _due, Number.POSITIVE_INFINITY);
    const entries = __privateGet(this, _queue).batch(__privateGet(this, _batching).max_entries, __privateGet(this, _batching).max_bytes)?.entries ?? [];
    if (entries.length === 0 && !__privateGet(this, _asked)) return;
    __privateSet(this, _sending, true);
    __privateSet(this, _urgent, false);
    __privateSet(this, _asked, false);
    try {
      const answer3 = await __privateGet(this, _sender).commit(entries);
      __privateSet(this, _sending, false);
      __privateMethod(this, _Committer_instances, succeed_fn).call(this, answer3, entries);
    } catch (error) {
      __privateSet(this, _sending, false);
      if (!(error instanceof ServiceError)) throw error;
      __privateMethod(this, _Committer_instances, fail_fn).call(this, error);
    }
  };
  succeed_fn = function(answer3, entries) {
    const before = __privateGet(this, _queue).length;
    __privateGet(this, _queue).acknowledge(Math.min(answer3.ack, __privateGet(this, _queue).last));
    if (entries.length > 0 && __privateGet(this, _queue).length === before) {
      return __privateMethod(this, _Committer_instances, fail_fn).call(this, new ServiceError("unreachable", "commit_not_acknowledged"));
    }
    __privateSet(this, _failures, 0);
    __privateSet(this, _asked, answer3.again_ms !== void 0);
    __privateGet(this, _events).committed(answer3, entries);
    __privateGet(this, _events).state(__privateGet(this, _queue).length === 0 ? "saved" : "saving");
    if (__privateGet(this, _queue).length > 0) __privateMethod(this, _Committer_instances, schedule_fn).call(this, __privateMethod(this, _Committer_instances, interval_fn).call(this));
    if (answer3.again_ms !== void 0) __privateMethod(this, _Committer_instances, schedule_fn).call(this, answer3.again_ms);
  };
  fail_fn = function(error) {
    __privateGet(this, _events).failed(error);
    if (error.kind === "final") {
      __privateSet(this, _stopped, true);
      __privateGet(this, _events).state("stopped");
      return __privateGet(this, _events).stopped(error.code);
    }
    if (error.kind === "signedout") {
      __privateSet(this, _paused, true);
      return __privateGet(this, _events).state("signedout");
    }
    if (__privateGet(this, _queue).length === 0) return;
    const delay = RETRY_MS[__privateGet(this, _failures)] ?? LATER_MS;
    __privateSet(this, _failures, __privateGet(this, _failures) + 1);
    __privateGet(this, _events).state(error.kind === "unreachable" && __privateGet(this, _failures) <= RETRY_MS.length ? "offline" : "error");
    __privateMethod(this, _Committer_instances, schedule_fn).call(this, Math.max(delay, error.again_ms) * (1 + JITTER * __privateGet(this, _random).call(this)));
  };

  // controller/src/gate.ts
  function judge(event, expected) {
    const drop = (dropped) => ({ pass: false, dropped: speaksBridge(event.data) ? dropped : "none" });
    if (event.source === null || event.source !== expected.source) return drop("message_source");
    if (event.origin !== expected.origin) return drop("message_origin");
    const hello = checked(() => parseHello(event.data));
    if (!hello.ok || hello.value.mode === "sandbox" !== (expected.origin === "null")) return drop("message_shape");
    if (hello.value.nonce !== expected.nonce) return drop("message_nonce");
    return { pass: true, hello: hello.value };
  }
  function speaksBridge(data) {
    return typeof data === "object" && data !== null && "scormbridge" in data;
  }

  // controller/src/pulse.ts
  var PATIENCE_MS2 = 500;
  var RECONNECTS = 3;
  var _every, _seen, _events2, _timer2, _id, _unanswered, _silent, _Pulse_instances, beat_fn, miss_fn;
  var Pulse = class {
    /** `every`: milliseconds between two pings. `seen`: whether the page is visible. */
    constructor(every, seen, events) {
      __privateAdd(this, _Pulse_instances);
      __privateAdd(this, _every);
      __privateAdd(this, _seen);
      __privateAdd(this, _events2);
      __privateAdd(this, _timer2);
      __privateAdd(this, _id, 0);
      __privateAdd(this, _unanswered, 0);
      __privateAdd(this, _silent, false);
      __privateSet(this, _every, every);
      __privateSet(this, _seen, seen);
      __privateSet(this, _events2, events);
    }
    start() {
      __privateSet(this, _timer2, setTimeout(() => __privateMethod(this, _Pulse_instances, beat_fn).call(this), __privateGet(this, _every)));
    }
    stop() {
      clearTimeout(__privateGet(this, _timer2));
    }
    /** The relay has answered. An answer to an older ping is a sign of life as well. */
    pong() {
      __privateSet(this, _unanswered, 0);
      if (__privateGet(this, _silent)) __privateGet(this, _events2).back();
      __privateSet(this, _silent, false);
      clearTimeout(__privateGet(this, _timer2));
      this.start();
    }
  };
  _every = new WeakMap();
  _seen = new WeakMap();
  _events2 = new WeakMap();
  _timer2 = new WeakMap();
  _id = new WeakMap();
  _unanswered = new WeakMap();
  _silent = new WeakMap();
  _Pulse_instances = new WeakSet();
  beat_fn = function() {
    if (!__privateGet(this, _seen).call(this)) return this.start();
    __privateSet(this, _id, __privateGet(this, _id) + 1);
    __privateGet(this, _events2).ping(__privateGet(this, _id));
    __privateSet(this, _timer2, setTimeout(() => __privateMethod(this, _Pulse_instances, miss_fn).call(this), PATIENCE_MS2));
  };
  miss_fn = function() {
    if (!__privateGet(this, _seen).call(this)) return this.start();
    if (__privateGet(this, _unanswered) < RECONNECTS) {
      __privateSet(this, _unanswered, __privateGet(this, _unanswered) + 1);
      __privateGet(this, _events2).reconnect();
      return __privateMethod(this, _Pulse_instances, beat_fn).call(this);
    }
    if (!__privateGet(this, _silent)) __privateGet(this, _events2).silent();
    __privateSet(this, _silent, true);
    __privateSet(this, _unanswered, RECONNECTS - 1);
    this.start();
  };

  // controller/src/session.ts
  var MAX_RESENDS = 3;
  var DEPART_MS = 6e3;
  var LONGEST_MS = 2147483647;
  var _config, _reporter, _memory, _events3, _queue2, _committer, _pulse, _expected, _port, _resends, _unreached, _gone, _left, _late, _ending, _over, _confirmed, _saving, _Session_instances, fromRelay_fn, listen_fn, reconnect_fn, take_fn, failed_fn, committed_fn, end_fn, tellLate_fn, show_fn, goIfSaved_fn, stop_fn, post_fn;
  var Session = class {
    constructor(config2, sender, { reporter, memory, visible }, events) {
      __privateAdd(this, _Session_instances);
      __privateAdd(this, _config);
      __privateAdd(this, _reporter);
      __privateAdd(this, _memory);
      __privateAdd(this, _events3);
      __privateAdd(this, _queue2);
      __privateAdd(this, _committer);
      __privateAdd(this, _pulse);
      __privateAdd(this, _expected);
      __privateAdd(this, _port);
      __privateAdd(this, _resends, 0);
      /** What kept commits from arriving, until one arrives again. */
      __privateAdd(this, _unreached);
      /** The learner goes elsewhere; called once all that the SCO did last is saved. */
      __privateAdd(this, _gone);
      __privateAdd(this, _left, false);
      /** The server did not answer in time, and the relay was told. */
      __privateAdd(this, _late, false);
      /** Why the launch is over before the SCO is. */
      __privateAdd(this, _ending);
      __privateAdd(this, _over, false);
      /** The server has answered a commit of this page. */
      __privateAdd(this, _confirmed, false);
      __privateAdd(this, _saving, "saved");
      __privateSet(this, _config, config2);
      __privateSet(this, _reporter, reporter);
      __privateSet(this, _memory, memory);
      __privateSet(this, _events3, events);
      __privateSet(this, _queue2, new Queue(config2.seed.last_seq));
      __privateSet(this, _committer, new Committer(__privateGet(this, _queue2), sender, config2.batching, {
        state: (state) => __privateMethod(this, _Session_instances, show_fn).call(this, state),
        committed: (answer3, entries) => __privateMethod(this, _Session_instances, committed_fn).call(this, answer3, entries),
        failed: (error) => __privateMethod(this, _Session_instances, failed_fn).call(this, error),
        stopped: (code) => __privateMethod(this, _Session_instances, stop_fn).call(this, code)
      }));
      __privateSet(this, _pulse, new Pulse(config2.timeouts.heartbeat_ms, visible, {
        ping: (id) => __privateMethod(this, _Session_instances, post_fn).call(this, { type: "ping", id }),
        reconnect: () => __privateMethod(this, _Session_instances, reconnect_fn).call(this),
        silent: () => {
          reporter.report("relay_silent");
          events.status("noanswer");
        },
        back: () => events.status(__privateGet(this, _saving))
      }));
    }
    get welcomed() {
      return __privateGet(this, _port) !== void 0;
    }
    /** Whether work of the learner waits that cannot be saved at the moment. */
    get unsaved() {
      return __privateGet(this, _committer).held;
    }
    /** From now on the hello of this frame, and of no other, is answered. */
    expect(source, nonce) {
      __privateSet(this, _expected, { source, nonce });
    }
    /** Judges a window message. `welcome` sends the answer to the frame and returns our end of the channel. */
    receive(event, welcome) {
      if (!__privateGet(this, _expected)) return;
      const { source, nonce } = __privateGet(this, _expected);
      const verdict = judge(event, { source, nonce, origin: __privateGet(this, _config).frame.origin });
      if (!verdict.pass) {
        if (verdict.dropped !== "none") __privateGet(this, _reporter).report(verdict.dropped, event.origin);
        return;
      }
      if (__privateGet(this, _port)) return;
      const { seed, sco, beacon, timeouts } = __privateGet(this, _config);
      __privateMethod(this, _Session_instances, listen_fn).call(this, welcome({ scormbridge: PROTOCOL, type: "welcome", nonce, seed, sco, ...beacon && { beacon } }));
      __privateGet(this, _pulse).start();
      if (timeouts.session_ms > 0) setTimeout(() => __privateMethod(this, _Session_instances, end_fn).call(this, "timeout"), Math.min(timeouts.session_ms, LONGEST_MS));
    }
    retry() {
      __privateGet(this, _committer).retry();
    }
    flush() {
      if (__privateGet(this, _queue2).length > 0) __privateGet(this, _committer).flush();
    }
    leave() {
      __privateGet(this, _committer).leave();
    }
    /** Ends the SCO and saves what it does last. Resolves when that is done, or after a while when it cannot be. */
    depart() {
      if (!__privateGet(this, _port) || __privateGet(this, _left)) return Promise.resolve();
      return new Promise((resolve) => {
        const before = __privateGet(this, _gone);
        __privateSet(this, _gone, () => {
          before?.();
          resolve();
        });
        setTimeout(resolve, DEPART_MS);
        __privateMethod(this, _Session_instances, post_fn).call(this, { type: "leave" });
      });
    }
  };
  _config = new WeakMap();
  _reporter = new WeakMap();
  _memory = new WeakMap();
  _events3 = new WeakMap();
  _queue2 = new WeakMap();
  _committer = new WeakMap();
  _pulse = new WeakMap();
  _expected = new WeakMap();
  _port = new WeakMap();
  _resends = new WeakMap();
  _unreached = new WeakMap();
  _gone = new WeakMap();
  _left = new WeakMap();
  _late = new WeakMap();
  _ending = new WeakMap();
  _over = new WeakMap();
  _confirmed = new WeakMap();
  _saving = new WeakMap();
  _Session_instances = new WeakSet();
  fromRelay_fn = function(data) {
    const message = checked(() => parseFromRelay(data));
    if (!message.ok) return __privateGet(this, _reporter).report("port_message_refused", message.error.message);
    switch (message.value.type) {
      case "entries":
        return __privateMethod(this, _Session_instances, take_fn).call(this, message.value.entries);
      case "ready":
        return __privateGet(this, _events3).status("saved");
      case "log":
        return __privateGet(this, _reporter).report(`relay_${message.value.code}`.slice(0, 64), message.value.message);
      case "left":
        __privateSet(this, _left, true);
        this.flush();
        __privateMethod(this, _Session_instances, goIfSaved_fn).call(this);
        return;
      case "pong":
        return __privateGet(this, _pulse).pong();
      case "gone":
        __privateGet(this, _reporter).report("content_gone");
        this.flush();
        return __privateGet(this, _events3).status("gone");
    }
  };
  listen_fn = function(port) {
    __privateSet(this, _port, port);
    port.onmessage = (message) => __privateMethod(this, _Session_instances, fromRelay_fn).call(this, message.data);
  };
  reconnect_fn = function() {
    const nonce = __privateGet(this, _expected)?.nonce;
    if (nonce === void 0 || !__privateGet(this, _port)) return;
    __privateGet(this, _reporter).report("relay_reconnect");
    __privateGet(this, _port).onmessage = null;
    __privateMethod(this, _Session_instances, listen_fn).call(this, __privateGet(this, _events3).reconnect({ scormbridge: PROTOCOL, type: "reconnect", nonce }));
  };
  take_fn = function(entries) {
    const last = __privateGet(this, _queue2).last;
    const taken = __privateGet(this, _queue2).take(entries);
    __privateGet(this, _memory)?.keep(entries.filter(({ seq }) => seq > last && seq <= __privateGet(this, _queue2).last));
    if (taken === "full") return __privateMethod(this, _Session_instances, stop_fn).call(this, "journal_full");
    if (taken === "taken") {
      __privateSet(this, _resends, 0);
      return __privateGet(this, _committer).added(entries);
    }
    __privateGet(this, _reporter).report("journal_gap", `after ${__privateGet(this, _queue2).last}`);
    __privateSet(this, _resends, __privateGet(this, _resends) + 1);
    if (__privateGet(this, _resends) > MAX_RESENDS) __privateMethod(this, _Session_instances, stop_fn).call(this, "journal_gap");
    else __privateMethod(this, _Session_instances, post_fn).call(this, { type: "resend", after: __privateGet(this, _queue2).last });
  };
  /**
   * A site that cannot be reached, or that knows nobody, cannot be told so either: that report waits for the next commit
   * that is taken. A request that is only cut off because the page goes away is thus never reported.
   */
  failed_fn = function(error) {
    if (error.kind === "signedout") __privateGet(this, _events3).signedOut();
    if (error.code === "commit_timeout") __privateMethod(this, _Session_instances, tellLate_fn).call(this, true);
    if (error.kind === "unreachable" || error.kind === "signedout") __privateSet(this, _unreached, error.message);
    else __privateGet(this, _reporter).report("commit_failed", error.message);
  };
  committed_fn = function(answer3, entries) {
    if (!__privateGet(this, _confirmed) && answer3.ack > __privateGet(this, _queue2).last) {
      __privateGet(this, _reporter).report("launch_reused");
      return __privateGet(this, _events3).reused();
    }
    __privateSet(this, _confirmed, true);
    if (__privateGet(this, _unreached) !== void 0) __privateGet(this, _reporter).report("commit_failed", __privateGet(this, _unreached));
    __privateSet(this, _unreached, void 0);
    __privateGet(this, _events3).saved();
    __privateMethod(this, _Session_instances, tellLate_fn).call(this, false);
    __privateMethod(this, _Session_instances, post_fn).call(this, { type: "ack", seq: answer3.ack });
    __privateGet(this, _memory)?.forget(answer3.ack);
    for (const { seq, element, code, reason } of answer3.refused) {
      __privateGet(this, _reporter).report("entry_refused", `${seq} ${element} ${code} ${reason}`);
    }
    const terminate = entries.find((entry) => entry.op === "terminate");
    if (terminate && terminate.seq <= answer3.ack && !__privateGet(this, _gone)) __privateGet(this, _events3).terminated(answer3.navigation);
    if (answer3.status === "superseded") __privateMethod(this, _Session_instances, end_fn).call(this, "superseded");
    __privateMethod(this, _Session_instances, goIfSaved_fn).call(this);
  };
  /** Ends the SCO, and takes nothing more from it. The learner hears why when all that it did is saved. */
  end_fn = function(why) {
    if (__privateGet(this, _ending) !== void 0) return;
    __privateSet(this, _ending, why);
    __privateGet(this, _reporter).report(`session_${why}`);
    __privateGet(this, _pulse).stop();
    void this.depart().then(() => {
      __privateSet(this, _over, true);
      __privateMethod(this, _Session_instances, post_fn).call(this, { type: "stop", code: why });
      __privateMethod(this, _Session_instances, show_fn).call(this, __privateGet(this, _saving));
    });
  };
  tellLate_fn = function(late) {
    if (late === __privateGet(this, _late)) return;
    __privateSet(this, _late, late);
    __privateMethod(this, _Session_instances, post_fn).call(this, { type: "late", late });
  };
  show_fn = function(saving) {
    __privateSet(this, _saving, saving);
    const over = __privateGet(this, _over) && __privateGet(this, _queue2).length === 0 ? __privateGet(this, _ending) : void 0;
    __privateGet(this, _events3).status(over ?? saving);
  };
  goIfSaved_fn = function() {
    var _a;
    if (__privateGet(this, _left) && __privateGet(this, _queue2).length === 0) (_a = __privateGet(this, _gone)) == null ? void 0 : _a.call(this);
  };
  stop_fn = function(code) {
    __privateGet(this, _reporter).report("stopped", code);
    __privateGet(this, _pulse).stop();
    __privateGet(this, _events3).status("stopped");
    __privateMethod(this, _Session_instances, post_fn).call(this, { type: "stop", code: /^[a-z0-9_]{1,64}$/.test(code) ? code : "refused" });
  };
  post_fn = function(message) {
    __privateGet(this, _port)?.postMessage(message);
  };

  // controller/src/signin.ts
  var ASK_MS = 1e4;
  var EAGER = 2;
  async function whoIsSignedIn(fetch, url2, owner) {
    try {
      const response = await fetch(url2, { credentials: "same-origin", cache: "no-store" });
      if (response.status === 401) return { is: "nobody" };
      const body = await response.json();
      const found = checked(() => parseSignedIn(body));
      if (!response.ok || !found.ok) return { is: "unknown" };
      if (found.value.owner !== owner) return { is: "other" };
      return { is: "same", ...found.value.sesskey === void 0 ? {} : { sesskey: found.value.sesskey } };
    } catch {
      return { is: "unknown" };
    }
  }
  var _ask, _events4, _lost, _asking, _tries, _timer3, _SignIn_instances, wait_fn;
  var SignIn = class {
    constructor(ask, events) {
      __privateAdd(this, _SignIn_instances);
      __privateAdd(this, _ask);
      __privateAdd(this, _events4);
      __privateAdd(this, _lost, false);
      __privateAdd(this, _asking, false);
      __privateAdd(this, _tries, 0);
      __privateAdd(this, _timer3);
      __privateSet(this, _ask, ask);
      __privateSet(this, _events4, events);
    }
    /** The server has refused the session. */
    lost() {
      __privateSet(this, _lost, true);
      __privateSet(this, _tries, __privateGet(this, _tries) + 1);
      if (__privateGet(this, _tries) > EAGER) __privateMethod(this, _SignIn_instances, wait_fn).call(this, "error");
      else this.check();
    }
    /** The server has taken something. */
    found() {
      __privateSet(this, _lost, false);
      __privateSet(this, _tries, 0);
      clearTimeout(__privateGet(this, _timer3));
    }
    /** The learner may have signed in meanwhile. */
    check() {
      if (!__privateGet(this, _lost) || __privateGet(this, _asking)) return;
      __privateSet(this, _asking, true);
      clearTimeout(__privateGet(this, _timer3));
      void __privateGet(this, _ask).call(this).then((who) => {
        __privateSet(this, _asking, false);
        switch (who.is) {
          case "same":
            __privateSet(this, _lost, false);
            return __privateGet(this, _events4).again(who.sesskey);
          case "other":
            return __privateMethod(this, _SignIn_instances, wait_fn).call(this, "otherperson");
          case "nobody":
            return __privateMethod(this, _SignIn_instances, wait_fn).call(this, "signedout");
          case "unknown":
            return __privateMethod(this, _SignIn_instances, wait_fn).call(this, "error");
        }
      });
    }
  };
  _ask = new WeakMap();
  _events4 = new WeakMap();
  _lost = new WeakMap();
  _asking = new WeakMap();
  _tries = new WeakMap();
  _timer3 = new WeakMap();
  _SignIn_instances = new WeakSet();
  wait_fn = function(state) {
    __privateGet(this, _events4).state(state);
    clearTimeout(__privateGet(this, _timer3));
    __privateSet(this, _timer3, setTimeout(() => this.check(), ASK_MS));
  };

  // controller/src/status.ts
  var ACTIONS = {
    offline: "retry",
    error: "retry",
    noanswer: "retry",
    gone: "retry",
    superseded: "retry",
    timeout: "retry",
    signedout: "signin",
    otherperson: "signin"
  };
  var ALONE = /* @__PURE__ */ new Set(["superseded", "timeout"]);
  var ON_A_LINE = "display:flex;gap:.75rem;align-items:center;padding:.125rem .5rem;font:.8125rem/1.5 system-ui,sans-serif";
  var IN_THE_MIDDLE = "display:flex;flex-direction:column;gap:1rem;align-items:center;margin:auto;padding:1rem;max-width:32rem;text-align:center;font:1rem/1.5 system-ui,sans-serif";
  var ABOVE = `${ON_A_LINE};order:-1;background:#fff3cd;color:#332701;border-bottom:1px solid #997404`;
  var _text, _button, _strings, _state;
  var Status = class {
    /** `act` is called with the state that the learner wants to get out of. */
    constructor(document2, strings, act) {
      __publicField(this, "element");
      __privateAdd(this, _text);
      __privateAdd(this, _button);
      __privateAdd(this, _strings);
      __privateAdd(this, _state);
      __privateSet(this, _strings, strings);
      this.element = document2.createElement("div");
      this.element.className = "scormbridge-status";
      this.element.style.cssText = ON_A_LINE;
      __privateSet(this, _text, document2.createElement("span"));
      __privateGet(this, _text).setAttribute("role", "status");
      __privateGet(this, _text).setAttribute("aria-live", "polite");
      __privateSet(this, _button, document2.createElement("button"));
      __privateGet(this, _button).type = "button";
      __privateGet(this, _button).className = "btn btn-secondary btn-sm";
      __privateGet(this, _button).hidden = true;
      __privateGet(this, _button).addEventListener("click", () => {
        if (__privateGet(this, _state) !== void 0) act(__privateGet(this, _state));
      });
      this.element.append(__privateGet(this, _text), __privateGet(this, _button));
    }
    /** Says a state once: a live region that repeats itself drowns the content. */
    show(state) {
      if (__privateGet(this, _state) === state) return;
      __privateSet(this, _state, state);
      this.element.dataset.state = state;
      const action = ACTIONS[state];
      this.element.style.cssText = styleOf(state);
      __privateGet(this, _text).textContent = __privateGet(this, _strings)[state];
      __privateGet(this, _button).hidden = action === void 0;
      __privateGet(this, _button).textContent = action === void 0 ? "" : __privateGet(this, _strings)[action];
    }
  };
  _text = new WeakMap();
  _button = new WeakMap();
  _strings = new WeakMap();
  _state = new WeakMap();
  function styleOf(state) {
    if (ALONE.has(state)) return IN_THE_MIDDLE;
    return state in ACTIONS || state === "stopped" ? ABOVE : ON_A_LINE;
  }

  // controller/src/main.ts
  async function start(config2, root2) {
    const fetch = (url2, init) => window.fetch(url2, init);
    const service = new Service(config2, fetch, () => document.cookie);
    const reporter = new Reporter({ console, send: (code) => service.report(code), now: Date.now });
    const load2 = (url2) => fetch(url2, { credentials: "same-origin" });
    const status = new Status(document, config2.strings, (state) => act(state));
    root2.replaceChildren(status.element);
    const keeper = await openKeeper(config2);
    let waiting = false;
    const sendLeft = async (from) => {
      waiting = false;
      const send = (to, entries) => service.commit(entries, to);
      try {
        const restored = await restore(from, config2, send, (code) => reporter.report("left_refused", code));
        waiting = restored.waiting;
        return restored.news;
      } catch (error) {
        reporter.report("keeper_failed", String(error));
        return false;
      }
    };
    if (keeper) {
      status.show("restoring");
      if (await sendLeft(keeper)) {
        window.location.reload();
        return;
      }
    }
    const visible = () => document.visibilityState === "visible";
    const memory = config2.seed.mode === "normal" ? keeper : void 0;
    const session = new Session(config2, service, { reporter, memory, visible }, {
      status: (state) => show(state),
      terminated: (request2) => {
        const player = findPlayer(window);
        const page = player ? void 0 : pageFor(request2, config2.navigation);
        if (page !== void 0) void session.depart().then(() => window.location.assign(page));
        else void afterTerminate(player, config2.navigation, request2, load2);
      },
      signedOut: () => signIn.lost(),
      saved: () => {
        signIn.found();
        if (keeper && waiting) void sendLeft(keeper);
      },
      reused: () => window.location.reload(),
      reconnect: (message) => offer(frame?.contentWindow, message)
    });
    const { signin, owner } = config2;
    const signIn = new SignIn(
      () => signin && owner ? whoIsSignedIn(fetch, signin.session, owner.tag) : Promise.resolve({ is: "same" }),
      {
        state: (state) => show(state),
        again: (sesskey) => {
          service.renew(sesskey);
          session.retry();
        }
      }
    );
    let frame;
    const open = () => {
      const nonce = newNonce(window.crypto);
      frame = makeFrame(document, config2.frame, nonce);
      root2.replaceChildren(frame, status.element);
      session.expect(frame.contentWindow, nonce);
      status.show("connecting");
      window.setTimeout(() => {
        if (session.welcomed) return;
        reporter.report("relay_silent");
        status.show("noanswer");
      }, config2.timeouts.hello_ms);
    };
    const show = (state) => {
      if (state === "superseded" || state === "timeout") frame?.remove();
      status.show(state);
    };
    const act = (state) => {
      switch (state) {
        case "signedout":
        case "otherperson":
          if (signin) window.open(signin.login, "_blank", "noopener");
          else signIn.check();
          return;
        case "gone":
        case "superseded":
        case "timeout":
          return void session.depart().then(() => window.location.reload());
        case "noanswer":
          if (!session.welcomed) return open();
          return window.location.reload();
        default:
          session.retry();
      }
    };
    const offer = (target, message) => {
      const channel = new MessageChannel();
      target?.postMessage(message, config2.frame.origin === "null" ? "*" : config2.frame.origin, [channel.port2]);
      return channel.port1;
    };
    window.addEventListener("message", (event) => {
      session.receive(event, (welcome) => offer(event.source, welcome));
    });
    window.addEventListener("online", () => session.retry());
    document.addEventListener("visibilitychange", () => {
      if (visible()) signIn.check();
      else session.flush();
    });
    window.addEventListener("beforeunload", (event) => {
      if (session.unsaved) event.preventDefault();
    });
    window.addEventListener("pagehide", () => session.leave());
    holdDeparture(window, () => session.depart());
    open();
  }
  async function openKeeper(config2) {
    if (!config2.owner) return void 0;
    try {
      const { indexedDB, crypto, navigator } = window;
      return await Keeper.open({ indexedDB, crypto, locks: navigator.locks, now: Date.now }, config2.owner, config2.launch, config2.commit.url);
    } catch {
      return void 0;
    }
  }
  var root = document.getElementById("scormbridge-root");
  var config = checked(() => parseStageConfig(JSON.parse(document.getElementById("scormbridge-stage")?.textContent ?? "")));
  if (!config.ok) throw config.error;
  if (root) {
    if (root.className === "") root.style.cssText = "position:fixed;inset:0;display:flex;flex-direction:column";
    void start(config.value, root);
  }
})();
