/** The line that tells the learner whether the work is saved, for eyes and for screen readers. */
import type { StageConfig, StageString } from "@scormbridge/protocol";

/** States in which the learner can do something about it. */
const WITH_RETRY: ReadonlySet<StageString> = new Set<StageString>(["offline", "error", "noanswer"]);

export class Status {
  readonly element: HTMLElement;
  readonly #text: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #strings: StageConfig["strings"];

  constructor(document: Document, strings: StageConfig["strings"], retry: () => void) {
    this.#strings = strings;
    this.element = document.createElement("div");
    this.element.className = "scormbridge-status";
    this.element.style.cssText = "display:flex;gap:.75rem;align-items:center;padding:.125rem .5rem;font:.8125rem/1.5 system-ui,sans-serif";
    this.#text = document.createElement("span");
    this.#text.setAttribute("role", "status");
    this.#text.setAttribute("aria-live", "polite");
    this.#button = document.createElement("button");
    this.#button.type = "button";
    this.#button.className = "btn btn-secondary btn-sm";
    this.#button.textContent = strings.retry;
    this.#button.hidden = true;
    this.#button.addEventListener("click", retry);
    this.element.append(this.#text, this.#button);
  }

  /** Says a state once: a live region that repeats itself drowns the content. */
  show(state: StageString): void {
    if (this.element.dataset.state === state) return;
    this.element.dataset.state = state;
    this.#text.textContent = this.#strings[state];
    this.#button.hidden = !WITH_RETRY.has(state);
  }
}
