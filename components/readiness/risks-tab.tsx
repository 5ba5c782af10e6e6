"use client";
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconPlus } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { CATEGORY_LABELS, type Grade, type Risk } from "../../server/readiness/schema/index.ts";
import type { Column } from "../data/columns.ts";
import { DataTable } from "../data/data-table.tsx";
import { EmptyState } from "../data/empty-state.tsx";
import { StatusText, type State } from "../data/status.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./readiness.module.css";

const RiskForm = dynamic(() => import("./risk-form.tsx").then((module) => module.RiskForm), { ssr: false });

const RISK_TONES: Record<Grade, State> = { low: "ok", medium: "warn", high: "fail", critical: "fail" };
const QUALITY_TONES: Record<Grade, State> = { low: "fail", medium: "warn", high: "ok", critical: "ok" };
const word = (grade: Grade): string => grade.charAt(0).toUpperCase() + grade.slice(1);
const toneOf = (risk: Risk): State => (risk.targetKind === "quality" ? QUALITY_TONES : RISK_TONES)[risk.current];

const COLUMNS: readonly Column<Risk>[] = [
  { id: "title", header: "Risk", phone: true, cell: (risk) => <span className={styles.rule}><span className={styles.ruleTitle}>{risk.title}</span><span className={styles.second}>{CATEGORY_LABELS[risk.category]}, {risk.owner || "nobody owns it"}</span></span> },
  { id: "likelihood", header: "Likelihood", width: 96, wide: true, cell: (risk) => word(risk.likelihood) },
  { id: "impact", header: "Impact", width: 84, wide: true, cell: (risk) => word(risk.impact) },
  { id: "previous", header: "Was", width: 84, wide: true, cell: (risk) => word(risk.previous) },
  { id: "current", header: "Is", width: 104, phone: true, cell: (risk) => <StatusText state={toneOf(risk)}>{word(risk.current)}</StatusText> },
  { id: "target", header: "Target", width: 130, cell: (risk) => <span>{word(risk.target)}{risk.targetKind === "quality" ? " quality" : ""}{risk.distance > 0 ? <span className={styles.second}> {risk.distance} to go</span> : null}</span> },
  { id: "mitigation", header: "Mitigation", cell: (risk) => <span className={styles.worst}>{risk.mitigation || "none yet"}</span> },
];

/** The register of risks: likelihood, impact, where each was, is and should be. */
export function RisksTab() {
  const trpc = useTRPC();
  const mayEdit = useMay("editor");
  const [editing, setEditing] = useState<Risk | "new" | null>(null);
  const list = useInfiniteQuery(trpc.readiness.risks.infiniteQueryOptions({ limit: 50 }, { getNextPageParam: (page) => page.nextCursor ?? undefined }));
  const rows = list.data?.pages.flatMap((page) => page.items);
  const add = mayEdit ? (
    <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEditing("new")}>
      Enter a risk
    </Button>
  ) : null;
  return (
    <>
      {rows && rows.length > 0 ? <div className={styles.bars}>{add}</div> : null}
      <DataTable
        label="Risks"
        noun="risk"
        columns={COLUMNS}
        rows={rows}
        rowId={(risk) => risk.id}
        rowLabel={(risk) => risk.title}
        error={list.error}
        onRetry={() => void list.refetch()}
        empty={<EmptyState title="No risk is entered" sentence="What cannot be mended now belongs here, with its likelihood, its impact and what is done against it." action={add} />}
        onOpen={mayEdit ? setEditing : undefined}
        hasMore={list.hasNextPage}
        onMore={() => void list.fetchNextPage()}
        loadingMore={list.isFetchingNextPage}
      />
      {editing ? <RiskForm risk={editing === "new" ? null : editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}
