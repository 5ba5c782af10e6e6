"use client";
import { Link } from "../data/link.tsx";
import type { ServiceDetail } from "../../server/services/schema.ts";
import { DataTable } from "../data/data-table.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { Card } from "../shell/page.tsx";
import { CHECK_COLUMNS } from "./check-columns.tsx";
import { useDetailView } from "./detail-url.ts";
import styles from "./detail.module.css";

/** A card is two thirds of a page wide: what the tab of all checks tells beside is left to it, so that results are read whole. */
const COLUMNS = CHECK_COLUMNS.filter(({ id }) => id !== "uptime" && id !== "every");

/** The checks of a service with their last result; opening one shows its results. */
export function ChecksCard({ service }: { service: ServiceDetail }) {
  const { hrefOf, go } = useDetailView();
  return (
    <Card
      title="Checks"
      aside={
        <Link href={hrefOf({ tab: "checks" })} className="sw-link">
          All checks ›
        </Link>
      }
      footer={{ source: "This console's own probes", at: <RelativeTime at={service.lastResultAt} never="no result yet" /> }}
    >
      {service.checks.length === 0 ? (
        <p className={styles.empty}>No checks yet. Add one under Checks to watch this service.</p>
      ) : (
        <div className={styles.bleed}>
          <DataTable bare plain label="Checks" noun="check" density="compact" columns={COLUMNS} rows={service.checks} rowId={(check) => check.id} rowLabel={(check) => check.name} onOpen={(check) => go({ tab: "checks", check: check.id })} />
        </div>
      )}
    </Card>
  );
}
