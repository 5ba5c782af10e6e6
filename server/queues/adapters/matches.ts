/** A job filter on one job, for systems that cannot search. Pure. */
import type { Comparison, JobFilter, Wanted } from "../job-filter.ts";
import type { Job } from "../schema/index.ts";

const isWanted = (value: string, { any, none }: Wanted, isPart: boolean): boolean => {
  const fits = (wanted: string) => (isPart ? value.includes(wanted) : value === wanted);
  return (any.length === 0 || any.some(fits)) && !none.some(fits);
};

const isWithin = (value: number | null, comparisons: Comparison[]): boolean =>
  comparisons.every(({ sign, value: bound }) => {
    if (value === null) return false;
    switch (sign) {
      case "<":
        return value < bound;
      case "<=":
        return value <= bound;
      case "=":
        return value === bound;
      case ">=":
        return value >= bound;
      case ">":
        return value > bound;
      default:
        return sign satisfies never;
    }
  });

/** What stands at a path of JSON text, as text; undefined when nothing does or the text is no JSON. */
function valueAt(text: string, path: string[]): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** True when nothing is asked for, so nothing need be read. */
export function isEmptyFilter({ id, name, error, age, priority, tried, data, text }: JobFilter): boolean {
  return [id, name, error].every(({ any, none }) => any.length + none.length === 0) && age.length + priority.length + tried.length + data.length + text.length === 0;
}

/** True when the job fits the filter; `data` is its JSON text. */
export function matches(filter: JobFilter, { job, data }: { job: Omit<Job, "connection">; data: string }, now: Date): boolean {
  const error = (job.error ?? "").toLowerCase();
  const id = job.id.toLowerCase();
  const text = [id, job.name.toLowerCase(), (job.key ?? "").toLowerCase(), error];
  return (
    isWanted(id, filter.id, true) &&
    isWanted(job.name.toLowerCase(), filter.name, false) &&
    isWanted(error, filter.error, true) &&
    isWithin(job.createdAt && now.getTime() - job.createdAt.getTime(), filter.age) &&
    isWithin(job.priority, filter.priority) &&
    isWithin(job.attempt, filter.tried) &&
    filter.data.every(({ path, value, isNot }) => (valueAt(data, path) === value) !== isNot) &&
    filter.text.every((word) => text.some((part) => part.includes(word)))
  );
}
