/**
 * What the LMS page tells the controller: the `scormbridge-stage` element of the stage page.
 * It comes from our own server, so it is checked for mistakes rather than for malice: fields it does not know are
 * let through, and what only tunes the controller has a default.
 */
import { type Beacon, parseBeacon, PROTOCOL } from "./handshake.ts";
import { LIMITS } from "./limits.ts";
import { parseSeed, type Seed } from "./seed.ts";
import { boolean, integer, list, match, origin, record, ShapeError, text, url } from "./shape.ts";

/** Texts that a learner reads. The LMS sends them in the learner's language; these stand in for what it leaves out. */
const ENGLISH = {
  connecting: "Opening the activity…",
  saving: "Saving…",
  saved: "All changes saved",
  offline: "The site cannot be reached. Your answers are kept and will be saved as soon as it can.",
  error: "Your latest answers could not be saved.",
  stopped: "This activity can no longer be saved. Please close it and open it again.",
  noanswer: "The activity does not answer. Please try again.",
  retry: "Try again",
  restoring: "Saving what was left from last time…",
  signedout: "You are no longer signed in. Your work is kept and will be saved once you have signed in again.",
  signin: "Sign in",
  otherperson: "Somebody else has signed in here. Your work is kept on this device until you sign in again.",
  superseded: "This activity was opened again elsewhere. What you did here is saved; please go on there.",
  timeout: "The time for this session is over. What you did is saved; open the activity again to go on.",
  gone: "The content cannot be reached at the moment. What you did so far is saved.",
};
const TAG = /^[0-9a-f]{32}$/;

export type StageString = keyof typeof ENGLISH;

export type StageConfig = {
  protocol: typeof PROTOCOL;
  frame: {
    /** What the frame loads: the relay page, or in sandbox mode the SCO's own document. */
    url: string;
    /** The origin that the frame's messages must come from. `"null"`, an opaque origin, means sandbox mode. */
    origin: string;
    title: string;
    /** Permissions-Policy features of the frame. */
    allow: string;
  };
  /** Launch URL of the SCO; empty in sandbox mode. */
  sco: string;
  seed: Seed;
  /** Names the launch record. */
  launch: string;
  /** Earlier launches of the same SCO in the same attempt, and the last entry of each that the seed knows of. */
  earlier: ReadonlyMap<string, number>;
  /** Where the journal goes. On the wire `sesskey` or `csrf` tells which server it is. */
  commit:
    | {
        to: "moodle";
        /** Moodle's ajax endpoint, without a query. */
        url: string;
        sesskey: string;
      }
    | {
        to: "lms";
        /** Takes batches of this launch. */
        url: string;
        /** Takes what the controller could not do. */
        report: string;
        /** Name of the cookie that holds the session's form token: a new sign-in changes the token, not the name. */
        csrf: string;
      };
  batching: { interval_ms: number; max_entries: number; max_bytes: number };
  timeouts: {
    /** How long to wait for the relay's hello, in milliseconds. */
    hello_ms: number;
    /** How long one request may take, in milliseconds. */
    commit_ms: number;
    /** Between two pings, in milliseconds. */
    heartbeat_ms: number;
    /** How long this launch may go on, in milliseconds; 0 for as long as it likes. */
    session_ms: number;
  };
  /** Where the relay sends what its page cannot hand to the controller any more. */
  beacon?: Beacon;
  /** The learner, as far as the browser must tell people apart who use it one after another. Without: nothing is kept. */
  owner?: Owner;
  /** Where to ask who is signed in, and where to sign in. */
  signin?: { session: string; login: string };
  strings: Record<StageString, string>;
  navigation: {
    /** Go on to the next SCO after Terminate, as mod_scorm's setting "Auto-continue" says. */
    auto: boolean;
    /** mod_scorm's prereqs.php with its query, which renders the table of contents anew; empty where none is shown. */
    prereqs: string;
    /** Where a stage page without mod_scorm's player goes when the SCO asks for it; empty where there is no such place. */
    next: string;
    previous: string;
    exit: string;
    /** The activities that a `choice` or `jump` may name; a `choice` only those that say so. */
    targets: { sco: string; url: string; choice: boolean }[];
  };
};

export type Owner = {
  /** Stands for the learner without naming anybody, 32 hexadecimal digits. */
  tag: string;
  /** AES-256 key of what the browser keeps for the learner, 64 hexadecimal digits. */
  key: string;
};

/** Throws `ShapeError` for a configuration that the controller could not follow. */
export function parseStageConfig(value: unknown): StageConfig {
  const fields = record(value, "stage");
  if (fields.protocol !== PROTOCOL) throw new ShapeError("stage.protocol", `is not protocol ${PROTOCOL}`);
  const frame = parseFrame(fields.frame);
  return {
    protocol: PROTOCOL,
    frame,
    sco: frame.origin === "null" ? "" : url(fields.sco, "stage.sco", LIMITS.url),
    seed: parseSeed(fields.seed, "stage.seed"),
    launch: match(fields.launch, "stage.launch", TAG, 32),
    earlier: new Map(list(fields.earlier ?? [], "stage.earlier", 1_000, parseEarlier)),
    commit: parseCommit(fields.commit),
    batching: parseBatching(fields.batching ?? {}),
    timeouts: parseTimeouts(fields.timeouts ?? {}),
    ...(fields.beacon === undefined ? {} : { beacon: parseBeacon(fields.beacon, "stage.beacon") }),
    ...(fields.owner === undefined ? {} : { owner: parseOwner(fields.owner) }),
    ...(fields.signin === undefined ? {} : { signin: parseSignin(fields.signin) }),
    strings: parseStrings(fields.strings ?? {}),
    navigation: parseNavigation(fields.navigation ?? {}),
  };
}

function parseCommit(value: unknown): StageConfig["commit"] {
  const fields = record(value, "stage.commit");
  const to = url(fields.url, "stage.commit.url", LIMITS.url);
  if (fields.csrf === undefined) {
    return { to: "moodle", url: to, sesskey: parseSesskey(fields.sesskey, "stage.commit.sesskey") };
  }
  const report = url(fields.report, "stage.commit.report", LIMITS.url);
  return { to: "lms", url: to, report, csrf: match(fields.csrf, "stage.commit.csrf", /^[A-Za-z0-9_-]{1,64}$/, 64) };
}

function parseOwner(value: unknown): Owner {
  const fields = record(value, "stage.owner");
  return {
    tag: parseTag(fields.tag, "stage.owner.tag"),
    key: match(fields.key, "stage.owner.key", /^[0-9a-f]{64}$/, 64),
  };
}

function parseSignin(value: unknown): { session: string; login: string } {
  const fields = record(value, "stage.signin");
  return {
    session: url(fields.session, "stage.signin.session", LIMITS.url),
    login: url(fields.login, "stage.signin.login", LIMITS.url),
  };
}

/** Who is signed in, as `signin.session` answers; `sesskey` is Moodle's alone. Throws `ShapeError`. */
export function parseSignedIn(value: unknown): { owner: string; sesskey?: string } {
  const fields = record(value, "session");
  return {
    owner: parseTag(fields.owner, "session.owner"),
    ...(fields.sesskey === undefined ? {} : { sesskey: parseSesskey(fields.sesskey, "session.sesskey") }),
  };
}

function parseTag(value: unknown, path: string): string {
  return match(value, path, TAG, 32);
}

function parseEarlier(value: unknown, path: string): [string, number] {
  const [launch, last] = list(value, path, 2, (item) => item);
  return [match(launch, `${path}[0]`, TAG, 32), integer(last, `${path}[1]`, 0)];
}

function parseSesskey(value: unknown, path: string): string {
  return match(value, path, /^[A-Za-z0-9]{1,64}$/, 64);
}

function parseNavigation(value: unknown): StageConfig["navigation"] {
  const fields = record(value, "stage.navigation");
  const place = (name: "prereqs" | "next" | "previous" | "exit"): string =>
    (fields[name] ?? "") === "" ? "" : url(fields[name], `stage.navigation.${name}`, LIMITS.url);
  return {
    auto: boolean(fields.auto ?? false, "stage.navigation.auto"),
    prereqs: place("prereqs"),
    next: place("next"),
    previous: place("previous"),
    exit: place("exit"),
    targets: list(fields.targets ?? [], "stage.navigation.targets", LIMITS.targets, parseTarget),
  };
}

function parseTarget(value: unknown, path: string): StageConfig["navigation"]["targets"][number] {
  const fields = record(value, path);
  return {
    sco: text(fields.sco, `${path}.sco`, 4_000),
    url: url(fields.url, `${path}.url`, LIMITS.url),
    choice: boolean(fields.choice, `${path}.choice`),
  };
}

function parseFrame(value: unknown): StageConfig["frame"] {
  const fields = record(value, "stage.frame");
  return {
    url: url(fields.url, "stage.frame.url", LIMITS.url),
    origin: fields.origin === "null" ? "null" : origin(fields.origin, "stage.frame.origin"),
    title: text(fields.title, "stage.frame.title", 10_000),
    allow: text(fields.allow ?? "fullscreen; autoplay; unload", "stage.frame.allow", 1_000),
  };
}

function parseBatching(value: unknown): StageConfig["batching"] {
  const fields = record(value, "stage.batching");
  return {
    interval_ms: integer(fields.interval_ms ?? 2_000, "stage.batching.interval_ms", 0, 600_000),
    max_entries: integer(fields.max_entries ?? 500, "stage.batching.max_entries", 1, LIMITS.refused),
    max_bytes: integer(fields.max_bytes ?? 1_000_000, "stage.batching.max_bytes", 1_000, 4_000_000),
  };
}

function parseTimeouts(value: unknown): StageConfig["timeouts"] {
  const fields = record(value, "stage.timeouts");
  return {
    hello_ms: integer(fields.hello_ms ?? 20_000, "stage.timeouts.hello_ms", 100, 600_000),
    commit_ms: integer(fields.commit_ms ?? 20_000, "stage.timeouts.commit_ms", 100, 600_000),
    heartbeat_ms: integer(fields.heartbeat_ms ?? 5_000, "stage.timeouts.heartbeat_ms", 100, 600_000),
    session_ms: integer(fields.session_ms ?? 0, "stage.timeouts.session_ms", 0, 31_536_000_000),
  };
}

function parseStrings(value: unknown): Record<StageString, string> {
  const fields = record(value, "stage.strings");
  const strings = { ...ENGLISH };
  for (const name of Object.keys(ENGLISH) as StageString[]) {
    strings[name] = text(fields[name] ?? ENGLISH[name], `stage.strings.${name}`, LIMITS.message);
  }
  return strings;
}
