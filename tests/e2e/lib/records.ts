// What Moodle holds of a learner's attempt, and how two such records are compared.
import type { Site } from '../../site/site.mjs';

export interface Track {
  attempt: number;
  /** Identifier of the SCO in the manifest. */
  sco: string;
  element: string;
  value: string;
  sealed: boolean;
}

export interface Sco {
  id: number;
  identifier: string;
  parent: string;
  launch: string;
  scormtype: string;
  title: string;
  sortorder: number;
  data: Record<string, string>;
}

export interface Records {
  scorm: { id: number; scormtype: string; version: string; reference: string; launch: string | null };
  scoes: Sco[];
  tracks: Track[];
  grade: number | null;
  completion: number;
}

export async function records(site: Site, cmid: number, userid: number): Promise<Records> {
  return (await site.script('inspect.php', { cmid, userid })) as Records;
}

/** The value of one element, in the first attempt unless told otherwise. */
export function track(of: Records, sco: string, element: string, attempt = 1): string | undefined {
  return of.tracks.find((row) => row.sco === sco && row.element === element && row.attempt === attempt)?.value;
}

/** Elements that hold a time of day: two plays of the same script are never at the same time. */
const moment = /\.(time|timestamp)$/;

/** Elements that hold a duration: two plays differ in them by what the machine takes for a step. */
const duration = /(_time|\.latency)$/;

/** How much a duration may differ between two plays of one script, in seconds. */
const tolerance = 60;

/**
 * Says where two records of the same script differ. Times of day need only both be there; durations must be close.
 * Returns one line per difference, none when they agree.
 */
export function differences(bridge: Records, native: Records): string[] {
  const key = (row: Track) => `attempt ${row.attempt}, ${row.sco}, ${row.element}`;
  const left = new Map(bridge.tracks.map((row) => [key(row), row]));
  const right = new Map(native.tracks.map((row) => [key(row), row]));
  const lines: string[] = [];
  for (const name of [...new Set([...left.keys(), ...right.keys()])].sort()) {
    const a = left.get(name);
    const b = right.get(name);
    if (!a || !b) {
      lines.push(`${name}: ${a ? `only from the CDN (${short(a.value)})` : `only uploaded (${short(b?.value ?? '')})`}`);
    } else if (!same(a, b)) {
      lines.push(`${name}: ${short(a.value)} from the CDN, ${short(b.value)} uploaded`);
    }
  }
  if (bridge.grade !== native.grade) {
    lines.push(`grade: ${bridge.grade} from the CDN, ${native.grade} uploaded`);
  }
  if (bridge.completion !== native.completion) {
    lines.push(`completion: ${bridge.completion} from the CDN, ${native.completion} uploaded`);
  }
  return lines;
}

function same(a: Track, b: Track): boolean {
  if (a.value === b.value) {
    return true;
  }
  if (moment.test(a.element)) {
    // That both are of the same form is all that can be asked of a time of day.
    return shape(a.value) === shape(b.value);
  }
  const [one, two] = [seconds(a.value), seconds(b.value)];
  return duration.test(a.element) && one !== undefined && two !== undefined && Math.abs(one - two) <= tolerance;
}

/** Length of a SCORM 1.2 timespan (0000:00:07.00) or a 2004 interval (PT1H7S), in seconds. */
export function seconds(value: string): number | undefined {
  const old = /^(\d{2,4}):(\d\d):(\d\d(?:\.\d+)?)$/.exec(value);
  if (old) {
    return Number(old[1]) * 3600 + Number(old[2]) * 60 + Number(old[3]);
  }
  const now = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(value);
  if (!now) {
    return undefined;
  }
  const [days, hours, minutes, rest] = now.slice(1).map((part) => Number(part ?? 0));
  return (days ?? 0) * 86400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (rest ?? 0);
}

function shape(value: string): string {
  return value.replace(/\d+/g, '0');
}

function short(value: string): string {
  return value.length > 80 ? `${value.slice(0, 80)}… (${value.length} characters)` : JSON.stringify(value);
}
