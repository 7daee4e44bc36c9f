/**
 * `<api-form>`: a form that speaks to the JSON API, so that pages and other clients have one way to change things.
 *
 * Attributes: `action` and `method` of the API call, and `then`, the page to go to afterwards (`{id}` stands for the
 * member of that name in the answer; without it the page is loaded anew). An `<output>` inside with `data-answer` shows
 * that member of the answer instead, and the page stays. The first element with role `alert` inside says what went wrong. An input's `data-as` says what its text means: `number`, `list` (words apart by white space or
 * commas) or `boolean`; an empty input is left out.
 */
import { csrfToken, type Fault, Problem, send } from "./api.ts";

export type Input = { name: string; value: string; as: string | undefined; checked?: boolean };

/** The JSON that a form stands for. */
export function bodyOf(inputs: readonly Input[]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const { name, value, as, checked } of inputs) {
    if (name === "" || checked === false && as !== "boolean") continue;
    const text = value.trim();
    if (as === "boolean") body[name] = checked ?? text === "true";
    else if (as === "list") body[name] = text === "" ? [] : text.split(/[\s,]+/);
    else if (text !== "") body[name] = as === "number" ? Number(text) : value;
  }
  return body;
}

/** The page to go to: places in braces are filled from the answer, as path segments. */
export function pageAfter(pattern: string, answer: unknown, written: (value: string | number) => string = encodeURIComponent): string {
  const members = typeof answer === "object" && answer !== null ? (answer as Record<string, unknown>) : {};
  return pattern.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = members[name];
    return typeof value === "string" || typeof value === "number" ? written(value) : "";
  });
}

export class ApiForm extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.target instanceof HTMLFormElement) void this.#send(event.target, event.submitter);
    });
  }

  async #send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    if (form.getAttribute("aria-busy") === "true") return;
    this.#say("");
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    form.setAttribute("aria-busy", "true");
    try {
      const body = bodyOf(inputsOf(form, submitter));
      const method = this.getAttribute("method") ?? "POST";
      const answer = await send(method, this.getAttribute("action") ?? "", body, csrfToken(document));
      const output = this.querySelector<HTMLOutputElement>("output[data-answer]");
      const then = this.getAttribute("then");
      if (output) show(output, form, answer);
      else if (then === null) window.location.reload();
      else window.location.assign(pageAfter(then, answer));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      form.removeAttribute("aria-busy");
      this.#say(error.faults.length === 0 ? error.message : error.faults.map((fault) => blame(form, fault)).join(" "));
    }
  }

  #say(text: string): void {
    const place = this.querySelector<HTMLElement>('[role="alert"]');
    if (place) place.textContent = text;
  }
}

/** Marks the input that a fault is about, goes there, and says what is wrong in the words of its label. */
function blame(form: HTMLFormElement, { field, message }: Fault): string {
  const input = form.elements.namedItem(field);
  if (!(input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement || input instanceof HTMLSelectElement)) {
    return `${field} ${message}.`;
  }
  input.setAttribute("aria-invalid", "true");
  input.focus();
  const label = input.labels?.item(0).firstChild?.textContent?.trim();
  return `${label ?? field}: ${message}.`;
}

/** Shows what is told only once; the form that asked for it has done its work. */
function show(output: HTMLOutputElement, form: HTMLFormElement, answer: unknown): void {
  output.value = pageAfter("{" + (output.dataset.answer ?? "") + "}", answer, String);
  output.closest<HTMLElement>("[hidden]")?.removeAttribute("hidden");
  form.removeAttribute("aria-busy");
}

function inputsOf(form: HTMLFormElement, submitter: HTMLElement | null): Input[] {
  const inputs: Input[] = [];
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement) {
      const box = element.type === "checkbox" || element.type === "radio";
      inputs.push({ name: element.name, value: element.value, as: element.dataset.as, ...(box ? { checked: element.checked } : {}) });
    } else if (element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement) {
      inputs.push({ name: element.name, value: element.value, as: element.dataset.as });
    } else if (element instanceof HTMLButtonElement && element === submitter) {
      inputs.push({ name: element.name, value: element.value, as: element.dataset.as });
    }
  }
  return inputs;
}
