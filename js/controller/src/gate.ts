/**
 * The gate of the LMS page: of all window messages only the hello of our own frame passes.
 * Checked in this order: source, origin, shape, nonce. What does not pass learns nothing and changes nothing.
 */
import { checked, type Hello, parseHello } from "@scormbridge/protocol";

/** What is expected of the one frame that may speak. */
export type Expected = { source: unknown; origin: string; nonce: string };

/** Why a message did not pass; `none` for one that is not the bridge's business at all. */
export type Dropped = "none" | "message_source" | "message_origin" | "message_shape" | "message_nonce";

export type Verdict = { pass: true; hello: Hello } | { pass: false; dropped: Dropped };

export function judge(event: Pick<MessageEvent<unknown>, "source" | "origin" | "data">, expected: Expected): Verdict {
  const drop = (dropped: Dropped): Verdict => ({ pass: false, dropped: speaksBridge(event.data) ? dropped : "none" });
  if (event.source === null || event.source !== expected.source) return drop("message_source");
  if (event.origin !== expected.origin) return drop("message_origin");
  const hello = checked(() => parseHello(event.data));
  if (!hello.ok || (hello.value.mode === "sandbox") !== (expected.origin === "null")) return drop("message_shape");
  if (hello.value.nonce !== expected.nonce) return drop("message_nonce");
  return { pass: true, hello: hello.value };
}

/** Extensions and content send window messages of their own; only what claims to be the bridge's is worth a report. */
function speaksBridge(data: unknown): boolean {
  return typeof data === "object" && data !== null && "scormbridge" in data;
}
