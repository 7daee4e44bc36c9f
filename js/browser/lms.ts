/**
 * Two small sites for the browser tests: a learning site that serves stage pages and takes commits, and a content
 * site of another origin that serves a relay and SCOs. Both speak the wire of docs/protocol.md and nothing else.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Entry, parseEntries, type Seed, type StageConfig } from "@scormbridge/protocol";

/** The learner's tag. */
export const OWNER = "0123456789abcdef0123456789abcdef";
const repo = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const script = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

type Page = (url: URL) => string | undefined;

/** A site on one host name. `pages` answers documents; anything else is 404. */
class Site {
  readonly #server: Server;
  #origin = "";

  constructor(
    readonly host: "127.0.0.1" | "localhost",
    answer: (request: IncomingMessage, response: ServerResponse, url: URL) => void,
  ) {
    this.#server = createServer((request, response) => answer(request, response, new URL(request.url ?? "/", this.#origin)));
  }

  get origin(): string {
    return this.#origin;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, this.host, resolve));
    this.#origin = `http://${this.host}:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function send(response: ServerResponse, type: string, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(200, { "Content-Type": `${type}; charset=utf-8`, ...headers }).end(body);
}

/** Serves `relay.html` for the learning site it trusts, and the SCO documents of `pages`. */
export class ContentSite extends Site {
  constructor(host: Site["host"], mode: "direct" | "host", trusts: () => string, pages: Page) {
    super(host, (_request, response, url) => {
      const config = { relay: "0.1.0", protocol: 1, origins: [trusts()], mode };
      if (url.pathname === "/scormbridge/relay.js") return send(response, "text/javascript", relayScript());
      if (url.pathname === "/scormbridge/relay.html") {
        return send(response, "text/html", relayPage().replace("__SCORMBRIDGE_CONFIG__", script(config)));
      }
      const page = pages(url);
      if (page === undefined) return void response.writeHead(404).end();
      return send(response, page.startsWith("<") ? "text/html" : "text/javascript", page);
    });
  }
}

export type Launch = Pick<StageConfig, "sco" | "seed"> & { frame: Partial<StageConfig["frame"]> & { url: string; origin: string } };

/** Serves one stage page, in a player or alone, and stores what is committed as an LMS would. */
export class LearningSite extends Site {
  readonly reports: string[] = [];
  /** Answer commits with an error page, as a site that is down. */
  down = false;
  /** Whether what a SCO does counts. */
  mode: Seed["mode"] = "normal";
  /** Who is signed in, by tag; nobody where empty. */
  signedIn = OWNER;
  sesskey = "AbC123";
  /** Let browsers keep stage pages, which no LMS should. */
  cached = false;
  readonly #stored = new Map<string, Entry[]>();
  #launch: Launch | undefined;

  constructor(pages: Page) {
    super("127.0.0.1", (request, response, url) => {
      if (url.pathname === "/service.php") return void this.#serve(request, response, url);
      if (url.pathname === "/beacon.php") return void this.#takeBeacon(request, response);
      if (url.pathname === "/session.php") {
        if (this.signedIn === "") return void response.writeHead(401).end();
        return send(response, "application/json", JSON.stringify({ owner: this.signedIn, sesskey: this.sesskey }));
      }
      if (url.pathname === "/login") return send(response, "text/html", "<title>Sign in</title>");
      if (url.pathname === "/controller.js") return send(response, "text/javascript", repo("moodle-plugin/js/controller.js"));
      if (url.pathname === "/relay.js") return send(response, "text/javascript", relayScript());
      if (url.pathname === "/stage") return send(response, "text/html", this.#stage(), { "Cache-Control": this.cached ? "max-age=60" : "no-store" });
      if (url.pathname === "/player") return send(response, "text/html", PLAYER);
      if (url.pathname === "/elsewhere") return send(response, "text/html", "<title>Elsewhere</title>");
      if (url.pathname === "/prereqs.php") return send(response, "text/html", "<ul><li>contents</li></ul>");
      const document = pages(url);
      if (document === undefined) return void response.writeHead(404).end();
      if (!document.startsWith("<")) return send(response, "text/javascript", document);
      return send(response, "text/html", this.#shell(document), {
        "Content-Security-Policy": "sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads",
      });
    });
  }

  /** A learner who has done nothing yet. Every stage page is a launch of its own. */
  launch(launch: Launch): void {
    this.#launch = launch;
    this.#stored.clear();
    this.reports.length = 0;
    this.down = false;
    this.mode = "normal";
    this.signedIn = OWNER;
  }

  /** What arrived, launch by launch. */
  get entries(): Entry[] {
    return [...this.#stored.values()].flat();
  }

  /** What the SCO set last, by element: what a next launch is seeded with. */
  stored(): Map<string, string> {
    return new Map(this.entries.flatMap((entry) => (entry.op === "set" ? [[entry.element, entry.value] as const] : [])));
  }

  #stage(): string {
    if (!this.#launch) throw new Error("nothing is launched");
    const { frame, sco, seed } = this.#launch;
    const launch = randomBytes(16).toString("hex");
    const known = new Map([...seed.elements, ...this.stored()]);
    const earlier = [...this.#stored].map(([token, entries]) => [token, entries.length]);
    this.#stored.set(launch, []);
    const config = {
      protocol: 1,
      frame: { title: "A small course", ...frame },
      sco,
      seed: { ...seed, mode: this.mode, elements: [...known] },
      launch,
      earlier,
      commit: { url: `${this.origin}/service.php`, sesskey: this.sesskey },
      beacon: { url: `${this.origin}/beacon.php`, ticket: `v1.k1.${launch}.AAAA` },
      owner: { tag: this.signedIn, key: (this.signedIn + this.signedIn).slice(0, 64) },
      signin: { session: `${this.origin}/session.php`, login: `${this.origin}/login` },
      timeouts: { heartbeat_ms: 500 },
      batching: { interval_ms: 100 },
      navigation: { auto: true, prereqs: `${this.origin}/prereqs.php` },
    };
    return `<!DOCTYPE html><title>Stage</title><div id="scormbridge-root"></div>
<script type="application/json" id="scormbridge-stage">${script(config)}</script><script src="/controller.js"></script>`;
  }

  /** The gateway's answer to a navigation in sandbox mode. */
  #shell(document: string): string {
    const config = { relay: "0.1.0", protocol: 1, origins: [this.origin], mode: "sandbox" };
    return `<!DOCTYPE html><meta charset="utf-8"><script type="application/json" id="scormbridge-config">${script(config)}</script>
<script type="application/json" id="scormbridge-document">${script(document)}</script><script src="/relay.js"></script>`;
  }

  async #serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const body = await read(request);
    if (this.down) return void response.writeHead(503).end("down");
    const [call] = JSON.parse(body) as [{ methodname: string; args: Record<string, string> }];
    if (url.searchParams.get("sesskey") !== this.sesskey || this.signedIn === "") {
      answer(response, exception("invalidsesskey"));
      return;
    }
    if (call.methodname === "local_externalscormbridge_report") {
      this.reports.push(call.args.code ?? "");
      answer(response, { error: false, data: null });
      return;
    }
    const data = this.#take(call.args.launch ?? "", JSON.parse(call.args.entries ?? ""));
    answer(response, data ? { error: false, data } : exception("error_journal_gap"));
  }

  async #takeBeacon(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    if (this.down) return void response.writeHead(503).end();
    const { ticket, entries } = JSON.parse(body) as { ticket: string; entries: unknown };
    const known = this.#take(ticket.split(".")[2] ?? "", entries);
    response.writeHead(known ? 204 : 403).end();
  }

  /** Nothing where entries before these are missing. */
  #take(launch: string, entries: unknown): unknown {
    const stored = this.#stored.get(launch);
    if (!stored) return undefined;
    for (const entry of parseEntries(entries, "entries", 10_000)) {
      if (entry.seq > stored.length + 1) return undefined;
      if (entry.seq > stored.length) stored.push(entry);
    }
    const status = stored.at(-1)?.op === "terminate" ? "terminated" : "running";
    return { ack: stored.length, status, refused: [], navigation: "" };
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function answer(response: ServerResponse, one: unknown): void {
  send(response, "application/json", JSON.stringify([one]));
}

function exception(errorcode: string): unknown {
  return { error: true, exception: { message: "refused", errorcode } };
}

const relayScript = (): string => repo("crates/gateway/assets/relay/relay.js");
const relayPage = (): string => repo("crates/gateway/assets/relay/relay.html");

/** mod_scorm's player as far as the controller may touch it: the names are its own. */
const PLAYER = `<!DOCTYPE html><title>Player</title><script>
var calls = [];
var M = {mod_scorm: {connectPrereqCallback: {success: function (id, o) { note("contents:" + o.responseText); }}}};
function mod_scorm_launch_next_sco() { note("next"); }
function mod_scorm_launch_prev_sco() { note("previous"); }
function note(name) { calls.push({name: name, event: window.event === undefined ? "none" : window.event.type}); }
</script><a href="/elsewhere">Exit activity</a><div id="scorm_content"><iframe id="scorm_object" src="/stage" style="width:800px;height:600px"></iframe></div>`;

export function seedOf(version: Seed["version"], elements: Iterable<readonly [string, string]>): Seed {
  const limits: Record<string, number> = version === "1.2" ? { "cmi.suspend_data": 64_000 } : {};
  return { version, mode: "normal", elements: [...elements].map(([name, value]) => [name, value]), limits, last_seq: 0 };
}
