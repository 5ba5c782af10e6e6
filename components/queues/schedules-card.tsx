"use client";
import type { QueueDetail, ShownSchedule } from "../../server/queues/schema/index.ts";
import { Facts } from "../data/side-panel.tsx";
import { Card } from "../shell/page.tsx";
import styles from "./queues.module.css";

/** Instants as people read them in the schedule's own zone; seconds when they tell the runs apart. */
function inZone(runs: readonly Date[], zone: string): string[] {
  const hasSeconds = runs.some((at) => at.getUTCSeconds() !== 0);
  const format = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone } as const;
  const formatter = new Intl.DateTimeFormat("en-GB", hasSeconds ? { ...format, second: "2-digit" } : format);
  return runs.map((at) => formatter.format(at));
}

const NO_RUNS: Record<string, string> = { true: "It is over: no run follows.", false: "Its system alone knows when it runs." };

function NextRuns({ schedule: { next, zone, words }, now }: { schedule: ShownSchedule; now: Date }) {
  if (next.length === 0) return <p className="sw-dim">{NO_RUNS[String(words !== null)]}</p>;
  const shown = inZone(next, zone);
  return (
    <ol className={styles.runs} aria-label="Next runs">
      {next.map((at, index) => (
        <li key={at.getTime()}>
          <time dateTime={at.toISOString()}>{shown[index]}</time>
          {at < now ? <span className="sw-dim"> due</span> : null}
        </li>
      ))}
    </ol>
  );
}

/** The clocks that add jobs to the queue: in words, as written, and when next in their zone. */
export function SchedulesCard({ queue }: { queue: QueueDetail }) {
  if (queue.schedules.length === 0) return null;
  return (
    <Card title="Schedules" footer={{ source: `Times in each schedule's own zone` }}>
      {queue.schedules.map((schedule) => (
        <section key={schedule.key} aria-label={`Schedule ${schedule.key || schedule.line}`}>
          <p className={styles.scheduleHead}>
            <strong>{schedule.words ?? "In its own words"}</strong> <code>{schedule.kind === "every" ? `${schedule.line} ms` : schedule.line}</code> <span className="sw-dim">{schedule.zone}</span>
          </p>
          <NextRuns schedule={schedule} now={queue.readAt} />
        </section>
      ))}
    </Card>
  );
}

/** Who takes jobs of this queue, and how the queue is set up, in the words of its system. */
export function InsideCard({ queue, at }: { queue: QueueDetail; at: React.ReactNode }) {
  const workers = queue.workers.map((worker): [string, React.ReactNode] => [worker.name, [worker.host, worker.seenAt ? "alive" : null].filter(Boolean).join(", ") || "connected"]);
  return (
    <Card title="Workers and settings" footer={{ source: queue.connectionName, at }}>
      <Facts rows={[["Workers", queue.consumers === null ? "this system does not tell" : String(queue.consumers)], ...workers, ...queue.facts.map(({ label, value }): [string, string] => [label, value])]} />
    </Card>
  );
}
