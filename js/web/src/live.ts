/**
 * `<live-part src="…">`: a part of a page that the server renders anew every few seconds, as a teacher's list of
 * attempts. Focus and scrolling stay, as nothing is touched while nothing changes. A live region, if the part has one,
 * is the server's business: this element announces only that it lost the server.
 */

const EVERY_MS = 2_000;
/** The longest pause after failures, doubled from `EVERY_MS`. */
const LONGEST_MS = 30_000;

/** Milliseconds until the next try after so many failures in a row. */
export function pauseAfter(failures: number): number {
  return Math.min(EVERY_MS * 2 ** failures, LONGEST_MS);
}

export class LivePart extends HTMLElement {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #shown: string | undefined;

  connectedCallback(): void {
    document.addEventListener("visibilitychange", this.#wake);
    this.#plan();
  }

  disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.#wake);
    clearTimeout(this.#timer);
  }

  readonly #wake = (): void => {
    clearTimeout(this.#timer);
    if (document.visibilityState === "visible") void this.#refresh();
  };

  #plan(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#refresh(), pauseAfter(this.#failures));
  }

  async #refresh(): Promise<void> {
    // Nobody looks at a hidden page; it is refreshed as soon as somebody does.
    if (document.visibilityState === "hidden") return;
    const html = await load(this.getAttribute("src") ?? "");
    if (!this.isConnected) return;
    this.#failures = html === undefined ? this.#failures + 1 : 0;
    this.toggleAttribute("data-stale", html === undefined);
    if (html !== undefined && html !== this.#shown) {
      const old = this.#shown;
      this.#shown = html;
      // The first answer is what the page was rendered with, unless something happened since.
      if (old !== undefined || html.trim() !== this.innerHTML.trim()) this.innerHTML = html;
    }
    this.#plan();
  }
}

/** A fragment of our own server's, which escapes what people wrote; undefined where it could not be had. */
async function load(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "text/html" }, redirect: "error" });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}
