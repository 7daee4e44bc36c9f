import type { Entry } from "@scormbridge/protocol";
import { describe, expect, it, vi } from "vitest";
import { Reporter } from "../src/reporter.ts";
import { type Fetch, Service, ServiceError } from "../src/service.ts";

const config = {
  commit: { url: "https://moodle.example.org/lib/ajax/service.php", sesskey: "AbC123" },
  launch: "0123456789abcdef0123456789abcdef",
  timeouts: { hello_ms: 1_000, commit_ms: 50, heartbeat_ms: 1_000 },
};
const entries: Entry[] = [{ seq: 1, op: "set", element: "cmi.comments", value: "\"é\"\u{1F393}", at: 0 }];
const good = { ack: 1, status: "running", refused: [], navigation: "" };

const answering = (status: number, body: unknown): Fetch => () =>
  Promise.resolve(new Response(typeof body === "string" ? body : JSON.stringify(body), { status }));
const failure = async (fetch: Fetch): Promise<ServiceError> => {
  const caught = await new Service(config, fetch).commit(entries).catch((error: unknown) => error);
  if (!(caught instanceof ServiceError)) throw new Error("no ServiceError");
  return caught;
};

describe("a commit request", () => {
  it("is what Moodle's ajax endpoint takes, with the journal as text", async () => {
    const fetch = vi.fn<Fetch>(answering(200, [{ error: false, data: good }]));
    expect(await new Service(config, fetch).commit(entries)).toEqual(good);
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toBe(`${config.commit.url}?sesskey=AbC123&info=local_externalscormbridge_commit`);
    expect(init).toMatchObject({ method: "POST", credentials: "same-origin", keepalive: true });
    const [call] = JSON.parse(init?.body as string) as [{ index: number; methodname: string; args: Record<string, string> }];
    expect(call).toMatchObject({ index: 0, methodname: "local_externalscormbridge_commit" });
    expect(call.args.launch).toBe(config.launch);
    expect(JSON.parse(call.args.entries ?? "")).toEqual(entries);
  });

  it("outlives the page only while browsers allow it to", async () => {
    const fetch = vi.fn<Fetch>(answering(200, [{ error: false, data: good }]));
    await new Service(config, fetch).commit([{ seq: 1, op: "set", element: "cmi.suspend_data", value: "x".repeat(64_000), at: 0 }]);
    expect(fetch.mock.calls[0]?.[1].keepalive).toBe(false);
  });

  it.each([
    ["an error page", 503, "<html>", "unreachable", "commit_no_answer"],
    ["an answer that is not Moodle's", 200, {}, "unreachable", "commit_no_answer"],
    ["an answer of another shape", 200, [{ error: false, data: { ack: "1" } }], "unreachable", "commit_bad_answer"],
    ["an expired session", 200, [{ error: true, exception: { errorcode: "servicerequireslogin" } }], "rejected", "servicerequireslogin"],
    ["an early failure", 200, { error: "no", errorcode: "invalidsesskey" }, "rejected", "invalidsesskey"],
    ["a busy attempt", 200, [{ error: true, exception: { errorcode: "error_busy" } }], "rejected", "error_busy"],
    ["an error without a code", 200, [{ error: true }], "rejected", "unknown"],
    ["a launch that is over", 200, [{ error: true, exception: { errorcode: "error_launch_unknown" } }], "final", "error_launch_unknown"],
  ] as const)("that gets %s says so", async (_name, status, body, kind, code) => {
    expect(await failure(answering(status, body))).toMatchObject({ kind, code });
  });

  it("that gets no answer at all says whether it was the network or the time", async () => {
    expect(await failure(() => Promise.reject(new TypeError("Failed to fetch")))).toMatchObject({ kind: "unreachable", code: "commit_network" });
    const hanging: Fetch = (_url, init) =>
      new Promise((_resolve, reject) => init.signal?.addEventListener("abort", () => reject(new Error("aborted"))));
    expect(await failure(hanging)).toMatchObject({ kind: "unreachable", code: "commit_timeout" });
  });
});

describe("a report", () => {
  const sink = (now: () => number): { sent: string[]; reporter: Reporter; lines: unknown[] } => {
    const sent: string[] = [];
    const lines: unknown[] = [];
    const reporter = new Reporter({ console: { warn: (line: unknown) => void lines.push(line) }, send: (code) => void sent.push(code), now });
    return { sent, reporter, lines };
  };

  it("is sent once a minute for each code, and counted always", () => {
    let now = 0;
    const { sent, reporter, lines } = sink(() => now);
    for (let i = 0; i < 1_000; i++) reporter.report("message_source", "https://evil.example");
    reporter.report("message_origin");
    now = 60_000;
    reporter.report("message_source");
    expect(sent).toEqual(["message_source", "message_origin", "message_source"]);
    expect(lines[0]).toBe("[scormbridge] message_source: https://evil.example");
    expect(reporter.counts.get("message_source")).toBe(1_001);
  });

  it("never floods the site, however many codes there are", () => {
    const { sent, reporter } = sink(() => 0);
    for (let i = 0; i < 1_000; i++) reporter.report(`code_${i}`);
    expect(sent).toHaveLength(50);
  });
});
