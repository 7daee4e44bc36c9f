// What became of what a SCO was promised: compares one launch with its part of the history.
import type { Pair, Promised } from './schedule.ts';

/** An entry of the history. */
export interface Entry {
  seq: number;
  op: string;
  element?: string;
  value?: string;
}

export interface Verdict {
  promised: number;
  stored: number;
  /** Promised, and not stored. */
  lost: Pair[];
  /** Last words that went with page and network at once, and are not stored. */
  byNature: number;
  /** Stored twice, in another order, or never said. */
  wrong: string[];
}

export function judge({ sets, lastWords }: Promised, entries: readonly Entry[]): Verdict {
  const stored = entries.flatMap(({ op, element = '', value = '' }): Pair[] => (op === 'set' ? [[element, value]] : []));
  const left = stored.map(text);
  /** Takes what was said out of what is stored, once. */
  const take = (said: Pair): boolean => {
    const at = left.indexOf(text(said));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  };
  const lost = sets.filter((said) => !take(said));
  const heard = lastWords !== undefined && take(lastWords.pair);
  const missed = lastWords?.said === true && !heard;
  const byNature = missed && lastWords.wentTogether;
  if (missed && !byNature) lost.push(lastWords.pair);

  const wrong = left.map((extra) => `never said, or stored twice: ${extra}`);
  const seqs = entries.map(({ seq }) => seq);
  if (seqs.some((seq, at) => seq !== at + 1)) wrong.push(`the history does not count from 1 on: ${seqs.join(' ')}`);
  const said = heard ? [...sets, lastWords.pair] : sets;
  if (lost.length === 0 && wrong.length === 0 && stored.some((pair, at) => text(pair) !== text(said[at]))) wrong.push('stored in another order');
  return { promised: sets.length + (heard || missed ? 1 : 0), stored: stored.length, lost, byNature: byNature ? 1 : 0, wrong };
}

function text(pair: Pair | undefined): string {
  return JSON.stringify(pair);
}
