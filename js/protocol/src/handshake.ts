/**
 * The window messages of the handshake and what a relay is told before it: see "Handshake" in docs/protocol.md.
 * These are the only messages that any frame may send, so nothing here trusts anything.
 */
import { LIMITS } from "./limits.ts";
import { parseSeed, type Seed } from "./seed.ts";
import { list, match, object, oneOf, origin, ShapeError, text, url } from "./shape.ts";

/** Changes when a format does. */
export const PROTOCOL = 1;
/** Version of the relay, as `hello` and `relay.json` say it. */
export const RELAY_VERSION = "0.1.0";

export type Delivery = "direct" | "host" | "sandbox";
const DELIVERIES = ["direct", "host", "sandbox"] as const;

const NONCE = /^[0-9a-f]{32}$/;
const FRAME_NAME = /^scormbridge-([0-9a-f]{32})$/;
const TICKET = /^v1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const RELAY = /^\d{1,5}\.\d{1,5}\.\d{1,5}$/;

export type Hello = { scormbridge: typeof PROTOCOL; type: "hello"; nonce: string; relay: string; mode: Delivery };

export type Welcome = {
  scormbridge: typeof PROTOCOL;
  type: "welcome";
  nonce: string;
  seed: Seed;
  /** Launch URL of the SCO; empty in sandbox mode, where the SCO is already in the relay's hands. */
  sco: string;
  /** Where the relay sends what its page cannot hand to the controller any more. */
  beacon?: Beacon;
};

/** A place that takes entries without a cookie. */
export type Beacon = {
  url: string;
  /** Proof that the entries belong to one launch; see "Ticket" in docs/protocol.md. */
  ticket: string;
};

/** Offers a relay that fell silent a new port. */
export type Reconnect = { scormbridge: typeof PROTOCOL; type: "reconnect"; nonce: string };

/** What `relay.json` and the `scormbridge-config` element hold. */
export type RelayConfig = {
  relay: string;
  protocol: typeof PROTOCOL;
  /** The only parent origins that the relay speaks to. */
  origins: string[];
  mode: Delivery;
};

export function parseHello(value: unknown): Hello {
  const fields = object(value, "hello", ["scormbridge", "type", "nonce", "relay", "mode"]);
  return {
    scormbridge: protocol(fields.scormbridge, "hello.scormbridge"),
    type: oneOf(fields.type, "hello.type", ["hello"]),
    nonce: parseNonce(fields.nonce, "hello.nonce"),
    relay: match(fields.relay, "hello.relay", RELAY, 17),
    mode: oneOf(fields.mode, "hello.mode", DELIVERIES),
  };
}

export function parseWelcome(value: unknown): Welcome {
  const fields = object(value, "welcome", ["scormbridge", "type", "nonce", "seed", "sco", "beacon"]);
  return {
    scormbridge: protocol(fields.scormbridge, "welcome.scormbridge"),
    type: oneOf(fields.type, "welcome.type", ["welcome"]),
    nonce: parseNonce(fields.nonce, "welcome.nonce"),
    seed: parseSeed(fields.seed, "welcome.seed"),
    sco: fields.sco === "" ? "" : url(fields.sco, "welcome.sco", LIMITS.url),
    ...(fields.beacon === undefined ? {} : { beacon: parseBeacon(fields.beacon, "welcome.beacon") }),
  };
}

export function parseBeacon(value: unknown, path: string): Beacon {
  const fields = object(value, path, ["url", "ticket"]);
  return {
    url: url(fields.url, `${path}.url`, LIMITS.url),
    ticket: match(fields.ticket, `${path}.ticket`, TICKET, LIMITS.ticket),
  };
}

export function parseReconnect(value: unknown): Reconnect {
  const fields = object(value, "reconnect", ["scormbridge", "type", "nonce"]);
  return {
    scormbridge: protocol(fields.scormbridge, "reconnect.scormbridge"),
    type: oneOf(fields.type, "reconnect.type", ["reconnect"]),
    nonce: parseNonce(fields.nonce, "reconnect.nonce"),
  };
}

export function parseRelayConfig(value: unknown): RelayConfig {
  const fields = object(value, "config", ["relay", "protocol", "origins", "mode"]);
  const origins = list(fields.origins, "config.origins", LIMITS.origins, origin);
  if (origins.length === 0) throw new ShapeError("config.origins", "is empty");
  return {
    relay: match(fields.relay, "config.relay", RELAY, 17),
    protocol: protocol(fields.protocol, "config.protocol"),
    origins,
    mode: fields.mode === undefined ? "direct" : oneOf(fields.mode, "config.mode", DELIVERIES),
  };
}

export function parseNonce(value: unknown, path: string): string {
  return match(value, path, NONCE, 32);
}

/** The name by which a frame learns its nonce. */
export function frameName(nonce: string): string {
  return `scormbridge-${nonce}`;
}

/** The nonce in a frame's name, or nothing if the frame is not the bridge's. */
export function nonceOfFrame(name: string): string | undefined {
  return FRAME_NAME.exec(name)?.[1];
}

function protocol(value: unknown, path: string): typeof PROTOCOL {
  if (value !== PROTOCOL) throw new ShapeError(path, `is not protocol ${PROTOCOL}`);
  return PROTOCOL;
}

/** A code as logs and errors carry it. */
export function parseCode(value: unknown, path: string): string {
  return match(text(value, path, LIMITS.code), path, /^[a-z0-9_]{1,64}$/, LIMITS.code);
}
