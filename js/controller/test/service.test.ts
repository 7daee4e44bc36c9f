import type { Entry } from "@scormbridge/protocol";
import { describe, expect, it, vi } from "vitest";
import { Reporter } from "../src/reporter.ts";
import { ServiceError } from "../src/refusal.ts";
import { type Fetch, Service } from "../src/service.ts";

const launch = "0123456789abcdef0123456789abcdef";
const timeouts = { hello_ms: 1_000, commit_ms: 50, heartbeat_ms: 1_000 };
const config = {
  commit: { to: "moodle" as const, url: "https://moodle.example.org/lib/ajax/service.php", sesskey: "AbC123" },
  launch,
  timeouts,
};
const api = `https://lms.example.org/api/scorm/launches/${launch}`;
const lms = { commit: { to: "lms" as const, url: `${api}/commit`, report: `${api}/report`, csrf: "csrf_token" }, launch, timeouts };
const entries: Entry[] = [{ seq: 1, op: "set", element: "cmi.comments", value: "\"é\"\u{1F393}", at: 0 }];
const good = { ack: 1, status: "running", refused: [], navigation: "" };

const answering = (status: number, body: unknown): Fetch => () =>
  Promise.resolve(new Response(typeof body === "string" ? body : JSON.stringify(body), { status }));
const failure = async (fetch: Fetch, to: typeof config | typeof lms = config): Promise<ServiceError> => {
  const caught = await new Service(to, fetch).commit(entries).catch((error: unknown) => error);
  if (!(caught instanceof ServiceError)) throw new Error("no ServiceError");
  return caught;
};

describe("a commit request to Moodle", () => {
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

  it("has exactly these bytes", async () => {
    const fetch = vi.fn<Fetch>(answering(200, [{ error: false, data: good }]));
    const service = new Service(config, fetch);
    await service.commit(entries);
    service.report("relay_silent");
    expect(fetch.mock.calls.map(([url, init]) => [url, init.headers, init.body])).toEqual([
      [
        "https://moodle.example.org/lib/ajax/service.php?sesskey=AbC123&info=local_externalscormbridge_commit",
        { "Content-Type": "application/json" },
        String.raw`[{"index":0,"methodname":"local_externalscormbridge_commit","args":{"launch":"0123456789abcdef0123456789abcdef","entries":"[{\"seq\":1,\"op\":\"set\",\"element\":\"cmi.comments\",\"value\":\"\\\"é\\\"🎓\",\"at\":0}]"}}]`,
      ],
      [
        "https://moodle.example.org/lib/ajax/service.php?sesskey=AbC123&info=local_externalscormbridge_report",
        { "Content-Type": "application/json" },
        `[{"index":0,"methodname":"local_externalscormbridge_report","args":{"launch":"0123456789abcdef0123456789abcdef","code":"relay_silent"}}]`,
      ],
    ]);
  });

  it("goes out with the session key of the moment, and for another launch where it is told so", async () => {
    const fetch = vi.fn<Fetch>(() => Promise.resolve(new Response(JSON.stringify([{ error: false, data: good }]))));
    const service = new Service(config, fetch);
    service.renew("New456");
    await service.commit(entries, { launch: "f".repeat(32), url: config.commit.url });
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toContain("sesskey=New456&");
    expect(init?.body).toContain("f".repeat(32));
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
    ["an expired session", 200, [{ error: true, exception: { errorcode: "servicerequireslogin" } }], "signedout", "servicerequireslogin"],
    ["an early failure", 200, { error: "no", errorcode: "invalidsesskey" }, "signedout", "invalidsesskey"],
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

describe("a commit request to the LMS server", () => {
  it("is the batch itself, with the form token beside it", async () => {
    const fetch = vi.fn<Fetch>(answering(200, good));
    const service = new Service(lms, fetch, () => "not_csrf_token=a; csrf_token=t0k-en; other=b");
    expect(await service.commit(entries)).toEqual(good);
    service.commitLeaving(entries);
    service.report("relay_silent");
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": "t0k-en" };
    const batch = JSON.stringify(entries);
    expect(fetch.mock.calls.map(([url, init]) => [url, init.headers, init.body])).toEqual([
      [`${api}/commit`, headers, batch],
      [`${api}/commit`, headers, batch],
      [`${api}/report`, headers, `{"code":"relay_silent"}`],
    ]);
    for (const [, init] of fetch.mock.calls) expect(init).toMatchObject({ method: "POST", credentials: "same-origin", keepalive: true });
  });

  it("has the form token of the page's own session until the same learner is known to have another one", async () => {
    const fetch = vi.fn<Fetch>(() => Promise.resolve(new Response(JSON.stringify(good))));
    let cookies = "csrf_token=mine";
    const service = new Service(lms, fetch, () => cookies);
    cookies = "csrf_token=somebody";
    await service.commit(entries);
    service.renew(undefined);
    await service.commit(entries);
    const sent = fetch.mock.calls.map(([, init]) => new Headers(init.headers).get("X-CSRF-Token"));
    expect(sent).toEqual(["mine", "somebody"]);
  });

  it("is not tried again before the server wants it", async () => {
    expect(await failure(answering(429, { code: "rate_limited", again_ms: 30_000 }), lms)).toMatchObject({ again_ms: 30_000 });
    for (const again_ms of [undefined, "1", -1, null]) {
      expect(await failure(answering(503, { code: "busy", again_ms }), lms)).toMatchObject({ kind: "rejected", again_ms: 0 });
    }
    expect(await failure(answering(503, { code: "busy", again_ms: 1e12 }), lms)).toMatchObject({ again_ms: 300_000 });
  });

  it.each([
    ["an error page", 503, "<html>", "unreachable", "commit_no_answer"],
    ["an error without a code", 500, { error: "no" }, "unreachable", "commit_no_answer"],
    ["an answer of another shape", 200, { ack: "1" }, "unreachable", "commit_bad_answer"],
    ["an expired session", 401, { code: "unauthenticated" }, "signedout", "unauthenticated"],
    ["a form token of an earlier session", 403, { code: "csrf_mismatch" }, "signedout", "csrf_mismatch"],
    ["too much at once", 429, { code: "rate_limited" }, "rejected", "rate_limited"],
    ["a database that is away", 503, { code: "store_unavailable" }, "rejected", "store_unavailable"],
    ["a launch of somebody else", 403, { code: "forbidden" }, "final", "forbidden"],
    ["a launch that is over", 409, { code: "launch_superseded" }, "final", "launch_superseded"],
    ["a batch that breaks the rules", 422, { code: "journal_gap" }, "final", "journal_gap"],
  ] as const)("that gets %s says so", async (_name, status, body, kind, code) => {
    expect(await failure(answering(status, body), lms)).toMatchObject({ kind, code });
  });
});

describe("a report", () => {
  const sink = (now: () => number): { sent: string[]; reporter: Reporter; lines: unknown[] } => {
    const sent: string[] = [];
    const lines: unknown[] = [];
    const reporter = new Reporter({ console: { warn: (line: unknown) => void lines.push(line) }, send: (code) => void sent.push(code), now });
    return { sent, reporter, lines };
  };

  it("is sent once a minute for each code", () => {
    let now = 0;
    const { sent, reporter, lines } = sink(() => now);
    for (let i = 0; i < 1_000; i++) reporter.report("message_source", "https://evil.example");
    reporter.report("message_origin");
    now = 60_000;
    reporter.report("message_source");
    expect(sent).toEqual(["message_source", "message_origin", "message_source"]);
    expect(lines[0]).toBe("[scormbridge] message_source: https://evil.example");
  });

  it("never floods the site, however many codes there are", () => {
    const { sent, reporter } = sink(() => 0);
    for (let i = 0; i < 1_000; i++) reporter.report(`code_${i}`);
    expect(sent).toHaveLength(50);
  });
});
