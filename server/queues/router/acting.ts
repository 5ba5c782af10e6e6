import { may } from "../../platform/trpc.ts";
import * as mutations from "../mutations/index.ts";
import * as queries from "../queries/index.ts";
import * as schema from "../schema/index.ts";

const reads = { access: "viewer", tier: "read" } as const;
const writes = { access: "editor", tier: "write" } as const;

/** What is done to queues as a whole, and what a person decided about them. */
export const actingProcedures = {
  pause: may("queues:pause", { ...writes, rest: "POST /queues/{connection}/{queue}/pause", summary: "Let no worker take jobs of a queue" })
    .input(schema.ActOnQueue)
    .output(schema.Changed)
    .mutation(({ ctx, input }) => mutations.pauseQueue(ctx, input)),
  resume: may("queues:resume", { ...writes, rest: "POST /queues/{connection}/{queue}/resume", summary: "Let workers take jobs of a queue again" })
    .input(schema.ActOnQueue)
    .output(schema.Changed)
    .mutation(({ ctx, input }) => mutations.resumeQueue(ctx, input)),
  setRateCap: may("queues:setRateCap", { ...writes, rest: "PUT /queues/{connection}/{queue}/rate-cap", summary: "Cap how many jobs of a queue begin in a second" })
    .input(schema.SetRateCap)
    .output(schema.Changed)
    .mutation(({ ctx, input }) => mutations.setRateCap(ctx, input)),
  drain: may("queues:drain", { ...writes, isDestructive: true, rest: "POST /queues/{connection}/{queue}/drain", summary: "Delete all jobs of a queue that wait" })
    .input(schema.ActOnQueue)
    .output(schema.Drained)
    .mutation(({ ctx, input }) => mutations.drainQueue(ctx, input)),
  runSchedule: may("queues:runSchedule", { ...writes, rest: "POST /queues/{connection}/{queue}/run-schedule", summary: "Add the job of a schedule now" })
    .input(schema.RunSchedule)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.runScheduleNow(ctx, input)),
  enqueueTest: may("queues:enqueueTest", { ...writes, isCreate: true, rest: "POST /queues/{connection}/{queue}/jobs", summary: "Add a test job to a queue" })
    .input(schema.EnqueueTest)
    .output(schema.Done)
    .mutation(({ ctx, input }) => mutations.enqueueTest(ctx, input)),
  policy: may("queues:policy", { ...reads, rest: "GET /queues/{connection}/{queue}/policy", summary: "Show what was decided about a queue" })
    .input(schema.QueueRef)
    .output(schema.Policy)
    .query(({ ctx, input }) => queries.getPolicy(ctx, input)),
  setNeverRetry: may("queues:setNeverRetry", { ...writes, rest: "PUT /queues/{connection}/{queue}/never-retry", summary: "Forbid retries of a queue's jobs, with the reason, or allow them again" })
    .input(schema.SetNeverRetry)
    .output(schema.Policy)
    .mutation(({ ctx, input }) => mutations.setNeverRetry(ctx, input)),
  setConcurrency: may("queues:setConcurrency", { ...writes, rest: "PUT /queues/{connection}/{queue}/concurrency", summary: "Set how many jobs of a kind one worker runs at once" })
    .input(schema.SetConcurrency)
    .output(schema.Policy)
    .mutation(({ ctx, input }) => mutations.setConcurrency(ctx, input)),
  deadLetters: may("queues:deadLetters", { ...reads, rest: "GET /queues/dead-letters", summary: "List queues with dead letters over all connections" })
    .input(schema.Nothing)
    .output(schema.LetterPiles)
    .query(({ ctx }) => queries.listLetters(ctx)),
  quarantine: may("queues:quarantine", { ...reads, rest: "GET /queues/quarantine", summary: "List jobs that were put aside after they ended three workers" })
    .input(schema.Nothing)
    .output(schema.QuarantineList)
    .query(({ ctx }) => queries.listQuarantine(ctx)),
  workers: may("queues:workers", { ...reads, rest: "GET /queues/workers", summary: "List worker processes and what they do" })
    .input(schema.Nothing)
    .output(schema.WorkerList)
    .query(({ ctx }) => queries.listWorkers(ctx)),
};
