import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { parseJobFilter } from "../job-filter.ts";
import type { ByJob, JobDetail, JobPage, ListJobs } from "../schema/index.ts";
import { systemOf } from "./systems.ts";

/** Jobs of a queue in one state, newest first. A `state:` in the filter wins over the state asked for. */
export async function listJobs(ctx: Context, input: ListJobs): Promise<JobPage> {
  const { connection, queue, state, cursor, limit } = input;
  const { system } = await systemOf(ctx, connection);
  const filter = parseJobFilter(input.filter);
  const page = await system.listJobs(ctx, { queue, state: filter.state ?? state, filter, cursor, limit });
  return { ...page, items: page.items.map((item) => ({ ...item, connection })) };
}

/** One job or dead letter with its data and attempts. Throws `not_found`, also when it was cleaned away by its age. */
export async function getJob(ctx: Context, { connection, queue, id }: ByJob): Promise<JobDetail> {
  const { system } = await systemOf(ctx, connection);
  const job = await system.getJob(ctx, { queue, id });
  if (!job) throw new AppError("not_found", "There is no such job. It may be done, or was retried, discarded or cleaned away.");
  return { ...job, connection };
}
