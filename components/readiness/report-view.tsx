"use client";
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconDownload, IconPrinter } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { CATEGORY_LABELS, type Line, type Scorecard } from "../../server/readiness/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatDay, formatUtc } from "../data/format.ts";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { Page, Panel } from "../shell/page.tsx";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import { Changes } from "./changes.tsx";
import { scorecardStanding } from "./sentence.ts";
import { LEVEL_WORDS, OUTCOME_WORDS, pointsOf } from "./words.ts";
import styles from "./readiness.module.css";

const MOST = 100;

/** The pre-production review as a page that prints, with its files. */
export function ReportView({ id }: { id: string }) {
  const trpc = useTRPC();
  const { data: card, error, refetch } = useQuery(trpc.readiness.get.queryOptions({ id }));
  if (!card) {
    return (
      <Page title="Report">
        {error ? <Panel label="Report not read"><ErrorState title="The report could not be written" what={describeError(error).message} requestId={describeError(error).requestId} onRetry={() => void refetch()} /></Panel> : <SkeletonBlock height={480} />}
      </Page>
    );
  }
  return (
    <Page title={`Pre-production review: ${card.name}`} sentence={scorecardStanding(card)} actions={<Files id={id} />}>
      <Body card={card} />
    </Page>
  );
}

function Files({ id }: { id: string }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const save = async (format: "markdown" | "json"): Promise<void> => {
    setBusy(true);
    try {
      const report = await client.fetchQuery(trpc.readiness.report.queryOptions({ id, format }, { staleTime: 0 }));
      const url = URL.createObjectURL(new Blob([report.text], { type: format === "json" ? "application/json" : "text/markdown" }));
      const link = document.createElement("a");
      link.href = url;
      link.download = report.fileName;
      link.click();
      URL.revokeObjectURL(url);
    } catch (error) {
      toast({ tone: "fail", title: "The report could not be saved", message: describeError(error).message });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={busy} onClick={() => void save("markdown")}>
        Markdown
      </Button>
      <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={busy} onClick={() => void save("json")}>
        JSON
      </Button>
      <Button leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => window.print()}>
        Print
      </Button>
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Body({ card }: { card: Scorecard }) {
  const trpc = useTRPC();
  const { data: waivers } = useQuery(trpc.readiness.waivers.queryOptions({ id: card.serviceId, limit: MOST }));
  const { data: checklists } = useQuery(trpc.readiness.checklists.queryOptions({ id: card.slug }));
  const { data: risks } = useQuery(trpc.readiness.risks.queryOptions({ limit: MOST }));
  const { data: changes } = useQuery(trpc.readiness.changes.queryOptions({ id: card.serviceId, limit: MOST }));
  const adopted = checklists?.lists.filter(({ isAdopted }) => isAdopted) ?? [];
  const open = card.lines.filter((line) => line.outcome !== "pass" && !line.isWaived);
  const held = card.lines.filter((line) => line.outcome === "pass" || line.isWaived);
  return (
    <article className={styles.report}>
      <Part title={`${card.score} of 100, ${LEVEL_WORDS[card.level].toLowerCase()}, as of ${formatUtc(card.evaluatedAt)}`}>
        <Table head={["Area", "Points", "Fail", "Unknown", "Stale"]} rows={card.categories.map((area) => [CATEGORY_LABELS[area.category], `${pointsOf(area.earned)} of ${pointsOf(area.points)}`, String(area.fail), String(area.unknown), String(area.stale)])} />
      </Part>
      <Part title="What does not hold">
        <Rules lines={open} />
      </Part>
      <Part title="What holds">
        <Rules lines={held} />
      </Part>
      <Part title="Waivers">
        <Table head={["State", "Rule", "Reason", "Asked by", "Decided by", "Ends"]} rows={(waivers?.items ?? []).map((waiver) => [waiver.state === "inForce" ? "in force" : waiver.state, waiver.title, waiver.reason, waiver.requestedBy, waiver.decidedBy ?? "nobody yet", formatDay(waiver.expiresAt)])} />
      </Part>
      {adopted.map((list) => (
        <Part key={list.list} title={`${list.name}, ${list.done} of ${list.total}`}>
          <Table head={["Answer", "Question", "By", "Note"]} rows={list.items.map((item) => [item.measured ?? item.answer ?? "open", item.title, item.measured ? "measured" : (item.reviewer ?? "nobody yet"), item.note])} />
        </Part>
      ))}
      <Part title="Risks">
        <Table head={["Risk", "Likelihood", "Impact", "Is", "Target", "Mitigation"]} rows={(risks?.items ?? []).map((risk) => [risk.title, risk.likelihood, risk.impact, risk.current, risk.target, risk.mitigation])} />
      </Part>
      <Part title="What changed in 90 days">
        <Changes changes={changes?.items ?? []} />
      </Part>
    </article>
  );
}

function Rules({ lines }: { lines: readonly Line[] }) {
  return <Table head={["Answer", "Rule", "Found", "Asked", "Evidence", "Points"]} rows={lines.map((line) => [line.isWaived ? "Waived" : OUTCOME_WORDS[line.outcome], `${line.title}${line.isBlocking ? " (blocking)" : ""}`, line.value, line.target, line.evidence?.label ?? "none", `${pointsOf(line.earned)} of ${pointsOf(line.points)}`])} />;
}

/** Columns of a word or a figure, which never breaks. */
const FIRM = new Set(["Answer", "Points", "State", "Ends", "Likelihood", "Impact", "Is", "Target"]);

/** More than fit a phone: such a table scrolls in its own frame. */
const MANY_COLUMNS = 6;

function Table({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }) {
  if (rows.length === 0) return <p className={styles.hint}>None.</p>;
  return (
    // A scrolling region must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.scroll} data-many={head.length >= MANY_COLUMNS || undefined} tabIndex={0} role="region" aria-label={head.join(", ")}>
      <table>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((text, column) => (
                <td key={column} data-firm={FIRM.has(head[column] ?? "") || undefined}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
