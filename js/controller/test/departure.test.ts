import { describe, expect, it, vi } from "vitest";
import { destination, holdDeparture } from "../src/departure.ts";

const HERE = "https://moodle.example.org/mod/scorm/player.php?a=1";

/** A click on a link, as far as it is looked at. */
function click(href: string, event: Partial<MouseEvent> = {}, link: { target?: string; download?: boolean } = {}): MouseEvent {
  const anchor = { href: new URL(href, HERE).href, target: link.target ?? "", hasAttribute: () => link.download ?? false };
  return { defaultPrevented: false, button: 0, target: { closest: () => anchor }, ...event } as unknown as MouseEvent;
}

describe("a click in the player", () => {
  it.each([
    ["a link to another page", click("/course/view.php?id=2"), "https://moodle.example.org/course/view.php?id=2"],
    ["a link to the player, with another SCO", click("?a=1&scoid=5"), "https://moodle.example.org/mod/scorm/player.php?a=1&scoid=5"],
    ["a link to itself, which loads it again", click(HERE), HERE],
    ["a link to another site", click("https://example.com/"), "https://example.com/"],
  ])("on %s leads away", (_name, event, expected) => {
    expect(destination(event, HERE)).toBe(expected);
  });

  it.each([
    ["a place in the page", click("#toc")],
    ["a script", click("javascript:void(0)")],
    ["a mail address", click("mailto:ana@example.org")],
    ["a link for another window", click("/course/", {}, { target: "_blank" })],
    ["a file to keep", click("/file.zip", {}, { download: true })],
    ["a link that the page handles itself", click("/course/", { defaultPrevented: true })],
    ["a link, with the middle button", click("/course/", { button: 1 })],
    ["a link, into a new tab", click("/course/", { ctrlKey: true })],
    ["no link at all", click("/", { target: { closest: () => null } as unknown as EventTarget })],
    ["something that is no element", click("/", { target: null })],
  ])("on %s leads nowhere else", (_name, event) => {
    expect(destination(event, HERE)).toBeUndefined();
  });
});

describe("a player that takes a SCO out of the page", () => {
  it("waits for the next SCO too, although the first one's page goes only after the next one is there", () => {
    const taken: unknown[] = [];
    const home = Object.create({ removeChild: (child: unknown) => taken.push(child) }) as { removeChild: (child: unknown) => void };
    const player = {
      M: { mod_scorm: {} },
      document: { querySelector: () => null },
      addEventListener: vi.fn(),
      removeEventListener: vi.fn(),
    };
    const stage = (): { frame: unknown; depart: ReturnType<typeof vi.fn>; hide: () => void } => {
      const frame = { parentNode: home, removeAttribute: vi.fn(), setAttribute: vi.fn(), remove: vi.fn() };
      const depart = vi.fn(() => new Promise<void>(() => undefined));
      const hide: (() => void)[] = [];
      const window = { parent: player, frameElement: frame, addEventListener: (_: string, listen: () => void) => hide.push(listen) };
      holdDeparture(window as unknown as Window, depart);
      return { frame, depart, hide: () => hide.forEach((listen) => listen()) };
    };
    const first = stage();
    home.removeChild(first.frame);
    const second = stage();
    first.hide();
    home.removeChild(second.frame);
    expect(first.depart).toHaveBeenCalledOnce();
    expect(second.depart).toHaveBeenCalledOnce();
    expect(taken).toEqual([]);
  });
});
