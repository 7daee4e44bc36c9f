/**
 * The controller: runs in the LMS's stage page, holds the content's frame and saves what the SCO does.
 * One plain script without dependencies, because it must run in a page that loads nothing else.
 */
import { checked, parseStageConfig, type StageConfig, type StageString } from "@scormbridge/protocol";
import { holdDeparture } from "./departure.ts";
import { makeFrame, newNonce } from "./frame.ts";
import { Keeper } from "./keeper.ts";
import { afterTerminate, findPlayer, pageFor } from "./player.ts";
import { Reporter } from "./reporter.ts";
import { restore, type SendFor } from "./restore.ts";
import { type Fetch, Service } from "./service.ts";
import { Session } from "./session.ts";
import { SignIn, whoIsSignedIn } from "./signin.ts";
import { Status } from "./status.ts";

async function start(config: StageConfig, root: HTMLElement): Promise<void> {
  const fetch: Fetch = (url, init) => window.fetch(url, init);
  const service = new Service(config, fetch, () => document.cookie);
  const reporter = new Reporter({ console, send: (code) => service.report(code), now: Date.now });
  const load = (url: string): Promise<Response> => fetch(url, { credentials: "same-origin" });
  const status = new Status(document, config.strings, (state) => act(state));
  root.replaceChildren(status.element);
  const keeper = await openKeeper(config);
  let waiting = false;
  const sendLeft = async (from: Keeper): Promise<boolean> => {
    waiting = false;
    const send: SendFor = (to, entries) => service.commit(entries, to);
    try {
      const restored = await restore(from, config, send, (code) => reporter.report("left_refused", code));
      waiting = restored.waiting;
      return restored.news;
    } catch (error) {
      // A browser that cannot read what it kept still plays.
      reporter.report("keeper_failed", String(error));
      return false;
    }
  };
  if (keeper) {
    status.show("restoring");
    // What was left is saved now, and this page was made before it was.
    if (await sendLeft(keeper)) {
      window.location.reload();
      return;
    }
  }

  const visible = (): boolean => document.visibilityState === "visible";
  // What is only looked at is worth nothing later.
  const memory = config.seed.mode === "normal" ? keeper : undefined;
  const session = new Session(config, service, { reporter, memory, visible }, {
    status: (state) => show(state),
    terminated: (request) => {
      const player = findPlayer(window);
      const page = player ? undefined : pageFor(request, config.navigation);
      if (page !== undefined) void session.depart().then(() => window.location.assign(page));
      else void afterTerminate(player, config.navigation, request, load);
    },
    signedOut: () => signIn.lost(),
    saved: () => {
      signIn.found();
      // The server takes work again: also what it could not take when this page began, which the SCO goes on without.
      if (keeper && waiting) void sendLeft(keeper);
    },
    reused: () => window.location.reload(),
    reconnect: (message) => offer(frame?.contentWindow, message),
  });
  const { signin, owner } = config;
  const signIn = new SignIn(
    () => (signin && owner ? whoIsSignedIn(fetch, signin.session, owner.tag) : Promise.resolve({ is: "same" })),
    {
      state: (state) => show(state),
      again: (sesskey) => {
        service.renew(sesskey);
        session.retry();
      },
    },
  );
  let frame: HTMLIFrameElement | undefined;

  /** Loads the content, anew as long as no relay was welcomed: a SCO that runs is never taken away. */
  const open = (): void => {
    const nonce = newNonce(window.crypto);
    frame = makeFrame(document, config.frame, nonce);
    root.replaceChildren(frame, status.element);
    session.expect(frame.contentWindow, nonce);
    status.show("connecting");
    window.setTimeout(() => {
      if (session.welcomed) return;
      reporter.report("relay_silent");
      status.show("noanswer");
    }, config.timeouts.hello_ms);
  };

  const show = (state: StageString): void => {
    // The SCO has ended, and what it did is saved.
    if (state === "superseded" || state === "timeout") frame?.remove();
    status.show(state);
  };

  /** The learner wants to get out of a state. */
  const act = (state: StageString): void => {
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

  /** One end of a new channel for a frame; the other end goes there with a message. */
  const offer = (target: Window | null | undefined, message: unknown): MessagePort => {
    const channel = new MessageChannel();
    // An opaque origin cannot be named as a target; the gate has seen that it is our frame's.
    target?.postMessage(message, config.frame.origin === "null" ? "*" : config.frame.origin, [channel.port2]);
    return channel.port1;
  };

  window.addEventListener("message", (event) => {
    session.receive(event, (welcome) => offer(event.source as Window, welcome));
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

/** Nothing where this browser keeps nothing, or there is nobody to keep it for. */
async function openKeeper(config: StageConfig): Promise<Keeper | undefined> {
  if (!config.owner) return undefined;
  try {
    const { indexedDB, crypto, navigator } = window;
    return await Keeper.open({ indexedDB, crypto, locks: navigator.locks, now: Date.now }, config.owner, config.launch, config.commit.url);
  } catch {
    return undefined;
  }
}

const root = document.getElementById("scormbridge-root");
const config = checked(() => parseStageConfig(JSON.parse(document.getElementById("scormbridge-stage")?.textContent ?? "")));
if (!config.ok) throw config.error;
if (root) {
  // A page with more than the SCO in it says itself where the SCO goes, by a class.
  if (root.className === "") root.style.cssText = "position:fixed;inset:0;display:flex;flex-direction:column";
  void start(config.value, root);
}
