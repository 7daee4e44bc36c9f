/** What the learner sees of the relay: the SCO's frame, or one sentence that says why there is none. */
import type { ConnectFailure } from "./connect.ts";

export type PageFailure = ConnectFailure | "not_set_up" | "foreign_content";

/** The relay knows no language of the learner's before it is welcomed, so it speaks plain English. */
const MESSAGES: Record<PageFailure, string> = {
  no_parent: "This content can only be opened from its learning site. Please open the activity there.",
  no_nonce: "This content was not opened by its learning site. Please close it and open the activity again.",
  no_answer:
    "The learning site does not answer. Please close the activity and open it again. If that does not help, the site may not be on the list of sites that this content trusts.",
  not_set_up: "The relay of this content is not set up: its list of trusted learning sites is missing or damaged.",
  foreign_content: "The learning site asked for content that does not belong to this relay, so it is not shown.",
};

/** Content of a SCO keeps every right that its parent was given. */
const ALLOW =
  "fullscreen; autoplay; unload; encrypted-media; picture-in-picture; clipboard-write; microphone; camera; accelerometer; gyroscope";

/** Puts a frame with `url` into the page and lets it fill the page. The title follows the content's own. */
export function showFrame(document: Document, url: string): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.title = "Learning content";
  frame.allow = ALLOW;
  frame.style.cssText = "position:fixed;inset:0;width:100%;height:100%;border:0";
  frame.addEventListener("load", () => {
    const title = frame.contentDocument?.title ?? "";
    if (title !== "") frame.title = title;
  });
  frame.src = url;
  document.body.replaceChildren(frame);
  return frame;
}

export function showFailure(document: Document, failure: PageFailure): void {
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.dataset.failure = failure;
  message.lang = "en";
  message.style.cssText = "font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem";
  message.textContent = MESSAGES[failure];
  document.body.replaceChildren(message);
}
