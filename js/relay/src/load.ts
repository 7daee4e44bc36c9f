/**
 * How the SCO gets into its frame. Where the browser grants storage, by its address, as anywhere.
 *
 * Browsers that block third-party storage make `localStorage` throw in every frame of another site, and many SCOs stop
 * at that. There the SCO's document is fetched and written into a blank page of its own origin that already has
 * stand-ins, and whose address is set to the SCO's, so that relative links and `location` are right.
 */
import { showFrame } from "./page.ts";
import { provideStorage, storageDenied, writeDocument } from "./sandbox.ts";

/** The relay's own page does nothing under this fragment. */
export const BLANK = "#scormbridge-blank";

/** `url` is of the page's own origin. `gone` is called when its host turns out not to answer any more. */
export async function loadSco(window: Window & typeof globalThis, url: string, gone: () => void): Promise<void> {
  const html = storageDenied(window) ? await fetchDocument(window, url) : undefined;
  if (html === undefined) {
    watchHost(window, showFrame(window.document, url), url, gone);
    return;
  }
  const blank = new URL(BLANK, window.location.href).href;
  const frame = showFrame(window.document, blank);
  watchHost(window, frame, url, gone);
  const write = (): void => {
    const inner = frame.contentWindow as (Window & typeof globalThis) | null;
    if (!inner) return;
    provideStorage(inner);
    writeDocument(inner.document, html, { url });
  };
  // A document that is written from inside its own load event never gets another one.
  frame.addEventListener("load", () => window.setTimeout(write, 0), { once: true });
}

/**
 * Says when the host fails while the learner is at it. The gateway's error page tells by its status. The browser's own
 * is a stranger to the relay, but so is any page of another site that a SCO may link to: which of the two it is, the
 * host says, by its answer for the last page that was its own.
 */
function watchHost(window: Window, frame: HTMLIFrameElement, url: string, gone: () => void): void {
  let last = url;
  frame.addEventListener("load", () => {
    const here = frame.contentDocument?.location.href;
    if (here !== undefined) {
      if (/^https?:/.test(here)) last = here;
      if (statusOf(frame) >= 500) gone();
      return;
    }
    window.fetch(last, { method: "HEAD", cache: "no-store" }).then(
      (response) => {
        if (response.status >= 500) gone();
      },
      gone,
    );
  });
}

/** The HTTP status of the page in a frame of this origin; 0 where the browser does not tell. */
function statusOf(frame: HTMLIFrameElement): number {
  const [navigation] = frame.contentWindow?.performance.getEntriesByType("navigation") ?? [];
  return (navigation as PerformanceNavigationTiming | undefined)?.responseStatus ?? 0;
}

/** The text of an HTML document; nothing where it is not one, or cannot be had: then the frame shows what there is. */
async function fetchDocument(window: Window, url: string): Promise<string | undefined> {
  try {
    const response = await window.fetch(url);
    const type = response.headers.get("Content-Type") ?? "";
    if (!response.ok || response.redirected || !/^text\/html\b/i.test(type)) return undefined;
    const bytes = await response.arrayBuffer();
    return new TextDecoder(charsetOf(type, bytes)).decode(bytes);
  } catch {
    return undefined;
  }
}

/** HTML's own order: byte order mark, header, the first 1,024 bytes of the document, then UTF-8. */
export function charsetOf(contentType: string, bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes.slice(0, 2));
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  const head = new TextDecoder("latin1").decode(bytes.slice(0, 1_024));
  const declared = /charset\s*=\s*["']?([\w-]+)/i;
  return head.startsWith("\u00EF\u00BB\u00BF") ? "utf-8" : (declared.exec(contentType) ?? declared.exec(head))?.[1] ?? "utf-8";
}
