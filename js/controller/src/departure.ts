/**
 * The learner goes elsewhere: to another SCO by the player's table of contents or its drop-down list, or to another page
 * by a link.
 *
 * SCOs save last things while they are unloaded. In mod_scorm's own player those calls are synchronous; here they
 * cross to another process, and would come after this page is gone. So the frame is hidden at once, but kept until its
 * SCO has ended and all is saved, and a link or a choice is followed only then. Closing the tab cannot be held like this.
 */
import { findPlayer } from "./player.ts";

/** `depart` ends the SCO and resolves when what it did last is saved. */
export function holdDeparture(window: Window, depart: () => Promise<void>): void {
  const player = findPlayer(window);
  // A stage page that is nobody's frame has its own links around the SCO.
  if (!player && window.parent === window) window.addEventListener("click", followWhenSaved(window, depart));
  const frame = player && window.frameElement;
  const home = frame?.parentNode;
  if (!player || !frame || !home) return;

  const follow = followWhenSaved(player, depart);
  player.addEventListener("click", follow);

  // The drop-down list of SCOs is a form that Moodle's script sends by its method, without an event.
  const list = player.document.querySelector<HTMLFormElement>("#scormnav form");
  const submit = list?.submit.bind(list);
  const unshadowList = list && shadow(list, "submit", () => void depart().then(submit));

  // mod_scorm takes the frame out of the page by its parent's method (module.js, scorm_activate_item).
  const removeChild = home.removeChild.bind(home);
  const release = (): void => {
    unshadowHome();
    unshadowList?.();
    player.removeEventListener("click", follow);
  };
  const hold = (child: Node): Node => {
    if (child !== frame) return removeChild(child);
    release();
    frame.removeAttribute("id");
    frame.setAttribute("style", "display: none");
    void depart().then(() => frame.remove());
    return child;
  };
  const unshadowHome = shadow(home, "removeChild", hold);
  window.addEventListener("pagehide", release);
}

/** Holds a click on a link back until the SCO has ended. */
function followWhenSaved(page: Window, depart: () => Promise<void>): (event: MouseEvent) => void {
  return (event) => {
    const url = destination(event, page.location.href);
    if (url === undefined) return;
    event.preventDefault();
    void depart().then(() => page.location.assign(url));
  };
}

/**
 * Puts a method of our own before an inherited one; the answer takes it away again. Only ours: the stage page of the
 * next SCO may be there, with a method of its own, before the frame of this one is gone.
 */
function shadow<Name extends string>(target: Record<Name, unknown>, name: Name, method: unknown): () => void {
  Object.defineProperty(target, name, { value: method, configurable: true, writable: true });
  return () => {
    if (target[name] === method) Reflect.deleteProperty(target, name);
  };
}

/** Where a click takes the player's own window, if it does. */
export function destination(event: MouseEvent, here: string): string | undefined {
  if (event.defaultPrevented || event.button !== 0) return undefined;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return undefined;
  const link = (event.target as Partial<Element> | null)?.closest?.<HTMLAnchorElement>("a[href]");
  if (!link || (link.target !== "" && link.target !== "_self") || link.hasAttribute("download")) return undefined;
  const url = new URL(link.href, here);
  const sameDocument = url.href.split("#")[0] === here.split("#")[0] && link.href.includes("#");
  return sameDocument || !/^https?:$/.test(url.protocol) ? undefined : url.href;
}
