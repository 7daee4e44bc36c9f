/** The line that tells the learner whether the work is saved, for eyes and for screen readers. */
import type { StageConfig, StageString } from "@scormbridge/protocol";

/** States in which the learner can do something about it, and what the button says then. */
const ACTIONS: Partial<Record<StageString, "retry" | "signin">> = {
  offline: "retry",
  error: "retry",
  noanswer: "retry",
  gone: "retry",
  superseded: "retry",
  timeout: "retry",
  signedout: "signin",
  otherperson: "signin",
};
/** States in which there is nothing but the message to see. */
const ALONE: ReadonlySet<StageString> = new Set<StageString>(["superseded", "timeout"]);

const ON_A_LINE = "display:flex;gap:.75rem;align-items:center;padding:.125rem .5rem;font:.8125rem/1.5 system-ui,sans-serif";
const IN_THE_MIDDLE =
  "display:flex;flex-direction:column;gap:1rem;align-items:center;margin:auto;padding:1rem;max-width:32rem;text-align:center;font:1rem/1.5 system-ui,sans-serif";

/** What needs the learner stands above the content: the end of the player's frame is often below the fold. */
const ABOVE = `${ON_A_LINE};order:-1;background:#fff3cd;color:#332701;border-bottom:1px solid #997404`;

export class Status {
  readonly element: HTMLElement;
  readonly #text: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #strings: StageConfig["strings"];
  #state: StageString | undefined;

  /** `act` is called with the state that the learner wants to get out of. */
  constructor(document: Document, strings: StageConfig["strings"], act: (state: StageString) => void) {
    this.#strings = strings;
    this.element = document.createElement("div");
    this.element.className = "scormbridge-status";
    this.element.style.cssText = ON_A_LINE;
    this.#text = document.createElement("span");
    this.#text.setAttribute("role", "status");
    this.#text.setAttribute("aria-live", "polite");
    this.#button = document.createElement("button");
    this.#button.type = "button";
    this.#button.className = "btn btn-secondary btn-sm";
    this.#button.hidden = true;
    this.#button.addEventListener("click", () => {
      if (this.#state !== undefined) act(this.#state);
    });
    this.element.append(this.#text, this.#button);
  }

  /** Says a state once: a live region that repeats itself drowns the content. */
  show(state: StageString): void {
    if (this.#state === state) return;
    this.#state = state;
    this.element.dataset.state = state;
    const action = ACTIONS[state];
    this.element.style.cssText = styleOf(state);
    this.#text.textContent = this.#strings[state];
    this.#button.hidden = action === undefined;
    this.#button.textContent = action === undefined ? "" : this.#strings[action];
  }
}

function styleOf(state: StageString): string {
  if (ALONE.has(state)) return IN_THE_MIDDLE;
  return state in ACTIONS || state === "stopped" ? ABOVE : ON_A_LINE;
}
