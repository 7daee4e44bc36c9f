/**
 * The relay's side of the handshake: says hello to exactly the configured parent origins until it is welcomed once, and
 * takes a new port from the one that welcomed it. Must never speak to, or listen to, any other window or origin.
 */
import {
  checked,
  type Delivery,
  type Hello,
  nonceOfFrame,
  parseReconnect,
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

export type Connection = {
  welcome: Welcome;
  port: MessagePort;
  /** Calls `renew` with each new port from the window that welcomed. A document that is replaced forgets it. */
  onRenewed: (renew: (port: MessagePort) => void) => void;
};

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
      const accepted = accept(event, parent, config.origins, nonce);
      if (!accepted) return;
      end();
      const onRenewed: Connection["onRenewed"] = (renew) =>
        window.addEventListener("message", (later: MessageEvent<unknown>) => {
          const port = renewed(later, parent, config.origins, nonce);
          if (port) renew(port);
        });
      resolve({ ...accepted, onRenewed });
    };
    const timer = window.setInterval(say, RETRY_MS);
    window.addEventListener("message", listen);
    say();
  });
}

type Message = Pick<MessageEvent<unknown>, "source" | "origin" | "data" | "ports">;

/** The new port that a message offers to a relay that was welcomed, by the same rules as the welcome itself. */
export function renewed(event: Message, parent: unknown, origins: readonly string[], nonce: string): MessagePort | undefined {
  if (event.source !== parent || !origins.includes(event.origin)) return undefined;
  const reconnect = checked(() => parseReconnect(event.data));
  return reconnect.ok && reconnect.value.nonce === nonce ? onlyPort(event) : undefined;
}

/** The welcome that a message is, with its port, or nothing if it is not our parent's welcome: source, origin, shape, nonce. */
export function accept(event: Message, parent: unknown, origins: readonly string[], nonce: string): Omit<Connection, "onRenewed"> | undefined {
  if (event.source !== parent || !origins.includes(event.origin)) return undefined;
  const welcome = checked(() => parseWelcome(event.data));
  const port = onlyPort(event);
  if (!welcome.ok || welcome.value.nonce !== nonce || !port) return undefined;
  return { welcome: welcome.value, port };
}

function onlyPort({ ports }: Message): MessagePort | undefined {
  return ports.length === 1 ? ports[0] : undefined;
}

function helloOf(nonce: string, mode: Delivery): Hello {
  return { scormbridge: PROTOCOL, type: "hello", nonce, relay: RELAY_VERSION, mode };
}
