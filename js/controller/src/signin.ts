/**
 * What happens when the server no longer takes what the page sends because of the session: asks who is signed in, and
 * goes on only for the learner of this launch. Must never guess.
 */
import { checked, parseSignedIn } from "@scormbridge/protocol";
import type { Fetch } from "./service.ts";

/** Between two questions while nobody, or somebody else, is signed in, in milliseconds. */
const ASK_MS = 10_000;
/** How often a session that looks right is tried at once; after that it waits like any other. */
const EAGER = 2;

/** `same`: the learner of this launch, with a new session. `unknown`: the server does not say. */
export type Who = { is: "same"; sesskey?: string } | { is: "other" | "nobody" | "unknown" };

/** `url` is `signin.session` of the stage page, `owner` the learner's tag. */
export async function whoIsSignedIn(fetch: Fetch, url: string, owner: string): Promise<Who> {
  try {
    const response = await fetch(url, { credentials: "same-origin", cache: "no-store" });
    if (response.status === 401) return { is: "nobody" };
    const body: unknown = await response.json();
    const found = checked(() => parseSignedIn(body));
    if (!response.ok || !found.ok) return { is: "unknown" };
    if (found.value.owner !== owner) return { is: "other" };
    return { is: "same", ...(found.value.sesskey === undefined ? {} : { sesskey: found.value.sesskey }) };
  } catch {
    return { is: "unknown" };
  }
}

export type SignInEvents = {
  /** What the learner should know. */
  state: (state: "signedout" | "otherperson" | "error") => void;
  /** The learner is signed in: go on, with another session key where there is one. */
  again: (sesskey: string | undefined) => void;
};

export class SignIn {
  readonly #ask: () => Promise<Who>;
  readonly #events: SignInEvents;
  #lost = false;
  #asking = false;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: () => Promise<Who>, events: SignInEvents) {
    this.#ask = ask;
    this.#events = events;
  }

  /** The server has refused the session. */
  lost(): void {
    this.#lost = true;
    this.#tries += 1;
    if (this.#tries > EAGER) this.#wait("error");
    else this.check();
  }

  /** The server has taken something. */
  found(): void {
    this.#lost = false;
    this.#tries = 0;
    clearTimeout(this.#timer);
  }

  /** The learner may have signed in meanwhile. */
  check(): void {
    if (!this.#lost || this.#asking) return;
    this.#asking = true;
    clearTimeout(this.#timer);
    void this.#ask().then((who) => {
      this.#asking = false;
      switch (who.is) {
        case "same":
          this.#lost = false;
          return this.#events.again(who.sesskey);
        case "other":
          return this.#wait("otherperson");
        case "nobody":
          return this.#wait("signedout");
        case "unknown":
          return this.#wait("error");
      }
    });
  }

  #wait(state: "signedout" | "otherperson" | "error"): void {
    this.#events.state(state);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.check(), ASK_MS);
  }
}
