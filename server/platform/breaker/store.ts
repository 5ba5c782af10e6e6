/**
 * Where a circuit lives. `sharedCircuits` keeps one row per dependency in PostgreSQL, changed under the row's lock on the
 * database's clock, so that all processes count together and only one of them tries a half-open circuit. While the
 * database is away each process decides for itself. `ownCircuits` is that local memory.
 */
import * as z from "zod";
import { monotonicMs } from "../clock.ts";
import type { Database } from "../db.ts";
import { Prisma } from "../db.ts";
import { logger } from "../logger.ts";
import { CLOSED, type Circuit } from "./circuit.ts";

/** A step from one circuit to the next at a time, with what the caller wants to know. */
export type Step<T> = (circuit: Circuit, at: number) => { next: Circuit; result: T };

export type CircuitStore = { change: <T>(name: string, step: Step<T>) => Promise<T> };

const Stored = z.object({
  phase: z.enum(["closed", "open", "half-open"]),
  outcomes: z.array(z.object({ at: z.number(), isFailure: z.boolean() })),
  failuresInARow: z.number(),
  openedAt: z.number().nullable(),
  lease: z.object({ holder: z.string(), until: z.number() }).nullable(),
});

/** Circuits of this process alone, on its monotonic clock. */
export function ownCircuits(clock: () => number = monotonicMs): CircuitStore {
  const circuits = new Map<string, Circuit>();
  return {
    change: (name, step) => {
      const { next, result } = step(circuits.get(name) ?? CLOSED, clock());
      circuits.set(name, next);
      return Promise.resolve(result);
    },
  };
}

type Row = { circuit: unknown; at_ms: number };

/** Circuits that all processes share, and `local` while the database is away. */
export function sharedCircuits(database: Pick<Database, "client">, local: CircuitStore = ownCircuits()): CircuitStore {
  let isAlone = false;
  const shared = <T>(name: string, step: Step<T>): Promise<T> =>
    database.client.$transaction(async (db) => {
      await db.breaker.createMany({ data: [{ name, circuit: CLOSED as unknown as Prisma.InputJsonValue, phase: CLOSED.phase }], skipDuplicates: true });
      const [row] = await db.$queryRaw<Row[]>`
        SELECT circuit, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at_ms FROM "breaker" WHERE name = ${name} FOR UPDATE`;
      const before = Stored.catch(CLOSED as z.infer<typeof Stored>).parse(row?.circuit);
      const { next, result } = step(before, row?.at_ms ?? 0);
      if (next === before) return result;
      await db.$executeRaw`
        UPDATE "breaker" SET circuit = ${JSON.stringify(next)}::jsonb, phase = ${next.phase}, updated_at = clock_timestamp() WHERE name = ${name}`;
      return result;
    });
  return {
    change: async (name, step) => {
      try {
        const result = await shared(name, step);
        isAlone = false;
        return result;
      } catch (error) {
        if (!isAlone) logger().warn({ err: error, breaker: name }, "the state of breakers cannot be shared, this process decides alone until it can");
        isAlone = true;
        return local.change(name, step);
      }
    },
  };
}
