"use client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { RunDetail } from "../../server/loadtests/schema.ts";
import { plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { Facts } from "../data/side-panel.tsx";
import { StatusText } from "../data/status.tsx";
import { Card } from "../shell/page.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { passingWords, worseWords } from "./rules-values.ts";
import styles from "./loadtests.module.css";

const RulesDialog = dynamic(() => import("./rules-dialog.tsx").then((module) => module.RulesDialog), { ssr: false });

/** What the script asked of the run, why it did not pass, and the rules of the service that stand in for a script without thresholds. */
export function ThresholdsCard({ run }: { run: RunDetail }) {
  return (
    <Card title="Thresholds and reasons" aside={<span>{plural(run.thresholds.length, "threshold")}</span>}>
      {run.reasons.length > 0 ? (
        <ul className={styles.list}>
          {run.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      ) : null}
      {run.thresholds.length === 0 ? <p className={styles.sub}>The script set none, so the rules of the service decided.</p> : null}
      {run.thresholds.length > 0 ? (
        <ul className={styles.rows} style={{ margin: "8px -16px 0" }}>
          {run.thresholds.map((threshold) => (
            <li key={`${threshold.metric} ${threshold.expression}`} className={styles.row}>
              <code className={styles.mono}>
                {threshold.metric} {threshold.expression}
              </code>
              <StatusText state={threshold.ok ? "ok" : "fail"}>{threshold.ok ? "Held" : "Not held"}</StatusText>
            </li>
          ))}
        </ul>
      ) : null}
      <ServiceRules run={run} />
    </Card>
  );
}

function ServiceRules({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const mayEdit = useMay("editor");
  const [isChanging, setChanging] = useState(false);
  const { data } = useQuery(trpc.loadtests.rules.queryOptions({ service: run.slug }));
  if (!data) return null;
  return (
    <div className={styles.rules}>
      <div className={styles.rulesHead}>
        <h3 className={styles.part}>Rules of {run.serviceName}</h3>
        {mayEdit ? (
          <Button variant="default" size="xs" onClick={() => setChanging(true)}>
            Change rules
          </Button>
        ) : null}
      </div>
      <Facts
        rows={[
          ["Passes with", passingWords(data.rules)],
          ["Worse when", worseWords(data.rules)],
          ["Changed", data.isDefault ? "as they come" : <span key="changed"><RelativeTime at={data.updatedAt} />{data.updatedBy ? `, by ${data.updatedBy}` : ""}</span>],
        ]}
      />
      {isChanging ? <RulesDialog service={run.slug} onClose={() => setChanging(false)} /> : null}
    </div>
  );
}
