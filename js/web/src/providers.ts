/**
 * `<provider-choice>`: a select of providers, and a search field that fills it with those whose names contain what is
 * typed. Without a search field, where the page holds all providers, it does nothing. The element with role `status` says
 * how many there are.
 */
const PAUSE_MS = 250;
const LIMIT = 50;

/** A provider as the API lists it. */
export type Found = { id: string; name: string; active: boolean };

/** What the API answered; nothing where it is not a list of providers. */
export function foundIn(answer: unknown): { items: Found[]; more: boolean } | undefined {
  const { items, next } = (typeof answer === "object" && answer !== null ? answer : {}) as Record<string, unknown>;
  if (!Array.isArray(items)) return undefined;
  const found = items.flatMap((item: unknown) => {
    const { id, name, status } = (typeof item === "object" && item !== null ? item : {}) as Record<string, unknown>;
    return typeof id === "string" && typeof name === "string" ? [{ id, name, active: status === "active" }] : [];
  });
  return { items: found, more: typeof next === "string" };
}

/** What is said of a search. */
export function said(count: number, more: boolean): string {
  if (count === 0) return "No provider has this in its name.";
  return more ? `The first ${count} of more. Type more of the name.` : `${count} found.`;
}

export class ProviderChoice extends HTMLElement {
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Only the answer to the latest question counts. */
  #asked = 0;

  connectedCallback(): void {
    this.querySelector<HTMLInputElement>("input[type=search]")?.addEventListener("input", (event) => {
      const { value } = event.target as HTMLInputElement;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#find(value.trim()), PAUSE_MS);
    });
  }

  async #find(name: string): Promise<void> {
    const asked = ++this.#asked;
    const query = new URLSearchParams({ limit: String(LIMIT), ...(name === "" ? {} : { name }) });
    const response = await fetch(`/api/providers?${query.toString()}`, { credentials: "same-origin" }).catch(() => undefined);
    const found = response?.ok ? foundIn(await response.json().catch(() => undefined)) : undefined;
    if (asked !== this.#asked) return;
    const status = this.querySelector('[role="status"]');
    if (!found) {
      if (status) status.textContent = "The site cannot be reached. Try again.";
      return;
    }
    this.#offer(found.items);
    if (status) status.textContent = said(found.items.length, found.more);
  }

  /** What stands for none, and what is chosen already, stay. */
  #offer(items: readonly Found[]): void {
    const select = this.querySelector("select");
    if (!select) return;
    const chosen = select.value;
    const kept = [...select.options].filter(({ value }) => value === "" || value === chosen);
    const fresh = items.filter(({ id }) => id !== chosen).map(({ id, name, active }) => {
      const option = new Option(name, id);
      option.disabled = !active;
      return option;
    });
    select.replaceChildren(...kept, ...fresh);
    select.value = chosen;
  }
}
