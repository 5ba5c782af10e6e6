"use client";
import { Button } from "@mantine/core";
import { IconArrowUpRight } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { Link } from "../data/link.tsx";
import { useState } from "react";
import type { Line, Scorecard } from "../../server/readiness/schema/index.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { Facts, SidePanel, SidePanelSection } from "../data/side-panel.tsx";
import { StatusBadge } from "../data/status.tsx";
import { useMay } from "../shell/viewer.tsx";
import { OUTCOME_TONES, OUTCOME_WORDS, pointsOf } from "./words.ts";
import styles from "./readiness.module.css";

const AskWaiver = dynamic(() => import("./ask-waiver.tsx").then((module) => module.AskWaiver), { ssr: false });

interface EvidencePanelProps {
  line: Line;
  card: Scorecard;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

/** One rule opened to the observation that earned its points, why it matters and what to do. */
export function EvidencePanel({ line, card, ...moves }: EvidencePanelProps) {
  const mayEdit = useMay("editor");
  const [asking, setAsking] = useState(false);
  const isOpen = line.outcome !== "pass" && !line.isWaived;
  return (
    <SidePanel title={line.title} label={`Evidence of ${line.title}`} badge={<StatusBadge state={line.isWaived ? "ok" : OUTCOME_TONES[line.outcome]}>{line.isWaived ? "Waived" : OUTCOME_WORDS[line.outcome]}</StatusBadge>} {...moves}>
      <SidePanelSection>
        <p className={styles.hint}>{line.why}</p>
        <Facts
          rows={[
            ["Found", line.value],
            ["Asked", line.target],
            ["Points", `${pointsOf(line.earned)} of ${pointsOf(line.points)}`],
            ["Severity", line.isBlocking ? `${line.severity}, blocking` : line.severity],
            ["Observed", <RelativeTime key="at" at={line.observedAt} never="never" />],
          ]}
        />
      </SidePanelSection>
      <SidePanelSection title="What was seen" aside={line.evidence?.href ? <EvidenceLink href={line.evidence.href} /> : null}>
        {line.evidence ? <Facts rows={[["Source", line.evidence.label], ...line.evidence.seen.map(({ label, value }) => [label, value] as const)]} /> : <p className={styles.hint}>Nothing yet. Unknown earns no points.</p>}
      </SidePanelSection>
      {isOpen ? (
        <SidePanelSection title="What to do">
          <p className={styles.hint}>{line.fix}</p>
          {mayEdit ? (
            <div className={styles.entryActions}>
              <Button variant="default" size="xs" onClick={() => setAsking(true)}>
                Ask for a waiver
              </Button>
            </div>
          ) : null}
        </SidePanelSection>
      ) : null}
      {asking ? <AskWaiver card={card} rule={line.rule} onClose={() => setAsking(false)} /> : null}
    </SidePanel>
  );
}

/** To the page of the console, or to the address that was looked at. */
function EvidenceLink({ href }: { href: string }) {
  const inside = href.startsWith("/");
  return inside ? (
    <Link href={href} className="sw-link">
      Open <IconArrowUpRight size={12} aria-hidden />
    </Link>
  ) : (
    <a href={href} className="sw-link" target="_blank" rel="noreferrer">
      Open <IconArrowUpRight size={12} aria-hidden />
    </a>
  );
}
