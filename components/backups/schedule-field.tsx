"use client";
import { Autocomplete, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { describeError } from "../data/describe-error.ts";
import { FieldRow } from "../data/field-row.tsx";
import { formatUtc } from "../data/format.ts";
import { useTRPC } from "../trpc/client.tsx";
import { momentIn } from "./words.ts";
import styles from "./backups.module.css";

const COMMON = [
  { value: "0 * * * *", label: "Every hour" },
  { value: "0 */6 * * *", label: "Every 6 hours" },
  { value: "0 2 * * *", label: "Every day at 02:00" },
  { value: "0 2 * * 0", label: "Every Sunday at 02:00" },
];
const OWN = "own";
const TYPING_MS = 300;

interface ScheduleFieldProps {
  cron: string;
  timeZone: string;
  onCron: (cron: string) => void;
  onTimeZone: (zone: string) => void;
  errors?: { cron?: ReactNode; timeZone?: ReactNode };
}

/** When: a common schedule or a line of one's own, in a zone, said back in plain words with the next five runs. */
export function ScheduleField({ cron, timeZone, onCron, onTimeZone, errors }: ScheduleFieldProps) {
  const trpc = useTRPC();
  const [asked] = useDebouncedValue({ cron, timeZone }, TYPING_MS);
  const preview = useQuery(trpc.backups.previewSchedule.queryOptions(asked, { placeholderData: keepPreviousData, retry: false, meta: { quiet: true } }));
  const known = COMMON.some(({ value }) => value === cron) ? cron : OWN;
  return (
    <>
      <FieldRow>
        <Select label="Schedule" data={[...COMMON, { value: OWN, label: "A line of my own" }]} value={known} onChange={(value) => value !== null && onCron(value === OWN ? `${cron} ` : value)} allowDeselect={false} />
        <Autocomplete label="Time zone" data={zones()} limit={20} value={timeZone} onChange={onTimeZone} error={errors?.timeZone} />
      </FieldRow>
      {known === OWN ? <TextInput label="Cron line" description="Minute, hour, day, month, weekday" value={cron} onChange={(event) => onCron(event.currentTarget.value)} error={errors?.cron} /> : null}
      <div className={styles.box} aria-live="polite">
        {preview.data && !preview.error ? (
          <>
            <b>{preview.data.words}</b>
            <span>The next five runs, in {asked.timeZone}. A time that the change of clocks skips runs just as much later; one that comes twice runs once.</span>
            <ol className={styles.runsAhead}>
              {preview.data.next.map((at) => (
                <li key={at.getTime()} title={formatUtc(at)}>
                  {momentIn(at, asked.timeZone)}
                </li>
              ))}
            </ol>
          </>
        ) : (
          <span>{preview.error ? describeError(preview.error).message : "Reading the schedule."}</span>
        )}
      </div>
    </>
  );
}

const zones = (): string[] => ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
