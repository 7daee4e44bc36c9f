/**
 * `<course-frame>`: an interactive course of another origin in a frame, and its part of the conversation.
 *
 * The course says `course.ready`; it is answered once with `course.launch` and a launch token that is worth something
 * only to the course's own origin. What the course does is stored by its runtime through the server's API; what it
 * tells this page (`course.progress`, `course.attempt.completed`) only moves the bar that the learner sees.
 *
 * Attributes: `src`, `origin` (of the course), `token-url` (mints a launch token), `heading`, `mode` (how it is launched),
 * `assignment` (of the course, if one is launched).
 */
import { csrfToken, Problem, send } from "./api.ts";

/** Never allow-top-navigation. The course keeps its own origin, which is never this page's. */
const SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-modals allow-downloads";
/** How long the course may take before the learner is told. */
const SILENT_MS = 20_000;

export type CourseMessage =
  | { type: "course.ready" }
  | { type: "course.progress"; progress: number }
  | { type: "course.attempt.completed" };

/** What the frame says, or undefined for what is none of its own words: wrong window, wrong origin, wrong shape. */
export function heard(
  event: Pick<MessageEvent<unknown>, "source" | "origin" | "data">,
  frame: unknown,
  origin: string,
): CourseMessage | undefined {
  if (event.source === null || event.source !== frame || event.origin !== origin) return undefined;
  if (typeof event.data !== "object" || event.data === null) return undefined;
  const { type, progress } = event.data as Record<string, unknown>;
  if (type === "course.ready" || type === "course.attempt.completed") return { type };
  if (type === "course.progress" && typeof progress === "number" && progress >= 0 && progress <= 100) return { type, progress };
  return undefined;
}

export class CourseFrame extends HTMLElement {
  #launched = false;
  #frame: HTMLIFrameElement | undefined;

  connectedCallback(): void {
    window.addEventListener("message", this.#hear);
    this.#open();
  }

  disconnectedCallback(): void {
    window.removeEventListener("message", this.#hear);
  }

  #open(): void {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", SANDBOX);
    frame.allow = "fullscreen; autoplay";
    frame.referrerPolicy = "origin";
    frame.title = this.getAttribute("heading") ?? "Course";
    frame.src = this.getAttribute("src") ?? "";
    this.#frame = frame;
    this.#launched = false;
    this.replaceChildren(frame);
    this.#say("Opening the course…");
    window.setTimeout(() => {
      if (!this.#launched && this.#frame === frame) this.#say("The course does not answer. Load this page again to retry.");
    }, SILENT_MS);
  }

  readonly #hear = (event: MessageEvent<unknown>): void => {
    const message = heard(event, this.#frame?.contentWindow, this.getAttribute("origin") ?? "");
    if (message?.type === "course.ready") void this.#launch(event.source as Window);
    else if (message?.type === "course.progress") this.#progress(message.progress);
    else if (message?.type === "course.attempt.completed") this.#say("Completed. Well done!");
  };

  async #launch(course: Window): Promise<void> {
    if (this.#launched) return;
    this.#launched = true;
    try {
      const assignment = this.getAttribute("assignment");
      const request = { mode: this.getAttribute("mode") ?? "normal", ...(assignment === null ? {} : { assignment_id: assignment }) };
      const answer = await send("POST", this.getAttribute("token-url") ?? "", request, csrfToken(document));
      const { token } = answer as { token: string };
      course.postMessage({ type: "course.launch", token }, this.getAttribute("origin") ?? "");
      this.#say("");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#say(error.message);
    }
  }

  #progress(progress: number): void {
    const bar = document.querySelector<HTMLProgressElement>(`progress[data-for="${this.id}"]`);
    if (bar) bar.value = progress;
  }

  #say(text: string): void {
    const line = document.querySelector<HTMLElement>(`[role="status"][data-for="${this.id}"]`);
    if (line) line.textContent = text;
  }
}
