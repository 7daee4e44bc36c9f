/** Why a commit did not happen, whichever server refused it. */
import { checked, type CommitAnswer, parseCommitAnswer } from "@scormbridge/protocol";

/**
 * `unreachable`: no answer, or one that is not the server's. `rejected`: the server answered with a refusal that may
 * pass (lock, database, load). `signedout`: the session is over, or another one. `final`: the launch itself is refused,
 * and no repetition changes that.
 */
export class ServiceError extends Error {
  constructor(
    readonly kind: "unreachable" | "rejected" | "signedout" | "final",
    readonly code: string,
    /** So many milliseconds at least should pass before the next try. */
    readonly again_ms = 0,
  ) {
    super(`${kind}: ${code}`);
    this.name = "ServiceError";
  }
}

/** The acknowledgement, or a `ServiceError`: what has another shape does not come from the server. */
export function acknowledgement(value: unknown): CommitAnswer {
  const answer = checked(() => parseCommitAnswer(value));
  if (!answer.ok) throw new ServiceError("unreachable", "commit_bad_answer");
  return answer.value;
}
