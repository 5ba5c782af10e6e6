"use client";
import { CodeTabs } from "../data/code.tsx";
import { SidePanelSection } from "../data/side-panel.tsx";

/** Where a job reports, with lines to paste into it. */
export function PingAddress({ address }: { address: string }) {
  const tabs = [
    { name: "When done", code: `curl -fsS -m 10 --retry 3 ${address}` },
    { name: "Whole run", code: `curl -fsS -m 10 ${address}/start\n./job.sh; curl -fsS -m 10 --retry 3 ${address}/$?` },
    { name: "Crontab", code: `0 2 * * * /opt/job.sh && curl -fsS -m 10 --retry 3 ${address}` },
  ];
  return (
    <SidePanelSection title="Ping address" aside="whoever knows it can report">
      <CodeTabs label="How a job reports" tabs={tabs} />
    </SidePanelSection>
  );
}
