/**
 * `<api-order>`: a list whose items people move up and down; the new order is sent to the JSON API as `{"lessons": […]}`.
 *
 * Attribute: `action`, which takes the order by PUT. Items are the `li` with `data-id`; buttons in them with `data-move`
 * (`-1` or `1`) move theirs. The element with role `status` says where an item went, the one with role `alert` why it
 * did not. Focus stays on the button, or goes to its counterpart where there is nowhere left to go.
 */
import { csrfToken, Problem, send } from "./api.ts";

/** The list with one item a step further; undefined where there is no such place. */
export function moved<T>(items: readonly T[], from: number, step: number): T[] | undefined {
  const to = from + step;
  const item = items[from];
  if (item === undefined || to < 0 || to >= items.length) return undefined;
  const rest = items.filter((_, at) => at !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}

export class ApiOrder extends HTMLElement {
  #busy = false;

  connectedCallback(): void {
    this.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button[data-move]") : null;
      if (button) void this.#move(button);
    });
    this.#mark();
  }

  get #items(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("li[data-id]")];
  }

  async #move(button: HTMLButtonElement): Promise<void> {
    const item = button.closest<HTMLElement>("li[data-id]");
    const before = this.#items;
    const after = item ? moved(before, before.indexOf(item), Number(button.dataset.move)) : undefined;
    if (this.#busy || !item || !after) return;
    this.#busy = true;
    this.#say("alert", "");
    try {
      const order = after.map(({ dataset }) => dataset.id ?? "");
      await send("PUT", this.getAttribute("action") ?? "", { lessons: order }, csrfToken(document));
      item.parentElement?.append(...after);
      this.#mark();
      this.#say("status", `${item.dataset.name ?? ""}: now ${after.indexOf(item) + 1} of ${after.length}.`);
      const twin = item.querySelector<HTMLButtonElement>("button[data-move]:not([aria-disabled=true])");
      (button.getAttribute("aria-disabled") === "true" ? twin : button)?.focus();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#say("alert", error.message);
    } finally {
      this.#busy = false;
    }
  }

  /** The first goes no further up, the last no further down. */
  #mark(): void {
    const items = this.#items;
    for (const [at, item] of items.entries()) {
      for (const button of item.querySelectorAll<HTMLButtonElement>("button[data-move]")) {
        button.setAttribute("aria-disabled", String(moved(items, at, Number(button.dataset.move)) === undefined));
      }
    }
  }

  #say(role: "alert" | "status", text: string): void {
    const place = this.querySelector<HTMLElement>(`[role="${role}"]`);
    if (place) place.textContent = text;
  }
}
