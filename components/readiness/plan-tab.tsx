"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconPlus } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState } from "react";
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

function Add({ label, onClick }: { label: string; onClick: () => void }) {
  if (!useMay("editor")) return null;
  return (
    <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={onClick}>
      {label}
    </Button>
  );
}

const WORK_TONES: Record<Workstream["state"], State> = { planned: "unknown", active: "maintenance", blocked: "blocked", done: "ok" };
const WORK_WORDS: Record<Workstream["state"], string> = { planned: "Planned", active: "Active", blocked: "Blocked", done: "Done" };

function Workstreams({ onEdit }: Edit) {
  const trpc = useTRPC();
  const mayEdit = useMay("editor");
  const { data } = useQuery(trpc.readiness.workstreams.queryOptions({}));
  return (
    <Card title="Workstreams" aside={<Add label="Add workstream" onClick={() => onEdit({ kind: "workstream", row: null })} />}>
      {!data ? <SkeletonRows count={4} /> : null}
      {data?.items.length === 0 ? <p className={styles.hint}>None yet. A workstream names the rules that it is for; its progress is what they say.</p> : null}
      <ul className={styles.entries}>
        {data?.items.map((work) => (
          <li key={work.id} className={styles.entry}>
            <div className={styles.top}>
              <h3>
                {work.priority} {work.name}
              </h3>
              <StatusText state={work.isDisputed ? "warn" : WORK_TONES[work.state]}>{WORK_WORDS[work.state]}</StatusText>
            </div>
            <p>
              {[work.owner, work.phase, work.endsOn ? `until ${formatDay(work.endsOn)}` : ""].filter(Boolean).join(", ")} {work.note}
            </p>
            {work.progress === null ? <p>No rule measures it.</p> : (
              <>
                <span className={styles.bar} style={{ marginTop: 6 }} aria-hidden>
                  <i style={{ width: `${work.progress * 100}%` }} />
                </span>
                <p>
                  {work.held} of {work.total} answers hold, {formatPercent(work.progress, 0)}.{work.isDisputed ? " Said to be done, but not all of them hold." : ""}
                </p>
              </>
            )}
            {mayEdit ? (
              <div className={styles.entryActions}>
                <Button size="xs" variant="default" onClick={() => onEdit({ kind: "workstream", row: work })} aria-label={`Change ${work.name}`}>
                  Change
                </Button>
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Milestones({ onEdit }: Edit) {
  const trpc = useTRPC();
  const mayEdit = useMay("editor");
  const { data } = useQuery(trpc.readiness.milestones.queryOptions({}));
  return (
    <Card title="Milestones" aside={<Add label="Add" onClick={() => onEdit({ kind: "milestone", row: null })} />}>
      {!data ? <SkeletonRows count={3} /> : null}
      {data?.items.length === 0 ? <p className={styles.hint}>None yet. A milestone is a score by a day.</p> : null}
      <ul className={styles.entries}>
        {data?.items.map((milestone) => (
          <li key={milestone.id} className={styles.entry}>
            <div className={styles.top}>
              <h3>{milestone.name}</h3>
              <StatusText state={milestone.isReached ? "ok" : milestone.isLate ? "fail" : "unknown"}>{milestone.isReached ? "Reached" : milestone.isLate ? "Late" : "Open"}</StatusText>
            </div>
            <p>
              {milestone.goal} points by {formatDay(milestone.dueOn)}; {milestone.score ?? "no"} today.{milestone.isDisputed ? " Said to be done, but the score says otherwise." : ""}
            </p>
            {mayEdit ? (
              <div className={styles.entryActions}>
                <Button size="xs" variant="default" onClick={() => onEdit({ kind: "milestone", row: milestone })} aria-label={`Change ${milestone.name}`}>
                  Change
                </Button>
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function PutOff({ onEdit }: Edit) {
  const trpc = useTRPC();
  const mayEdit = useMay("editor");
  const { data } = useQuery(trpc.readiness.deferred.queryOptions({}));
  const { mutate, isPending } = useMutation(trpc.readiness.removeDeferred.mutationOptions());
  return (
    <Card title="Put off" aside={<Add label="Put something off" onClick={() => onEdit({ kind: "deferred", row: null })} />}>
      {!data ? <SkeletonRows count={2} /> : null}
      {data?.items.length === 0 ? <p className={styles.hint}>Nothing. What waits for a later phase stands here, seen by everybody and in nobody's way.</p> : null}
      <ul className={styles.entries}>
        {data?.items.map((row) => (
          <li key={row.id} className={styles.entry}>
            <h3>{row.title}</h3>
            <p className={row.isDue ? styles.warn : undefined}>
              {row.reason} {[row.phase, row.lookAgainOn ? `look again ${formatDay(row.lookAgainOn)}` : "", row.createdBy].filter(Boolean).join(", ")}
            </p>
            {mayEdit ? (
              <div className={styles.entryActions}>
                <Button size="xs" variant="default" loading={isPending} onClick={() => mutate({ deferred: row.id })} aria-label={`Take ${row.title} off the list`}>
                  Take off the list
                </Button>
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}
