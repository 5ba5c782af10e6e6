"use client";
import { IconHourglass, IconLock } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { CATEGORY_LABELS, OUTCOMES, type Line, type Outcome, type Scorecard } from "../../server/readiness/schema/index.ts";
import type { Column } from "../data/columns.ts";
import { DataTable } from "../data/data-table.tsx";
import { EmptyState } from "../data/empty-state.tsx";
import { FilterChips } from "../data/filter-chips.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusText } from "../data/status.tsx";
import { useUrlState } from "../shell/url-state.ts";
import { EvidencePanel } from "./evidence-panel.tsx";
import { RecentChanges } from "./recent-changes.tsx";
import { WaiversCard } from "./waivers-card.tsx";
import { WhatIfCard } from "./what-if-card.tsx";
import { isHeldBack, OUTCOME_TONES, OUTCOME_WORDS, pointsOf } from "./words.ts";
import styles from "./readiness.module.css";

const ScoreBadge = dynamic(() => import("./score-badge.tsx").then((module) => module.ScoreBadge), { ssr: false });

const COLUMNS: readonly Column<Line>[] = [
  { id: "answer", header: "Answer", width: 106, phone: true, cell: (line) => <StatusText state={line.isWaived ? "ok" : OUTCOME_TONES[line.outcome]}>{line.isWaived ? "Waived" : OUTCOME_WORDS[line.outcome]}</StatusText> },
  {
    id: "rule", header: "Rule", phone: true,
    cell: (line) => (
      <span className={styles.rule}>
        <span className={styles.ruleTitle}>
          {line.title}
          {line.isBlocking && isHeldBack(line) ? <span className={styles.chip} data-tone="fail"><IconLock size={11} aria-hidden /> blocking</span> : null}
          {line.isWaived ? <span className={styles.chip}><IconHourglass size={11} aria-hidden /> waived</span> : null}
        </span>
        <span className={styles.second}>{CATEGORY_LABELS[line.category]}</span>
      </span>
    ),
  },
  {
    id: "evidence", header: "Evidence and its age", width: "30%",
    cell: (line) => (
      <span className={styles.rule}>
        <span className={styles.worst}>{line.value}</span>
        <span className={styles.second}>{line.observedAt ? <RelativeTime at={line.observedAt} suffix=" old" /> : "never observed"}</span>
      </span>
    ),
  },
  { id: "points", header: "Points", align: "right", width: 84, phone: true, cell: (line) => <span className={styles.points}><b>{pointsOf(line.earned)}</b> of {pointsOf(line.points)}</span> },
];

const CHIPS: readonly { value: string; label: string; state?: "ok" | "fail" | "unknown" | "stale" }[] = [
  { value: "all", label: "All" }, { value: "open", label: "Not passing" }, { value: "pass", label: "Pass", state: "ok" }, { value: "fail", label: "Fail", state: "fail" }, { value: "unknown", label: "Unknown", state: "unknown" }, { value: "stale", label: "Stale", state: "stale" },
];

function isShown(line: Line, chip: string): boolean {
  if (chip === "all") return true;
  const outcome: Outcome = line.isWaived ? "pass" : line.outcome;
  return chip === "open" ? outcome !== "pass" : outcome === chip;
}

/** Every rule with what was seen; one opens beside the list. */
export function RulesTab({ card, origin }: { card: Scorecard; origin: string }) {
  const [chipText, setChip] = useUrlState("show");
  const [selected, select] = useUrlState("rule");
  const chip = ["all", "open", ...OUTCOMES].includes(chipText) ? chipText : "all";
  const lines = card.lines.filter((line) => isShown(line, chip));
  const index = lines.findIndex((line) => line.rule === selected);
  const open = card.lines.find((line) => line.rule === selected);
  const move = (by: 1 | -1) => {
    const next = index < 0 ? undefined : lines[index + by];
    return next ? () => select(next.rule) : undefined;
  };
  return (
    <div className={styles.columns}>
      <div className={styles.stack}>
        <FilterChips label="Answer" options={CHIPS.map((option) => ({ ...option, count: card.lines.filter((line) => isShown(line, option.value)).length }))} value={chip} onChange={(next) => setChip(next === "all" ? null : next)} />
        <DataTable
          label="Rules"
          noun="rule"
          columns={COLUMNS}
          rows={lines}
          rowId={(line) => line.rule}
          rowLabel={(line) => line.title}
          empty={<EmptyState title="No rule has this answer" sentence="Choose another answer above." />}
          selected={selected || null}
          onSelect={select}
          total={card.lines.length}
          footer={<>Worst first, computed <RelativeTime at={card.evaluatedAt} /></>}
        />
      </div>
      <div className={styles.stack}>
        {open ? <EvidencePanel key={open.rule} line={open} card={card} onClose={() => select(null)} onPrevious={move(-1)} onNext={move(1)} /> : null}
        <WhatIfCard card={card} />
        <WaiversCard card={card} />
        <RecentChanges serviceId={card.serviceId} />
        <ScoreBadge card={card} origin={origin} />
      </div>
    </div>
  );
}
