import type { z } from "zod";
import type { TransitionRow } from "../../server/services/schema.ts";
import { formatUtc } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusIcon } from "../data/status.tsx";
import { TONES, WORDS } from "./states.ts";
import styles from "./detail.module.css";

export type Transition = z.infer<typeof TransitionRow>;

/** A state inside a sentence: "OK", "down". */
function inSentence(state: Transition["to"]): string {
  return state === "up" ? WORDS.up : WORDS[state].toLowerCase();
}

/** Changes of state, newest first: when, what became what, and why. */
export function Transitions({ rows }: { rows: readonly Transition[] }) {
  if (rows.length === 0) return <p className={styles.empty}>Nothing has changed since it is watched.</p>;
  return (
    <ol className={styles.timeline}>
      {rows.map((row) => (
        <li key={row.id} className={styles.event}>
          <StatusIcon state={TONES[row.to]} />
          <span className={styles.when}>
            {formatUtc(row.at)}, <RelativeTime at={row.at} />
          </span>
          <span className={styles.said}>
            {row.checkName ? <b>{row.checkName}</b> : "Service"} went from {inSentence(row.from)} to {inSentence(row.to)}
            {row.reason ? `: ${row.reason}` : ""}
          </span>
        </li>
      ))}
    </ol>
  );
}
