/**
 * What the LMS page tells the controller: the `scormbridge-stage` element of the stage page.
 * It comes from our own server, so it is checked for mistakes rather than for malice: fields it does not know are
 * let through, and what only tunes the controller has a default.
 */
import { PROTOCOL } from "./handshake.ts";
import { LIMITS } from "./limits.ts";
import { parseSeed, type Seed } from "./seed.ts";
import { boolean, integer, match, origin, record, ShapeError, text, url } from "./shape.ts";

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
};
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
  };
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
  };
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
    launch: match(fields.launch, "stage.launch", /^[0-9a-f]{32}$/, 32),
    commit: parseCommit(fields.commit),
    batching: parseBatching(fields.batching ?? {}),
    timeouts: parseTimeouts(fields.timeouts ?? {}),
    strings: parseStrings(fields.strings ?? {}),
    navigation: parseNavigation(fields.navigation ?? {}),
  };
}

function parseCommit(value: unknown): StageConfig["commit"] {
  const fields = record(value, "stage.commit");
  const to = url(fields.url, "stage.commit.url", LIMITS.url);
  if (fields.csrf === undefined) {
    return { to: "moodle", url: to, sesskey: match(fields.sesskey, "stage.commit.sesskey", /^[A-Za-z0-9]{1,64}$/, 64) };
  }
  const report = url(fields.report, "stage.commit.report", LIMITS.url);
  return { to: "lms", url: to, report, csrf: match(fields.csrf, "stage.commit.csrf", /^[A-Za-z0-9_-]{1,64}$/, 64) };
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
