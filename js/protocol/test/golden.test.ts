import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  checked,
  parseCommitAnswer,
  parseEntries,
  parseFromRelay,
  parseHello,
  parseReconnect,
  parseRelayConfig,
  parseSeed,
  parseSignedIn,
  parseToRelay,
  parseWelcome,
} from "../src/index.ts";

type Case = { name: string; message: unknown };
type Table = { accept: Case[]; refuse: Case[] };

const golden = (name: string): URL => new URL(`../../../tests/golden/${name}`, import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(golden(name), "utf8"));

const VALIDATORS: Record<string, (value: unknown) => unknown> = {
  hello: parseHello,
  welcome: parseWelcome,
  seed: (value) => parseSeed(value, "seed"),
  relay_config: parseRelayConfig,
  reconnect: parseReconnect,
  signed_in: parseSignedIn,
  from_relay: parseFromRelay,
  to_relay: parseToRelay,
  commit_answer: parseCommitAnswer,
};

const tables = read("handshake.json") as Record<string, Table>;
const handshake = Object.fromEntries(Object.entries(tables).filter(([name]) => name !== "about"));

it("has a validator for every table of the golden file", () => {
  expect(Object.keys(handshake)).toEqual(Object.keys(VALIDATORS));
});

describe.each(Object.entries(handshake))("%s", (name, table) => {
  const validate = VALIDATORS[name] ?? expect.fail(`no validator for ${name}`);

  it.each(table.accept)("accepts: $name", ({ message }) => {
    const answer = checked(() => validate(message));
    expect(answer).toMatchObject({ ok: true });
  });

  it.each(table.refuse)("refuses: $name", ({ message }) => {
    expect(checked(() => validate(message)).ok).toBe(false);
  });
});

type Batch = { name: string; json: string; entries?: unknown; reason?: string; limits?: unknown };

describe("journal batches", () => {
  const journal = read("journal.json") as { accept: Batch[]; refuse: Batch[] };

  it.each(journal.accept)("accepts: $name", ({ json, entries }) => {
    expect(parseEntries(JSON.parse(json), "batch", 10_000)).toEqual(entries);
  });

  // Text that is no JSON, members that occur twice and limits of one case are judged before or without a validator.
  const shaped = journal.refuse.filter(
    ({ name, reason, limits }) => reason !== "journal_not_json" && !limits && !name.startsWith("a member twice"),
  );
  it.each(shaped)("refuses: $name", ({ json }) => {
    expect(checked(() => parseEntries(JSON.parse(json), "batch", 10_000)).ok).toBe(false);
  });

  it("refuses a batch with more entries than allowed", () => {
    const entries = [1, 2, 3].map((seq) => ({ seq, op: "commit", at: 0 }));
    expect(checked(() => parseEntries(entries, "batch", 2)).ok).toBe(false);
  });
});
