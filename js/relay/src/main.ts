/**
 * The relay: the run-time beside the content. It connects to the learning site, takes the seed, and only then lets
 * the SCO run. It must never run content for a parent that it was not told to trust.
 */
import { checked, parseRelayConfig, type RelayConfig } from "@scormbridge/protocol";
import { expose } from "./api.ts";
import { connect, ConnectError, takeNonce } from "./connect.ts";
import { Leaving } from "./leaving.ts";
import { Link } from "./link.ts";
import { BLANK, loadSco } from "./load.ts";
import { showFailure } from "./page.ts";
import { announceUnload, provideStorage, writeDocument } from "./sandbox.ts";

/** Starts the relay in a page whose elements are parsed. */
async function start(window: Window & typeof globalThis): Promise<void> {
  const { document } = window;
  const config = checked(() => parseRelayConfig(json(document, "scormbridge-config")));
  if (!config.ok) {
    showFailure(document, "not_set_up");
    return;
  }
  const html = config.value.mode === "sandbox" ? json(document, "scormbridge-document") : undefined;
  if (typeof html === "string") provideStorage(window);
  const nonce = takeNonce(window);
  // A page that the SCO itself loads in a frame of its own: nobody gave it a nonce, and nobody seeds it. It is written
  // once the shell is parsed to its end, as a document that is still being parsed cannot be replaced.
  if (typeof html === "string" && nonce === undefined && window.parent !== window) {
    window.setTimeout(() => writeDocument(document, html), 0);
    return;
  }
  try {
    await run(window, config.value, nonce, html);
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    showFailure(document, error.reason);
  }
}

async function run(window: Window & typeof globalThis, config: RelayConfig, nonce: string | undefined, html: unknown): Promise<void> {
  const { welcome, port, onRenewed } = await connect(window, config, nonce);
  const own = typeof html === "string";
  const leaving = welcome.beacon && new Leaving(welcome.beacon, (url, body) => window.navigator.sendBeacon(url, body));
  const unload = (): void => (own ? announceUnload(window) : window.document.body.replaceChildren());
  const link = new Link(port, welcome.seed, { now: Date.now, unload, leaving });
  const listen = (): void => {
    onRenewed((renewed) => link.rejoin(renewed));
    leaving?.watch(window);
  };
  expose(window, link.runtime, own);
  if (own) {
    link.ready();
    writeDocument(window.document, html, { opened: listen });
    return;
  }
  listen();
  // Only content of this origin can reach the API; anything else would run without being tracked.
  if (welcome.sco === "" || new URL(welcome.sco).origin !== window.location.origin) {
    showFailure(window.document, "foreign_content");
    return;
  }
  link.ready();
  await loadSco(window, welcome.sco, () => link.gone());
}

/** The content of a JSON element, or nothing if it is missing or damaged. */
function json(document: Document, id: string): unknown {
  try {
    return JSON.parse(document.getElementById(id)?.textContent ?? "");
  } catch {
    return undefined;
  }
}

// A page that is only there to be written into needs no relay of its own.
if (window.location.hash !== BLANK) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => void start(window));
  else void start(window);
}
