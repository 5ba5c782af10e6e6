"use client";
import type { QueueDetail, ShownSchedule } from "../../server/queues/schema/index.ts";
import { formatDuration } from "../data/duration.ts";
import { Facts } from "../data/side-panel.tsx";
import { Card } from "../shell/page.tsx";
import styles from "./queues.module.css";

function headOf({ kind, line, words }: ShownSchedule): string {
  if (kind === "every") return `Every ${formatDuration(Number(line))}`;
  return words ?? line;
}

/** An instant as people read it in the schedule's own zone. */
function inZone(at: Date, zone: string): string {
  const format = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone } as const;
  return new Intl.DateTimeFormat("en-GB", format).format(at);
}

/** The clocks that add jobs to the queue: in words, as written, and when next in their zone. */
export function SchedulesCard({ queue }: { queue: QueueDetail }) {
  if (queue.schedules.length === 0) return null;
  return (
    <Card title="Schedules" footer={{ source: `Times in each schedule's own zone` }}>
      {queue.schedules.map((schedule) => (
        <section key={schedule.key} aria-label={`Schedule ${schedule.key || schedule.line}`}>
          <p className={styles.scheduleHead}>
            <strong>{headOf(schedule)}</strong> <code>{schedule.line}</code> <span className="sw-dim">{schedule.zone}</span>
          </p>
          <ol className={styles.runs} aria-label="Next runs">
            {schedule.next.map((at) => (
              <li key={at.getTime()}>
                <time dateTime={at.toISOString()}>{inZone(at, schedule.zone)}</time>
              </li>
            ))}
          </ol>
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
