"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconPlus } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState, type ReactNode } from "react";
import type { Milestone, Workstream } from "../../server/readiness/schema/index.ts";
import { formatDay, formatPercent } from "../data/format.ts";
import { SkeletonRows } from "../data/skeleton.tsx";
import { StatusText, type State } from "../data/status.tsx";
import { CardGrid, Card, GridCell } from "../shell/page.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./readiness.module.css";

const PlanForm = dynamic(() => import("./plan-form.tsx").then((module) => module.PlanForm), { ssr: false });
export type Editing = { kind: "workstream"; row: Workstream | null } | { kind: "milestone"; row: Milestone | null } | { kind: "deferred"; row: null };

/** Work by priority with the progress that evidence shows, milestones, and what was put off. */
export function PlanTab() {
  const [editing, setEditing] = useState<Editing | null>(null);
  return (
    <>
      <CardGrid>
        <GridCell span={8}>
          <Workstreams onEdit={setEditing} />
        </GridCell>
        <GridCell span={4}>
          <Milestones onEdit={setEditing} />
        </GridCell>
        <GridCell span={12}>
          <PutOff onEdit={setEditing} />
        </GridCell>
      </CardGrid>
      {editing ? <PlanForm editing={editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}

type Edit = { onEdit: (editing: Editing) => void };

interface EntriesProps<Row> {
  title: string;
  /** What adds one, and what it does; only people who may see it. */
  add: { label: string; onClick: () => void };
  rows: readonly Row[] | undefined;
  /** Said when there is none. */
  none: string;
  children: (row: Row) => ReactNode;
}

/** A list of the plan with its way to add. */
function Entries<Row extends { id: string }>({ title, add, rows, none, children }: EntriesProps<Row>) {
  const mayEdit = useMay("editor");
  return (
    <Card
      title={title}
      aside={
        mayEdit ? (
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={add.onClick}>
            {add.label}
          </Button>
        ) : null
      }
    >
      {!rows ? <SkeletonRows count={3} /> : null}
      {rows?.length === 0 ? <p className={styles.hint}>{none}</p> : null}
      <ul className={styles.entries}>
        {rows?.map((row) => (
          <li key={row.id} className={styles.entry}>
            {children(row)}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The one act of an entry; `about` names it for screen readers. */
function Act({ label, about, busy, onClick }: { label: string; about: string; busy?: boolean; onClick: () => void }) {
  if (!useMay("editor")) return null;
  return (
    <div className={styles.entryActions}>
      <Button size="xs" variant="default" loading={busy} onClick={onClick} aria-label={about}>
        {label}
      </Button>
    </div>
  );
}

function Title({ children, state, word }: { children: ReactNode; state: State; word: string }) {
  return (
    <div className={styles.top}>
      <h3>{children}</h3>
      <StatusText state={state}>{word}</StatusText>
    </div>
  );
}

const WORK_TONES: Record<Workstream["state"], State> = { planned: "unknown", active: "maintenance", blocked: "blocked", done: "ok" };
const WORK_WORDS: Record<Workstream["state"], string> = { planned: "Planned", active: "Active", blocked: "Blocked", done: "Done" };

function Workstreams({ onEdit }: Edit) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.readiness.workstreams.queryOptions({}));
  return (
    <Entries title="Workstreams" add={{ label: "Add workstream", onClick: () => onEdit({ kind: "workstream", row: null }) }} rows={data?.items} none="None yet. A workstream names the rules that it is for; its progress is what they say.">
      {(work) => (
        <>
          <Title state={work.isDisputed ? "warn" : WORK_TONES[work.state]} word={WORK_WORDS[work.state]}>
            {work.priority} {work.name}
          </Title>
          <p>
            {[[work.owner, work.phase, work.endsOn ? `until ${formatDay(work.endsOn)}` : ""].filter(Boolean).join(", "), work.note].filter(Boolean).join(". ")}
          </p>
          <Progress work={work} />
          <Act label="Change" about={`Change ${work.name}`} onClick={() => onEdit({ kind: "workstream", row: work })} />
        </>
      )}
    </Entries>
  );
}

function Progress({ work }: { work: Workstream }) {
  if (work.progress === null) return <p>No rule measures it.</p>;
  return (
    <>
      <span className={styles.bar} style={{ marginTop: 6 }} aria-hidden>
        <i style={{ width: `${work.progress * 100}%` }} />
      </span>
      <p>
        {work.held} of {work.total} answers hold, {formatPercent(work.progress, 0)}.{work.isDisputed ? " Said to be done, but not all of them hold." : ""}
      </p>
    </>
  );
}

function Milestones({ onEdit }: Edit) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.readiness.milestones.queryOptions({}));
  return (
    <Entries title="Milestones" add={{ label: "Add", onClick: () => onEdit({ kind: "milestone", row: null }) }} rows={data?.items} none="None yet. A milestone is a score by a day.">
      {(milestone) => (
        <>
          <Title state={milestone.isReached ? "ok" : milestone.isLate ? "fail" : "unknown"} word={milestone.isReached ? "Reached" : milestone.isLate ? "Late" : "Open"}>
            {milestone.name}
          </Title>
          <p>
            {milestone.goal} points by {formatDay(milestone.dueOn)}; {milestone.score ?? "no"} today.{milestone.isDisputed ? " Said to be done, but the score says otherwise." : ""}
          </p>
          <Act label="Change" about={`Change ${milestone.name}`} onClick={() => onEdit({ kind: "milestone", row: milestone })} />
        </>
      )}
    </Entries>
  );
}

function PutOff({ onEdit }: Edit) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.readiness.deferred.queryOptions({}));
  const { mutate, isPending } = useMutation(trpc.readiness.removeDeferred.mutationOptions());
  return (
    <Entries title="Put off" add={{ label: "Put something off", onClick: () => onEdit({ kind: "deferred", row: null }) }} rows={data?.items} none="Nothing. What waits for a later phase stands here, seen by everybody and in nobody's way.">
      {(row) => (
        <>
          <h3>{row.title}</h3>
          <p className={row.isDue ? styles.warn : undefined}>
            {row.reason} {[row.phase, row.lookAgainOn ? `look again ${formatDay(row.lookAgainOn)}` : "", row.createdBy].filter(Boolean).join(", ")}
          </p>
          <Act label="Take off the list" about={`Take off the list: ${row.title}`} busy={isPending} onClick={() => mutate({ deferred: row.id })} />
        </>
      )}
    </Entries>
  );
}
