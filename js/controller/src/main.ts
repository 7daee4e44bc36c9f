/**
 * The controller: runs in the LMS's stage page, holds the content's frame and saves what the SCO does.
 * One plain script without dependencies, because it must run in a page that loads nothing else.
 */
import { checked, parseStageConfig, type StageConfig } from "@scormbridge/protocol";
import { holdDeparture } from "./departure.ts";
import { makeFrame, newNonce } from "./frame.ts";
import { afterTerminate, findPlayer, pageFor } from "./player.ts";
import { Reporter } from "./reporter.ts";
import { Service } from "./service.ts";
import { Session } from "./session.ts";
import { Status } from "./status.ts";

function start(config: StageConfig, root: HTMLElement): void {
  const service = new Service(config, (url, init) => window.fetch(url, init), () => document.cookie);
  const reporter = new Reporter({ console, send: (code) => service.report(code), now: Date.now });
  const load = (url: string): Promise<Response> => window.fetch(url, { credentials: "same-origin" });
  const status = new Status(document, config.strings, () => {
    if (session.welcomed) session.retry();
    else open();
  });
  const session = new Session(config, service, reporter, {
    status: (state) => status.show(state),
    terminated: (request) => {
      const player = findPlayer(window);
      const page = player ? undefined : pageFor(request, config.navigation);
      if (page !== undefined) void session.depart().then(() => window.location.assign(page));
      else void afterTerminate(player, config.navigation, request, load);
    },
  });

  /** Loads the content, anew as long as no relay was welcomed: a SCO that runs is never taken away. */
  const open = (): void => {
    const nonce = newNonce(window.crypto);
    const frame = makeFrame(document, config.frame, nonce);
    root.replaceChildren(frame, status.element);
    session.expect(frame.contentWindow, nonce);
    status.show("connecting");
    window.setTimeout(() => {
      if (session.welcomed) return;
      reporter.report("relay_silent");
      status.show("noanswer");
    }, config.timeouts.hello_ms);
  };

  window.addEventListener("message", (event) => {
    session.receive(event, (welcome) => {
      const channel = new MessageChannel();
      // An opaque origin cannot be named as a target; the gate has just seen that it is our frame's.
      const target = config.frame.origin === "null" ? "*" : config.frame.origin;
      (event.source as Window).postMessage(welcome, target, [channel.port2]);
      return channel.port1;
    });
  });
  window.addEventListener("online", () => session.retry());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") session.flush();
  });
  window.addEventListener("pagehide", () => session.leave());
  holdDeparture(window, () => session.depart());
  open();
}

const root = document.getElementById("scormbridge-root");
const config = checked(() => parseStageConfig(JSON.parse(document.getElementById("scormbridge-stage")?.textContent ?? "")));
if (!config.ok) throw config.error;
if (root) {
  // A page with more than the SCO in it says itself where the SCO goes, by a class.
  if (root.className === "") root.style.cssText = "position:fixed;inset:0;display:flex;flex-direction:column";
  start(config.value, root);
}
