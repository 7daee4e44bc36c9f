/**
 * The wire of the bridge: types, limits and validators for every message of docs/protocol.md.
 * Pure: no DOM, no clock, no network.
 */
export { type CommitAnswer, parseCommitAnswer, type Refusal } from "./commit.ts";
export {
  type Beacon,
  type Delivery,
  frameName,
  type Hello,
  nonceOfFrame,
  parseHello,
  parseReconnect,
  parseRelayConfig,
  parseWelcome,
  PROTOCOL,
  type Reconnect,
  RELAY_VERSION,
  type RelayConfig,
  type Welcome,
} from "./handshake.ts";
export { type Entry, entryBytes, parseEntries, parseEntry, type PlainEntry, type SetEntry } from "./journal.ts";
export { LIMITS } from "./limits.ts";
export { type FromRelay, parseFromRelay, parseToRelay, type ToRelay } from "./port.ts";
export { type Mode, parseSeed, type Seed, type Version } from "./seed.ts";
export { type Checked, checked, ShapeError } from "./shape.ts";
export { type Owner, parseSignedIn, parseStageConfig, type StageConfig, type StageString } from "./stage.ts";
export { storable, utf8Length } from "./text.ts";
