/**
 * `<scorm-stage launch-url="…" sco="…" way="…" mode="…">`: launches a SCO by the server's API and hands what it says to the
 * controller (`/assets/controller.js`), which does the rest. Where what was saved cannot be read any more, the learner is asked
 * whether to begin anew.
 */
import { csrfToken, Problem, send } from "./api.ts";

/** The refusal that only the learner can overrule, by giving up what was saved. */
const UNREADABLE = "state_unreadable";

export class ScormStage extends HTMLElement {
  connectedCallback(): void {
    void this.#launch(false);
  }

  async #launch(restart: boolean): Promise<void> {
    const status = this.querySelector<HTMLElement>('[role="status"]');
    try {
      const sco = this.getAttribute("sco");
      const way = this.getAttribute("way");
      const named = { ...(sco === null ? {} : { sco }), ...(way === null ? {} : { way }) };
      const mode = this.getAttribute("mode") ?? "normal";
      const request = { mode, ...named, ...(restart ? { restart } : {}) };
      const stage = await send("POST", this.getAttribute("launch-url") ?? "", request, csrfToken(document));
      this.#start(stage);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (status) status.textContent = error.message;
      if (error.code === UNREADABLE) this.#offerRestart();
    }
  }

  #offerRestart(): void {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Begin this part anew";
    button.addEventListener("click", () => {
      button.remove();
      void this.#launch(true);
    });
    this.append(button);
  }

  #start(stage: unknown): void {
    const data = document.createElement("script");
    data.type = "application/json";
    data.id = "scormbridge-stage";
    data.textContent = JSON.stringify(stage);
    const root = document.createElement("div");
    root.id = "scormbridge-root";
    root.className = "stage";
    const controller = document.createElement("script");
    controller.src = this.getAttribute("controller") ?? "";
    this.replaceChildren(root, data, controller);
  }
}
