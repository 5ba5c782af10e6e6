"use client";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconPlayerPlay } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { z } from "zod";
import type { TestedReading } from "../../server/services/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { formatMilliseconds } from "../data/duration.ts";
import { FormProblem } from "../data/form-problem.tsx";
import { formatDay, plural } from "../data/format.ts";
import { StatusIcon, StatusText } from "../data/status.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { checkField, toCheckConfig, toCheckRules, type CheckValues } from "./check-values.ts";
import { componentWords } from "./check-words.ts";
import { PhaseBar } from "./phase-bar.tsx";
import { TONES, WORDS } from "./states.ts";
import styles from "./services.module.css";

type Tested = z.infer<typeof TestedReading>;

interface CheckTestProps {
  values: CheckValues;
  /** The existing check whose kept secrets are used. */
  checkId?: string;
  onFields: (fields: Record<string, string>) => void;
  /** False for a check that asks nobody, so that there is nothing to try. */
  canTest: boolean;
  /** The form's own buttons, at the right of "Test". */
  children: ReactNode;
}

/** Runs the check once as it stands in the form and shows what it found; nothing is saved. */
export function CheckTest({ values, checkId, onFields, canTest, children }: CheckTestProps) {
  const trpc = useTRPC();
  const { mutate, data, error, isPending } = useMutation(
    trpc.services.testCheck.mutationOptions({
      meta: { quiet: true },
      onError: (failure) => {
        const { fields } = describeError(failure);
        onFields(Object.fromEntries(Object.entries(fields).map(([path, text]) => [checkField(path, values), text])));
      },
    }),
  );
  return (
    <>
      <div aria-live="polite">{data && !isPending ? <ReadingBox reading={data} /> : null}</div>
      {error && !isPending ? <FormProblem problem={testProblem(error)} /> : null}
      <div className={`${styles.formActions} ${styles.pinned}`}>
        {canTest ? (
          <Button variant="default" leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={isPending} onClick={() => mutate({ config: toCheckConfig(values), timeoutMs: toCheckRules(values).timeoutMs, checkId })}>
            Test
          </Button>
        ) : null}
        {children}
      </div>
    </>
  );
}

function testProblem(error: unknown): string {
  const { message, fields } = describeError(error);
  return Object.keys(fields).length > 0 ? "Check the marked fields, then test again." : message;
}

/** A long form would hide the answer below its edge. */
const showIt = (box: HTMLElement | null): void => box?.scrollIntoView({ block: "nearest" });

function ReadingBox({ reading }: { reading: Tested }) {
  return (
    <section className={styles.reading} aria-label="Result of the test" ref={showIt}>
      <div className={styles.readingHead}>
        <StatusText state={TONES[reading.verdict]}>{WORDS[reading.verdict]}</StatusText>
        <b>{reading.message}</b>
      </div>
      <Timings reading={reading} />
      {reading.phases ? <PhaseBar phases={reading.phases} /> : null}
      {reading.components.length > 0 ? (
        <ul className={styles.lines} aria-label={plural(reading.components.length, "part")}>
          {reading.components.map((part) => (
            <li key={part.name} className={styles.line}>
              <StatusIcon state={TONES[part.verdict]} />
              <span className={styles.lineName}>{part.name}</span>
              <span className={styles.lineEnd}>{componentWords({ detail: part.detail ?? "", value: part.value, unit: part.unit })}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function Timings({ reading }: { reading: Tested }) {
  const facts: [string, string][] = [];
  if (reading.httpStatus !== null) facts.push(["Status", String(reading.httpStatus)]);
  if (reading.latencyMs !== null) facts.push(["Answered in", formatMilliseconds(reading.latencyMs)]);
  if (reading.certificateExpiresAt) facts.push(["Certificate until", `${formatDay(reading.certificateExpiresAt)} ${reading.certificateExpiresAt.getUTCFullYear()}`]);
  return (
    <dl className={styles.timings}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
