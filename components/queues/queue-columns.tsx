/** Columns of the queue list. */
import type { Queue } from "../../server/queues/schema/index.ts";
import type { Column } from "../data/data-table.tsx";
import { formatDuration } from "../data/duration.ts";
import { formatCount } from "../data/format.ts";
import { Sparkline } from "../data/sparkline.tsx";
import { StatusText } from "../data/status.tsx";
import { Tag } from "../data/tags.tsx";
import { LEVEL_WORDS, ruleSentence } from "./rule-words.ts";
import styles from "./queues.module.css";

const bad = (count: number) => (count > 0 ? <span className={styles.bad}>{formatCount(count)}</span> : formatCount(count));

function Level({ queue }: { queue: Queue }) {
  const { word, state } = LEVEL_WORDS[queue.level];
  const [worst] = queue.broken;
  return (
    <span className={styles.cut} title={queue.broken.map(ruleSentence).join(" · ") || undefined}>
      <StatusText state={state}>{worst ? ruleSentence(worst) : word}</StatusText>
    </span>
  );
}

function Name({ queue }: { queue: Queue }) {
  return (
    <span className={styles.name}>
      <code>{queue.name}</code> {queue.isPaused ? <Tag>paused</Tag> : null}
    </span>
  );
}

export const QUEUE_COLUMNS: readonly Column<Queue>[] = [
  { id: "name", header: "Queue", phone: true, sortable: true, hideable: false, cell: (queue) => <Name queue={queue} /> },
  { id: "connection", header: "Connection", width: 110, wide: true, sortable: true, cell: (queue) => queue.connectionName },
  { id: "level", header: "State", width: 160, phone: true, sortable: true, cell: (queue) => <Level queue={queue} /> },
  { id: "waiting", header: "Waiting", align: "right", width: 72, phone: true, sortable: true, cell: (queue) => formatCount(queue.counts.waiting) },
  { id: "active", header: "Running", align: "right", width: 72, sortable: true, cell: (queue) => formatCount(queue.counts.active) },
  { id: "delayed", header: "Delayed", align: "right", width: 72, wide: true, sortable: true, cell: (queue) => formatCount(queue.counts.delayed) },
  { id: "dead", header: "Dead", align: "right", width: 56, sortable: true, cell: (queue) => bad(queue.counts.dead) },
  { id: "oldest", header: "Oldest", align: "right", width: 96, sortable: true, cell: (queue) => (queue.oldestWaitingMs === null ? "–" : <span className={styles.oneLine}>{formatDuration(queue.oldestWaitingMs)}</span>) },
  { id: "depth", header: "Depth, 24 h", width: 104, wide: true, cell: (queue) => <Sparkline values={queue.sparkline} width={88} label={`Depth of ${queue.name}, last 24 h`} /> },
  { id: "failed", header: "Failed, 1 h", align: "right", width: 84, sortable: true, cell: (queue) => bad(queue.failedLastHour) },
  { id: "done", header: "Done, 1 h", align: "right", width: 80, wide: true, sortable: true, cell: (queue) => formatCount(queue.completedLastHour) },
];
