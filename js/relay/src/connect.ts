/**
 * The relay's side of the handshake: says hello to exactly the configured parent origins until it is welcomed once.
 * Must never speak to, or listen to, any other window or origin.
 */
import {
  checked,
  type Delivery,
  type Hello,
  nonceOfFrame,
  parseWelcome,
  PROTOCOL,
  RELAY_VERSION,
  type RelayConfig,
  type Welcome,
} from "@scormbridge/protocol";

const RETRY_MS = 500;
const TRIES = 20;

/** Why no connection came about. */
export type ConnectFailure = "no_parent" | "no_nonce" | "no_answer";

export class ConnectError extends Error {
  constructor(readonly reason: ConnectFailure) {
    super(reason);
    this.name = "ConnectError";
  }
}

export type Connection = { welcome: Welcome; port: MessagePort };

/** Reads the nonce from the window's name and clears it, so that nothing loaded later can say hello for us. */
export function takeNonce(window: Window): string | undefined {
  const nonce = nonceOfFrame(window.name);
  if (nonce !== undefined) window.name = "";
  return nonce;
}

/** Rejects with a `ConnectError`. */
export function connect(window: Window, config: RelayConfig, nonce: string | undefined): Promise<Connection> {
  const parent = window.parent;
  if (parent === window) return Promise.reject(new ConnectError("no_parent"));
  if (nonce === undefined) return Promise.reject(new ConnectError("no_nonce"));
  const hello = helloOf(nonce, config.mode);
  return new Promise((resolve, reject) => {
    let tries = 0;
    const end = (): void => {
      window.clearInterval(timer);
      window.removeEventListener("message", listen);
    };
    const say = (): void => {
      if (tries++ < TRIES) for (const origin of config.origins) parent.postMessage(hello, origin);
      else {
        end();
        reject(new ConnectError("no_answer"));
      }
    };
    const listen = (event: MessageEvent<unknown>): void => {
      const connection = accept(event, parent, config.origins, nonce);
      if (!connection) return;
      end();
      resolve(connection);
    };
    const timer = window.setInterval(say, RETRY_MS);
    window.addEventListener("message", listen);
    say();
  });
}

/** The connection that a message offers, or nothing if it is not our parent's welcome: source, origin, shape, nonce. */
export function accept(
  event: Pick<MessageEvent<unknown>, "source" | "origin" | "data" | "ports">,
  parent: unknown,
  origins: readonly string[],
  nonce: string,
): Connection | undefined {
  if (event.source !== parent || !origins.includes(event.origin)) return undefined;
  const welcome = checked(() => parseWelcome(event.data));
  const [port] = event.ports;
  if (!welcome.ok || welcome.value.nonce !== nonce || !port || event.ports.length !== 1) return undefined;
  return { welcome: welcome.value, port };
}

function helloOf(nonce: string, mode: Delivery): Hello {
  return { scormbridge: PROTOCOL, type: "hello", nonce, relay: RELAY_VERSION, mode };
}
