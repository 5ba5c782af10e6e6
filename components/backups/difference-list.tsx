import type { RestoreRow } from "../../server/backups/schema.ts";
import { StatusIcon } from "../data/status.tsx";
import { Card } from "../shell/page.tsx";
import styles from "./backups.module.css";

/** Where a restored copy and its manifest differ. */
export function DifferenceList({ differences }: { differences: RestoreRow["differences"] }) {
  return (
    <Card title="Differences">
      <ul className={styles.findings}>
        {differences.map(({ what, expected, found, severity }) => (
          <li key={what} className={styles.finding}>
            <StatusIcon state={severity === "wrong" ? "fail" : "unknown"} />
            <span>{what}: {expected} expected, {found} found</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
