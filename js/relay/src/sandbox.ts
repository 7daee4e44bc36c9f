/**
 * Sandbox mode: the SCO runs in an opaque origin, where the browser refuses it storage and cookies, and its document
 * comes as text that is written only once the run-time is seeded.
 */

/** A `Storage` that lasts as long as the document. Ordinary SCOs use storage as a cache and crash without it. */
export class MemoryStorage {
  readonly #items = new Map<string, string>();

  get length(): number {
    return this.#items.size;
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(name: string): string | null {
    return this.#items.get(name) ?? null;
  }

  setItem(name: string, value: string): void {
    this.#items.set(name, value);
  }

  removeItem(name: string): void {
    this.#items.delete(name);
  }

  clear(): void {
    this.#items.clear();
  }
}

/** Lets `storage.name = "x"` and `"name" in storage` work as they do on a browser's own storage. */
export function storageProxy(): Storage {
  const storage = new MemoryStorage();
  const own = (name: string | symbol): name is string => typeof name === "string" && !(name in storage);
  return new Proxy(storage, {
    get(target, name) {
      if (own(name)) return target.getItem(name) ?? undefined;
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => Reflect.apply(member, target, args.map(String));
    },
    set(target, name, value) {
      if (!own(name)) return false;
      target.setItem(name, String(value));
      return true;
    },
    has: (target, name) => name in target || (typeof name === "string" && target.getItem(name) !== null),
    deleteProperty(target, name) {
      if (own(name)) target.removeItem(name);
      return true;
    },
    ownKeys: (target) => Array.from({ length: target.length }, (_, index) => target.key(index) ?? ""),
    getOwnPropertyDescriptor(target, name) {
      const value = own(name) ? target.getItem(name) : null;
      return value === null ? undefined : { value, writable: true, enumerable: true, configurable: true };
    },
  });
}

/** Whether the browser refuses this window the storage that SCOs count on. */
export function storageDenied(window: Window): boolean {
  return !works(() => window.localStorage);
}

/** Replaces what an opaque origin is refused. Anything that works is left alone. */
export function provideStorage(window: Window & typeof globalThis): void {
  for (const name of ["localStorage", "sessionStorage"] as const) {
    if (works(() => window[name])) continue;
    Object.defineProperty(window, name, { value: storageProxy(), configurable: true, enumerable: true });
  }
  if (works(() => cookieKept(window.document))) return;
  const cookies = new Map<string, string>();
  Object.defineProperty(window.document, "cookie", {
    configurable: true,
    enumerable: true,
    get: () => [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    set: (text: unknown) => setCookie(cookies, String(text)),
  });
}

/**
 * Replaces the document by the SCO's. The window, and with it the API, stays; its listeners do not, so `opened` may add
 * some before anything of the SCO runs. `url` is the SCO's address where it is not the document's already: opening gives
 * a document the address of whoever opens it.
 */
export function writeDocument(document: Document, html: string, { url, opened }: { url?: string; opened?: () => void } = {}): void {
  document.open();
  opened?.();
  if (url !== undefined) document.defaultView?.history.replaceState(null, "", url);
  // The only way to give a document its content with its scripts, its mode and its URL as if it had been loaded.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  document.write(html);
  document.close();
}

/** Tells the SCO that its page goes away, while its calls can still be heard. It shares the relay's window. */
export function announceUnload(window: Window & typeof globalThis): void {
  for (const type of ["beforeunload", "pagehide", "unload"]) window.dispatchEvent(new window.Event(type));
}

function setCookie(cookies: Map<string, string>, text: string): void {
  const [pair = "", ...attributes] = text.split(";");
  const split = pair.indexOf("=");
  const name = pair.slice(0, Math.max(split, 0)).trim();
  const value = pair.slice(split + 1).trim();
  const gone = attributes.some((attribute) => {
    const [key = "", setting = ""] = attribute.trim().split(/=(.*)/s);
    if (key.toLowerCase() === "max-age") return Number(setting) <= 0;
    return key.toLowerCase() === "expires" && Date.parse(setting) <= Date.now();
  });
  if (gone) cookies.delete(name);
  else cookies.set(name, value);
}

/** Some browsers refuse cookies with an error, others in silence. */
function cookieKept(document: Document): boolean {
  document.cookie = "scormbridge=1";
  const kept = document.cookie.includes("scormbridge=1");
  document.cookie = "scormbridge=; max-age=0";
  return kept;
}

function works(test: () => unknown): boolean {
  try {
    return test() !== false;
  } catch {
    return false;
  }
}
