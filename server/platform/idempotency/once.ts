/**
 * Creates that are sent twice are done once. The effect and the kept answer commit in one transaction, so a process that
 * dies leaves both or neither; a repeated request gets the same answer for a day. A failed create changed nothing, so it
 * is not remembered and its key is free again. A repetition is charged as a read, so that a client may repeat a change
 * more often than it may make changes.
 */
import superjson from "superjson";
import type { Context } from "../context.ts";
import { open, seal } from "../crypto.ts";
import { inTransaction } from "../db.ts";
import { AppError } from "../errors.ts";
import { awaitTurn, giveBack, keepAnswer, type Claim, type Wanted } from "./claim.ts";

/** Tells that an answer was made by an earlier request. */
export const REPLAYED_HEADER = "Idempotency-Replayed";

/** What the answers are sealed for: the row's own key, so that no answer opens under another row. */
export const answerPurpose = (row: Omit<Wanted, "requestHash">): string => `idempotency:${row.caller}:${row.procedure}:${row.key}`;

/** What the entry point charges: every request as a read, the one that does the work also as what it is. */
export type Charges = { asRepetition: () => Promise<void>; asWork: () => Promise<void> };

export type Outcome = { ok: true; data: unknown } | { ok: false };

/** Does the work once, or returns what was answered before. */
export type Once = { kind: "answered"; data: unknown } | { kind: "mine"; run: <Result extends Outcome>(work: (tx: Context) => Promise<Result>) => Promise<Result> };

/** The work ended without an effect; carries its result out of the transaction, which is undone. */
class Undone<Result> extends Error {
  readonly result: Result;

  constructor(result: Result) {
    super("undone");
    this.result = result;
  }
}

async function free(ctx: Context, claim: Claim): Promise<void> {
  // Should this fail, the lease runs out by itself.
  await giveBack(ctx, claim).catch((error: unknown) => ctx.log.warn({ err: error, procedure: claim.procedure }, "an idempotency key could not be freed yet"));
}

async function run<Result extends Outcome>(ctx: Context, claim: Claim, work: (tx: Context) => Promise<Result>): Promise<Result> {
  try {
    return await inTransaction(ctx, async (tx) => {
      const result = await work(tx);
      if (!result.ok) throw new Undone(result);
      await keepAnswer(tx, claim, seal(superjson.stringify(result.data), answerPurpose(claim)));
      return result;
    });
  } catch (error) {
    await free(ctx, claim);
    if (error instanceof Undone) return error.result as Result;
    throw error;
  }
}

/**
 * Waits for this request's turn and charges it. Throws AppError `mismatch`, `conflict` (see `awaitTurn`), `limit`, and
 * `conflict` when the kept answer can no longer be opened because its key left the keyring.
 */
export async function takeTurn(ctx: Context, wanted: Wanted, charges: Charges): Promise<Once> {
  await charges.asRepetition();
  const turn = await awaitTurn(ctx, wanted);
  if (turn.kind === "done") {
    ctx.request?.responseHeaders.set(REPLAYED_HEADER, "true");
    return { kind: "answered", data: opened(wanted, turn.answer) };
  }
  const { claim } = turn;
  try {
    await charges.asWork();
  } catch (error) {
    await free(ctx, claim);
    throw error;
  }
  return { kind: "mine", run: (work) => run(ctx, claim, work) };
}

function opened(wanted: Wanted, answer: string): unknown {
  try {
    return superjson.parse(open(answer, answerPurpose(wanted)));
  } catch (cause) {
    throw new AppError("conflict", "This request was done already, but its answer can no longer be read. Look for the row it made; do not send it again with a new key.", { cause });
  }
}
