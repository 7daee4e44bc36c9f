/** The relay's end of the port: posts what happens, obeys acknowledgements, resends, pings and stops. */
import { checked, type FromRelay, LIMITS, parseToRelay, type Seed } from "@scormbridge/protocol";
import { Journal } from "./journal.ts";
import { Runtime } from "./runtime.ts";

/** The part of a `MessagePort` that a link needs. */
export type Port = Pick<MessagePort, "postMessage" | "onmessage">;

/** Makes the run-time for a seed and ties its journal to the port. `unload` ends the SCO, which may still call. */
export function link(port: Port, seed: Seed, now: () => number, unload: () => void): { runtime: Runtime; ready: () => void } {
  const post = (message: FromRelay): void => port.postMessage(message);
  const log = (level: "warn" | "error", code: string, message: string): void =>
    post({ type: "log", level, code, message: message.slice(0, LIMITS.message) });
  const journal = new Journal(seed.last_seq, (entries) => post({ type: "entries", entries }), now);
  const runtime = new Runtime(seed, journal);
  port.onmessage = (event: MessageEvent<unknown>) => {
    const message = checked(() => parseToRelay(event.data));
    if (!message.ok) {
      log("warn", "message_refused", message.error.message);
      return;
    }
    switch (message.value.type) {
      case "ack":
        journal.acknowledge(message.value.seq);
        return;
      case "resend":
        journal.resend(message.value.after);
        return;
      case "ping":
        post({ type: "pong", id: message.value.id });
        return;
      case "leave":
        unload();
        post({ type: "left" });
        return;
      case "stop":
        runtime.stop();
        return;
    }
  };
  if (runtime.overruled.length > 0) log("warn", "seed_overruled", runtime.overruled.slice(0, 20).join(" "));
  return { runtime, ready: () => post({ type: "ready" }) };
}
