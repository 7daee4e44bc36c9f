/**
 * How much of anything may cross a border of the bridge. Far above what SCOs send, far below what hurts.
 * Lengths are in UTF-16 code units (the length of a JavaScript string) unless a name says bytes.
 */
export const LIMITS = {
  /** Bytes (UTF-8) of a data model element name. */
  elementBytes: 255,
  /** Bytes (UTF-8) of one value that a SCO sets. */
  valueBytes: 262_144,
  /** One value of a seed; comments that were appended to may be longer than what one call sets. */
  seedValue: 4_000_000,
  /** Entries in one port message. */
  entriesPerMessage: 1_000,
  /** Pairs in a seed: thousands of interactions of a long-lived attempt. */
  seedElements: 100_000,
  /** All names and values of a seed together. */
  seedText: 20_000_000,
  /** Elements with a length limit of their own. */
  seedLimits: 100,
  /** A URL: what browsers and servers agree on. */
  url: 8_000,
  /** Code of a log line, stop or refusal. */
  code: 64,
  /** Text of a log line. */
  message: 2_000,
  /** A ticket, as the server bounds it. */
  ticket: 2_048,
  /** Bytes (UTF-8) of the entries in a request that outlives its page: with what is around them less than 64 KiB. */
  leavingBytes: 60_000,
  /** Parent origins a relay may be told to trust. */
  origins: 50,
  /** Activities of a package that navigation may name. */
  targets: 50_000,
  /** Refusals in one answer: no more than entries in one request. */
  refused: 10_000,
  /** Bytes (UTF-8) of unacknowledged entries that a relay or a controller keeps before it answers calls with failure. */
  tailBytes: 16_000_000,
  /** Unacknowledged entries that a relay or a controller keeps. */
  tailEntries: 50_000,
} as const;
