/**
 * Keeps entries in this browser until the server has them, so that a reload or a crash does not lose them. Sealed with
 * a key that only the server and the learner's own pages have. Must never show one learner's work to another, and never
 * hold up the SCO: what cannot be kept is still sent.
 */
import { checked, type Entry, type Owner, parseEntries } from "@scormbridge/protocol";

const DATABASE = "scormbridge";
const LAUNCHES = "launches";
const ENTRIES = "entries";
/** What nobody has come back for in so many milliseconds is forgotten, whoever's it is. */
const LIFETIME_MS = 30 * 86_400_000;
/** How long a page that goes away may still hold its lock while the next one opens, in milliseconds. */
const GOING_MS = 2_000;
/** Entries of one launch that are sent in one go; the rest goes with the next stage page. */
const MAX_LEFT = 50_000;

/** A launch that ended with entries which the server may not have. */
export type Left = { launch: string; url: string; entries: Entry[] };

type LaunchRecord = { launch: string; owner: string; url: string; at: number };
type EntryRecord = { launch: string; seq: number; iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer };

/** What a keeper needs of the browser. */
export type Browser = {
  indexedDB: IDBFactory;
  crypto: Pick<Crypto, "subtle" | "getRandomValues">;
  locks: Pick<LockManager, "request">;
  now: () => number;
};

export class Keeper {
  readonly #browser: Browser;
  readonly #database: IDBDatabase;
  readonly #key: CryptoKey;
  readonly #launch: LaunchRecord;
  #pending: Entry[] = [];
  #work: Promise<unknown> = Promise.resolve();
  #registered = false;

  private constructor(browser: Browser, database: IDBDatabase, key: CryptoKey, launch: LaunchRecord) {
    this.#browser = browser;
    this.#database = database;
    this.#key = key;
    this.#launch = launch;
  }

  /** The keeper of one launch. Rejects where the browser keeps nothing: private windows, no secure context, no room. */
  static async open(browser: Browser, owner: Owner, launch: string, url: string): Promise<Keeper> {
    const bytes = Uint8Array.from(owner.key.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
    const key = await browser.crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    const database = await openDatabase(browser.indexedDB);
    // Held as long as the page lives: what is under a lock is not left behind.
    void browser.locks.request(lockName(launch), () => new Promise(() => undefined));
    return new Keeper(browser, database, key, { launch, owner: owner.tag, url, at: browser.now() });
  }

  /** Keeps entries, in the background. */
  keep(entries: readonly Entry[]): void {
    this.#pending.push(...entries);
    this.#then(async () => {
      const now = this.#pending.splice(0);
      if (now.length === 0) return;
      const records = await Promise.all(now.map((entry) => this.#seal(entry)));
      await run(this.#database, "readwrite", (store) => {
        if (!this.#registered) store(LAUNCHES).put(this.#launch);
        for (const record of records) store(ENTRIES).put(record);
      });
      this.#registered = true;
    });
  }

  /** The server has everything up to `seq`. */
  forget(seq: number): void {
    this.#then(() => run(this.#database, "readwrite", (store) => void store(ENTRIES).delete(upTo(this.#launch.launch, seq))));
  }

  /** What earlier launches of the same learner left, oldest first. Throws away what is too old to matter to anybody. */
  async left(): Promise<Left[]> {
    const launches = await all<LaunchRecord>(this.#database, LAUNCHES);
    const left: Left[] = [];
    for (const { launch, owner, url, at } of launches.sort((a, b) => a.at - b.at)) {
      if (at < this.#browser.now() - LIFETIME_MS) await this.drop(launch);
      else if (owner === this.#launch.owner && launch !== this.#launch.launch) {
        const some = (await this.#entries(launch)).length > 0;
        if (!(await this.#abandoned(launch, some))) continue;
        // Read once more: its page may have gone on until now.
        const entries = await this.#entries(launch);
        if (entries.length === 0) await this.drop(launch);
        else left.push({ launch, url, entries });
      }
    }
    return left;
  }

  /** Forgets a launch and what it left. */
  async drop(launch: string): Promise<void> {
    await run(this.#database, "readwrite", (store) => {
      store(LAUNCHES).delete(launch);
      store(ENTRIES).delete(upTo(launch, Number.MAX_SAFE_INTEGER));
    });
  }

  /** Resolves when everything asked for so far is done. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /**
   * Whether no page plays a launch any more. A page that is loaded anew may begin before its predecessor is quite gone:
   * where it matters, `patient`, it is given a moment.
   */
  async #abandoned(launch: string, patient: boolean): Promise<boolean> {
    const options: LockOptions = patient ? { signal: AbortSignal.timeout(GOING_MS) } : { ifAvailable: true };
    try {
      return await this.#browser.locks.request(lockName(launch), options, (lock) => lock !== null);
    } catch {
      return false;
    }
  }

  /** The readable run of entries from the first one on: after a gap, or one that cannot be opened, nothing is of use. */
  async #entries(launch: string): Promise<Entry[]> {
    const records = await all<EntryRecord>(this.#database, ENTRIES, upTo(launch, Number.MAX_SAFE_INTEGER), MAX_LEFT);
    const entries: Entry[] = [];
    for (const record of records) {
      const last = entries.at(-1);
      const entry = await this.#open(record);
      if (!entry || (last && entry.seq !== last.seq + 1)) break;
      entries.push(entry);
    }
    return entries;
  }

  async #seal(entry: Entry): Promise<EntryRecord> {
    const iv = this.#browser.crypto.getRandomValues(new Uint8Array(12));
    const { launch } = this.#launch;
    const text = new TextEncoder().encode(JSON.stringify(entry));
    const data = await this.#browser.crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: place(launch, entry.seq) }, this.#key, text);
    return { launch, seq: entry.seq, iv, data };
  }

  async #open({ launch, seq, iv, data }: EntryRecord): Promise<Entry | undefined> {
    try {
      const text = await this.#browser.crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: place(launch, seq) }, this.#key, data);
      const parsed = checked(() => parseEntries([JSON.parse(new TextDecoder().decode(text))], "kept", 1));
      return parsed.ok ? parsed.value[0] : undefined;
    } catch {
      return undefined;
    }
  }

  /** One after the other, so that what is forgotten is not kept again. A failure costs only what it was about. */
  #then(task: () => Promise<unknown>): void {
    this.#work = this.#work.then(task).catch(() => undefined);
  }
}

/** Binds a sealed entry to where it lies. */
function place(launch: string, seq: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${launch}:${seq}`);
}

function lockName(launch: string): string {
  return `${DATABASE}-${launch}`;
}

function upTo(launch: string, seq: number): IDBKeyRange {
  return IDBKeyRange.bound([launch, 0], [launch, seq]);
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(LAUNCHES, { keyPath: "launch" });
      request.result.createObjectStore(ENTRIES, { keyPath: ["launch", "seq"] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("no database"));
    request.onblocked = () => reject(new Error("database blocked"));
  });
}

type Store = (name: typeof LAUNCHES | typeof ENTRIES) => IDBObjectStore;

function run(database: IDBDatabase, mode: IDBTransactionMode, task: (store: Store) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction([LAUNCHES, ENTRIES], mode);
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    task((name) => transaction.objectStore(name));
  });
}

async function all<T>(database: IDBDatabase, name: typeof LAUNCHES | typeof ENTRIES, range?: IDBKeyRange, count?: number): Promise<T[]> {
  let request: IDBRequest<unknown[]> | undefined;
  await run(database, "readonly", (store) => (request = store(name).getAll(range, count)));
  return (request?.result ?? []) as T[];
}
