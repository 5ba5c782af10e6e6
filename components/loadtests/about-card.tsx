import type { RunDetail } from "../../server/loadtests/schema.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { Facts } from "../data/side-panel.tsx";
import { Card } from "../shell/page.tsx";
import { FORMAT_WORDS, PROFILE_WORDS } from "./words.ts";
import styles from "./loadtests.module.css";

/** Where a run comes from. */
export function AboutCard({ run }: { run: RunDetail }) {
  return (
    <Card title="About this run" footer={{ source: FORMAT_WORDS[run.format], at: <RelativeTime at={run.receivedAt} /> }}>
      <Facts
        rows={[
          ["Service", run.serviceName],
          ["Profile", `${run.profile}, ${PROFILE_WORDS[run.profile]}`],
          ["Commit", run.commit ? <code key="commit" className={styles.mono}>{run.commit.slice(0, 12)}</code> : "not told"],
          ["Branch", run.branch ?? "not told"],
          ["Received from", run.receivedFrom],
          ["Tool", FORMAT_WORDS[run.format]],
        ]}
      />
    </Card>
  );
}
