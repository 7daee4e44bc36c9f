/**
 * mod_scorm's player around the stage page: its table of contents and its navigation, as its own run-time treats them
 * after LMSFinish and Terminate (mod/scorm/datamodels/scorm_12.js and scorm_13.js, module.js).
 *
 * Must never be entered from inside an event handler: mod/scorm/request.js takes any `window.event` of the player for
 * an unload and answers every later call with a pretended success. Timers of the player's own window have no event.
 */
import type { StageConfig } from "@scormbridge/protocol";

/** Milliseconds that mod_scorm waits before it leaves a SCO that has finished. */
const LEAVE_MS = 500;

type Launch = "mod_scorm_launch_next_sco" | "mod_scorm_launch_prev_sco";

type Player = Window & {
  M?: { mod_scorm?: { connectPrereqCallback?: { success?: (id: number, response: { responseText: string }) => void } } };
} & Partial<Record<Launch, unknown>>;

/** The player's window, or nothing where the stage page stands alone or under another origin. */
export function findPlayer(window: Window): Player | undefined {
  try {
    const player = window.parent as Player;
    return player !== window && player.M?.mod_scorm !== undefined ? player : undefined;
  } catch {
    return undefined;
  }
}

/** Shows the new state in the table of contents, then goes where the SCO, or the activity's settings, want to go. */
export async function afterTerminate(
  player: Player | undefined,
  navigation: Pick<StageConfig["navigation"], "auto" | "prereqs">,
  request: string,
  fetch: (url: string) => Promise<Response>,
): Promise<void> {
  if (!player) return;
  const contents = navigation.prereqs === "" ? "" : await load(fetch, navigation.prereqs);
  const launch = launchFor(request, navigation.auto);
  player.setTimeout(() => {
    if (contents !== "") player.M?.mod_scorm?.connectPrereqCallback?.success?.(0, { responseText: contents });
  }, 0);
  if (launch === undefined) return;
  player.setTimeout(() => {
    const go = player[launch];
    if (typeof go === "function") Reflect.apply(go, player, []);
  }, LEAVE_MS);
}

/** Where a stage page without mod_scorm's player goes after Terminate; nothing where it stays. */
export function pageFor(request: string, { auto, next, previous, exit, targets }: StageConfig["navigation"]): string | undefined {
  const named = /^\{target=([^{}]+)\}(choice|jump)$/.exec(request);
  if (named) return targets.find(({ sco, choice }) => sco === named[1] && (choice || named[2] === "jump"))?.url;
  switch (request) {
    case "continue":
      return next || undefined;
    case "previous":
      return previous || undefined;
    case "exit":
    case "exitAll":
    case "abandon":
    case "abandonAll":
    case "suspendAll":
      return exit || undefined;
    case "":
    case "_none_":
      return (auto && next) || undefined;
    default:
      return undefined;
  }
}

/** A SCO that asks for nothing is left where the activity's "Auto-continue" is on. */
export function launchFor(request: string, auto: boolean): Launch | undefined {
  switch (request) {
    case "continue":
      return "mod_scorm_launch_next_sco";
    case "previous":
      return "mod_scorm_launch_prev_sco";
    case "":
    case "_none_":
      return auto ? "mod_scorm_launch_next_sco" : undefined;
    default:
      return undefined;
  }
}

/** The page's text; nothing where it cannot be had, as an old table of contents is better than none. */
async function load(fetch: (url: string) => Promise<Response>, url: string): Promise<string> {
  try {
    const response = await fetch(url);
    return response.ok ? await response.text() : "";
  } catch {
    return "";
  }
}
