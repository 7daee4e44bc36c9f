/** Sends what earlier launches of the same learner left in this browser, each as its own launch's. */
import type { CommitAnswer, Entry, StageConfig } from "@scormbridge/protocol";
import type { Keeper, Left } from "./keeper.ts";
import { Queue } from "./queue.ts";
import { ServiceError } from "./refusal.ts";

type Batching = Pick<StageConfig["batching"], "max_entries" | "max_bytes">;

/** Sends entries of a launch that is not the page's own. Rejects with a `ServiceError`. */
export type SendFor = (left: Left, entries: readonly Entry[]) => Promise<CommitAnswer>;

/**
 * `news`: the server has something now that the page's seed does not know of. `waiting`: there is more, which the server
 * could not take now.
 */
export type Restored = { news: boolean; waiting: boolean };

/** `earlier` is what the page's seed knows of. What the server will never take is given up, and told by `refused`. */
export async function restore(
  keeper: Pick<Keeper, "left" | "drop">,
  { batching, earlier }: Pick<StageConfig, "earlier"> & { batching: Batching },
  send: SendFor,
  refused: (code: string) => void,
): Promise<Restored> {
  let news = false;
  for (const left of await keeper.left()) {
    try {
      const queue = new Queue((left.entries[0]?.seq ?? 1) - 1);
      queue.take(left.entries);
      for (let batch = queue.batch(batching.max_entries, batching.max_bytes); batch; batch = queue.batch(batching.max_entries, batching.max_bytes)) {
        await send(left, batch.entries);
        queue.acknowledge(batch.last);
        news ||= batch.last > (earlier.get(left.launch) ?? Number.POSITIVE_INFINITY);
      }
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.kind !== "final") return { news, waiting: true };
      refused(error.code);
    }
    await keeper.drop(left.launch);
  }
  return { news, waiting: false };
}
