import { Link } from "../data/link.tsx";
import type { ChangeRow } from "../../server/readiness/schema/index.ts";
import { formatDay } from "../data/format.ts";
import { changeWords, shiftOf } from "./words.ts";
import styles from "./readiness.module.css";

/** What moved a score, with its points; `named` says of which service. */
export function Changes({ changes, named = false }: { changes: readonly ChangeRow[]; named?: boolean }) {
  if (changes.length === 0) return <p className={styles.hint}>Nothing changed.</p>;
  return (
    <ul className={styles.changes}>
      {changes.map((change) => (
        <li key={change.id} className={styles.change}>
          <span className={change.points < 0 ? styles.down : change.points > 0 ? styles.up : undefined}>{shiftOf(change.points)}</span>
          <span>
            {named ? <Link href={`/readiness/${change.slug}`} className="sw-link">{change.serviceName}</Link> : null}
            {named ? ": " : ""}
            {changeWords(change)}
          </span>
          <span>{formatDay(change.at)}</span>
        </li>
      ))}
    </ul>
  );
}
