"use client";
import { NumberInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { RetentionPolicy } from "../../server/backups/schema.ts";
import { formatSize, plural } from "../data/format.ts";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./backups.module.css";

const FIELDS: readonly [keyof RetentionPolicy, string][] = [
  ["withinDays", "All of (days)"],
  ["keepLast", "Last copies"],
  ["hourly", "Hourly"],
  ["daily", "Daily"],
  ["weekly", "Weekly"],
  ["monthly", "Monthly"],
  ["yearly", "Yearly"],
];
const TYPING_MS = 300;

interface RetentionFieldsProps {
  store: { id: string; name: string };
  policy: RetentionPolicy;
  onChange: (policy: RetentionPolicy) => void;
  /** An existing plan, whose real catalogue shows what the policy would do. */
  planId: string | null;
}

/** How long copies stay in one store, and what that means for the copies that are there. */
export function RetentionFields({ store, policy, onChange, planId }: RetentionFieldsProps) {
  return (
    <div className={styles.storeRetention} role="group" aria-label={`Retention in ${store.name}`}>
      <span className={styles.storeHead}>Kept in {store.name}</span>
      <div className={styles.grid4}>
        {FIELDS.map(([key, label]) => (
          <NumberInput key={key} label={label} size="xs" min={key === "withinDays" ? 7 : 0} max={key === "withinDays" ? 3_650 : 1_000} value={policy[key]} onChange={(value) => onChange({ ...policy, [key]: typeof value === "number" ? value : 0 })} />
        ))}
      </div>
      {planId === null ? null : <Preview planId={planId} storeId={store.id} policy={policy} />}
    </div>
  );
}

function Preview({ planId, storeId, policy }: { planId: string; storeId: string; policy: RetentionPolicy }) {
  const trpc = useTRPC();
  const [asked] = useDebouncedValue(policy, TYPING_MS);
  const { data, error } = useQuery(trpc.backups.previewRetention.queryOptions({ id: planId, storeId, policy: asked }, { placeholderData: keepPreviousData, retry: false, meta: { quiet: true } }));
  if (error) return <p className={styles.note}>At least 7 days; then the preview shows what stays and what goes.</p>;
  if (!data) return null;
  return (
    <p className={styles.note} aria-live="polite">
      Of the copies that are there, <b>{data.stays} stay</b> and <b>{data.goes} go</b>{data.goes > 0 ? ` (${formatSize(data.goesBytes)})` : ""}. {data.refusal}
      {data.goes > 0 ? ` First: ${plural(data.decisions.filter(({ goes }) => goes).length, "copy", "copies")}, ${data.decisions.find(({ goes }) => goes)?.rule ?? ""}.` : null}
    </p>
  );
}
