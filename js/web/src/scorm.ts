/**
 * `<scorm-stage launch-url="…" sco="…" way="…" mode="…">`: launches a SCO by the server's API and hands what it says to the
 * controller (`/assets/controller.js`), which does the rest.
 */
import { csrfToken, Problem, send } from "./api.ts";

export class ScormStage extends HTMLElement {
  connectedCallback(): void {
    void this.#launch();
  }

  async #launch(): Promise<void> {
    const status = this.querySelector<HTMLElement>('[role="status"]');
    try {
      const sco = this.getAttribute("sco");
      const way = this.getAttribute("way");
      const named = { ...(sco === null ? {} : { sco }), ...(way === null ? {} : { way }) };
      const request = { mode: this.getAttribute("mode") ?? "normal", ...named };
      const stage = await send("POST", this.getAttribute("launch-url") ?? "", request, csrfToken(document));
      this.#start(stage);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (status) status.textContent = error.message;
    }
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
