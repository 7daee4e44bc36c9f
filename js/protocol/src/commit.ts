/** A commit's answer, as the server gives it for a batch of entries. */
import { parseCode } from "./handshake.ts";
import { LIMITS } from "./limits.ts";
import { integer, list, oneOf, record, text } from "./shape.ts";

export type Refusal = { seq: number; element: string; code: number; reason: string };

export type CommitAnswer = {
  /** The server has every entry up to here. */
  ack: number;
  /** `superseded`: a newer launch of the same SCO reports now, and this one has to end. */
  status: "ready" | "running" | "terminated" | "superseded";
  /** Entries that will never be stored. */
  refused: Refusal[];
  /** Navigation request of the SCO, empty if none. */
  navigation: string;
  /** Milliseconds after which to call again, with nothing if need be: a grade or a completion is still due. */
  again_ms?: number;
};

/** Throws `ShapeError`. Fields it does not know are let through: a newer server may say more. */
export function parseCommitAnswer(value: unknown): CommitAnswer {
  const fields = record(value, "answer");
  return {
    ack: integer(fields.ack, "answer.ack", 0),
    status: oneOf(fields.status, "answer.status", ["ready", "running", "terminated", "superseded"]),
    refused: list(fields.refused, "answer.refused", LIMITS.refused, (item, path) => {
      const refusal = record(item, path);
      return {
        seq: integer(refusal.seq, `${path}.seq`, 1),
        element: text(refusal.element ?? "", `${path}.element`, LIMITS.elementBytes),
        code: integer(refusal.code, `${path}.code`, 0, 9_999),
        reason: parseCode(refusal.reason, `${path}.reason`),
      };
    }),
    navigation: text(fields.navigation, "answer.navigation", LIMITS.url),
    ...(fields.again_ms === undefined ? {} : { again_ms: integer(fields.again_ms, "answer.again_ms", 0, 3_600_000) }),
  };
}
