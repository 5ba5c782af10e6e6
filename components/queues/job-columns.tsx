/** The columns of job lists, by state. */
import type { Job, JobState } from "../../server/queues/schema/index.ts";
import type { Column } from "../data/columns.ts";
import { formatMilliseconds } from "../data/duration.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import styles from "./jobs.module.css";

const ID_SHOWN = 12;

const id: Column<Job> = { id: "id", header: "Job", width: 128, phone: true, cell: (job) => <code title={job.id}>{job.id.slice(0, ID_SHOWN)}</code> };
const name: Column<Job> = { id: "name", header: "Name", width: 140, wide: true, cell: (job) => <span className={styles.cut} title={job.name}>{job.name}</span> };
const error: Column<Job> = { id: "error", header: "Last error", phone: true, cell: (job) => (job.error ? <code className={styles.cut} title={job.error}>{job.error}</code> : <span className="sw-dim">none</span>) };
const attempts: Column<Job> = { id: "attempts", header: "Attempts", width: 84, align: "right", cell: (job) => (job.maxAttempts === null ? String(job.attempt) : `${job.attempt} of ${job.maxAttempts}`) };
const priority: Column<Job> = { id: "priority", header: "Priority", width: 76, align: "right", wide: true, cell: (job) => job.priority ?? "–" };
const key: Column<Job> = { id: "key", header: "Unique key", wide: true, cell: (job) => (job.key ? <code className={styles.cut}>{job.key}</code> : "–") };
const took: Column<Job> = { id: "took", header: "Took", width: 88, align: "right", cell: (job) => (job.durationMs === null ? "–" : formatMilliseconds(job.durationMs)) };

function time(header: string, of: (job: Job) => Date | null): Column<Job> {
  return { id: "time", header, width: 128, align: "right", phone: true, cell: (job) => <RelativeTime at={of(job)} never="–" /> };
}

const BY_STATE: Record<JobState, readonly Column<Job>[]> = {
  waiting: [id, name, key, priority, attempts, time("Added", (job) => job.createdAt)],
  active: [id, name, key, attempts, time("Started", (job) => job.startedAt)],
  delayed: [id, name, { ...error, phone: false, wide: true }, priority, attempts, time("Starts", (job) => job.startAfter)],
  failed: [id, { ...name, width: 112 }, error, attempts, time("Failed", (job) => job.finishedAt)],
  dead: [id, { ...name, width: 112 }, error, attempts, time("Failed", (job) => job.finishedAt)],
  completed: [id, name, took, attempts, time("Done", (job) => job.finishedAt)],
};

/** `hasNames` is false where a queue holds one kind of job. */
export function jobColumns(state: JobState, hasNames: boolean): readonly Column<Job>[] {
  return hasNames ? BY_STATE[state] : BY_STATE[state].filter((column) => column.id !== "name");
}
