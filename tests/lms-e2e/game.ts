// Plays Meadow pairs (tests/packages/interactive-game) by what its cards say, as somebody with a good memory would.
import type { Frame, Page } from 'playwright-core';
import { findFrame } from '../e2e/lib/player.ts';

/** What belongs together, as in the game's own table. */
const pairs: Record<string, string> = {
  'Honey bee': 'Fans nectar until it is honey',
  Earthworm: 'Carries leaves into the soil',
  Ladybird: 'Eats aphids',
  Mole: 'Digs tunnels that let in air',
  Skylark: 'Sings while it climbs',
  'Dung beetle': 'Rolls away what cows leave',
};

export class Game {
  private readonly seen = new Map<number, string>();
  private readonly found = new Set<number>();

  private constructor(readonly frame: Frame) {}

  /** Waits until the game is connected and shows its cards. */
  static async open(page: Page): Promise<Game> {
    return new Game(await findFrame(page, 'html[data-state="playing"], html[data-state="completed"]'));
  }

  async fact(name: string): Promise<string | null> {
    return this.frame.locator('html').getAttribute(`data-${name}`);
  }

  async trouble(): Promise<string> {
    return (await this.frame.locator('#trouble').textContent()) ?? '';
  }

  /** Turns cards until so many pairs are found. */
  async playTo(wanted: number): Promise<void> {
    for (const [at, text] of (await this.faces()).entries()) {
      if (text === undefined) continue;
      this.seen.set(at, text);
      this.found.add(at);
    }
    while (Number(await this.fact('found')) < wanted) {
      const known = this.knownPair() ?? (await this.look());
      if (known) await this.turn(...known);
    }
  }

  private get cards() {
    return this.frame.locator('#board button');
  }

  private async faces(): Promise<(string | undefined)[]> {
    return this.cards.evaluateAll((cards) => cards.map((card) => (card.hasAttribute('data-found') ? (card.textContent ?? '') : undefined)));
  }

  private knownPair(): [number, number] | undefined {
    for (const [first, text] of this.seen) {
      const partner = [...this.seen].find(([at, other]) => at !== first && other === pairs[text]);
      if (partner && !this.found.has(first)) return [first, partner[0]];
    }
    return undefined;
  }

  /** Turns two cards that nobody has seen. */
  private async look(): Promise<undefined> {
    const all = Array.from({ length: 12 }, (_, at) => at).filter((at) => !this.seen.has(at));
    const [first, second] = [all[0] ?? 0, all[1] ?? 1];
    await this.turn(first, second);
    return undefined;
  }

  private async turn(first: number, second: number): Promise<void> {
    for (const at of [first, second]) {
      await this.cards.nth(at).click();
      this.seen.set(at, (await this.cards.nth(at).textContent()) ?? '');
    }
    const [one, two] = [this.seen.get(first) ?? '', this.seen.get(second) ?? ''];
    if (pairs[one] === two || pairs[two] === one) {
      this.found.add(first).add(second);
    } else {
      // Both are turned back before the next turn.
      await this.cards.nth(second).and(this.frame.locator(':not([data-face])')).waitFor();
    }
  }
}
