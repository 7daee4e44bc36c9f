/** The messages that go through the port once a relay is welcomed. Both ends validate: either may be hostile or old. */
import { parseCode } from "./handshake.ts";
import { type Entry, parseEntries } from "./journal.ts";
import { LIMITS } from "./limits.ts";
import { boolean, integer, object, oneOf, ShapeError, text } from "./shape.ts";

export type FromRelay =
  | { type: "ready" }
  | { type: "entries"; entries: Entry[] }
  | { type: "log"; level: "warn" | "error"; code: string; message: string }
  | { type: "pong"; id: number }
  | { type: "left" }
  | { type: "gone" };

export type ToRelay =
  | { type: "ack"; seq: number }
  | { type: "resend"; after: number }
  | { type: "ping"; id: number }
  | { type: "leave" }
  | { type: "late"; late: boolean }
  | { type: "stop"; code: string };

/** Throws `ShapeError` for anything but a well-formed message of a relay. */
export function parseFromRelay(value: unknown): FromRelay {
  switch (typeOf(value)) {
    case "ready":
      object(value, "ready", ["type"]);
      return { type: "ready" };
    case "left":
      object(value, "left", ["type"]);
      return { type: "left" };
    case "gone":
      object(value, "gone", ["type"]);
      return { type: "gone" };
    case "entries": {
      const fields = object(value, "entries", ["type", "entries"]);
      return { type: "entries", entries: parseEntries(fields.entries, "entries", LIMITS.entriesPerMessage) };
    }
    case "log": {
      const fields = object(value, "log", ["type", "level", "code", "message"]);
      return {
        type: "log",
        level: oneOf(fields.level, "log.level", ["warn", "error"]),
        code: parseCode(fields.code, "log.code"),
        message: text(fields.message, "log.message", LIMITS.message),
      };
    }
    case "pong": {
      const fields = object(value, "pong", ["type", "id"]);
      return { type: "pong", id: integer(fields.id, "pong.id", 0) };
    }
    default:
      throw new ShapeError("message.type", "is none of the known words");
  }
}

/** Throws `ShapeError` for anything but a well-formed message of a controller. */
export function parseToRelay(value: unknown): ToRelay {
  switch (typeOf(value)) {
    case "ack":
      return { type: "ack", seq: integer(object(value, "ack", ["type", "seq"]).seq, "ack.seq", 0) };
    case "resend":
      return { type: "resend", after: integer(object(value, "resend", ["type", "after"]).after, "resend.after", 0) };
    case "ping":
      return { type: "ping", id: integer(object(value, "ping", ["type", "id"]).id, "ping.id", 0) };
    case "leave":
      object(value, "leave", ["type"]);
      return { type: "leave" };
    case "late":
      return { type: "late", late: boolean(object(value, "late", ["type", "late"]).late, "late.late") };
    case "stop":
      return { type: "stop", code: parseCode(object(value, "stop", ["type", "code"]).code, "stop.code") };
    default:
      throw new ShapeError("message.type", "is none of the known words");
  }
}

function typeOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "type" in value ? value.type : undefined;
}
