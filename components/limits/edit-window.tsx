"use client";
import { Button, Modal, NumberInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SetWindow, Window } from "../../server/limits/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { FormProblem } from "../data/form-problem.tsx";
import { formatCount, formatUtc, plural } from "../data/format.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import { AUDIENCES, perWords, WINDOW_LABELS } from "./words.ts";
import styles from "./limits.module.css";

const MAX_CALLS = 1_000_000;
const TRIAL_WAIT_MS = 300;

/** Changes the figure of a limit, or proposes one; says first what it would have refused. */
export function EditWindow({ window, onClose }: { window: Window | null; onClose: () => void }) {
  return (
    <Modal opened={window !== null} onClose={onClose} title={window ? `${WINDOW_LABELS[window.name]}, ${AUDIENCES[window.audience]}` : ""}>
      {window ? <EditForm key={window.name} window={window} onClose={onClose} /> : null}
    </Modal>
  );
}

function EditForm({ window, onClose }: { window: Window; onClose: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const [value, setValue] = useState<number | string>(window.proposal?.max ?? window.max);
  const set = useMutation(
    trpc.limits.setWindow.mutationOptions({
      meta: { quiet: true },
      onSuccess: async (changed) => {
        toast({ tone: "ok", title: `${WINDOW_LABELS[changed.name]}: ${formatCount(changed.max)} / ${perWords(changed.windowSeconds)}${changed.proposal ? `, ${formatCount(changed.proposal.max)} proposed` : ""}` });
        await client.invalidateQueries(trpc.limits.pathFilter());
        onClose();
      },
    }),
  );
  const max = typeof value === "number" && value >= 1 && value <= MAX_CALLS ? value : null;
  const send = (change: Omit<SetWindow, "window">) => set.mutate({ window: window.name, ...change });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (max !== null) send({ max, proposedMax: null });
      }}
    >
      <NumberInput
        label={`Calls allowed per ${perWords(window.windowSeconds)}`}
        description={`In force: ${formatCount(window.max)}. ${window.variable ? `${window.variable} says ${formatCount(window.defaultMax)}.` : `The product's own figure is ${formatCount(window.defaultMax)}.`}`}
        min={1}
        max={MAX_CALLS}
        allowDecimal={false}
        value={value}
        onChange={setValue}
        data-autofocus
      />
      <Trial window={window} max={max} />
      <FormProblem problem={set.error ? describeError(set.error).message : null} />
      <div className={styles.end}>
        {window.source === "setting" ? (
          <Button variant="default" loading={set.isPending} onClick={() => send({ max: null })}>
            Back to {formatCount(window.defaultMax)}
          </Button>
        ) : null}
        {window.proposal ? (
          <Button variant="default" loading={set.isPending} onClick={() => send({ proposedMax: null })}>
            Drop proposal
          </Button>
        ) : null}
        <Button variant="default" disabled={max === null} loading={set.isPending} onClick={() => max !== null && send({ proposedMax: max })}>
          Propose
        </Button>
        <Button type="submit" disabled={max === null || max === window.max} loading={set.isPending}>
          Put in force
        </Button>
      </div>
    </form>
  );
}

function Trial({ window, max }: { window: Window; max: number | null }) {
  const trpc = useTRPC();
  const [settled] = useDebouncedValue(max, TRIAL_WAIT_MS);
  const { data, error } = useQuery(trpc.limits.tryMax.queryOptions({ window: window.name, max: settled ?? window.max }, { placeholderData: keepPreviousData, meta: { quiet: true }, enabled: settled !== null }));
  if (error) return <p className={styles.trial}>{describeError(error).message}</p>;
  if (!data) return <p className={styles.trial}>Counting the calls of the last 24 h.</p>;
  return (
    <p className={styles.trial} aria-live="polite">
      {formatCount(data.max)} calls would have refused{" "}
      <b>{data.refusedCalls === 0 ? "nothing" : `${plural(data.refusedCalls, "call")} of ${plural(data.refusedCallers, "caller")}`}</b> in the last 24 h
      {data.knownSince ? ` (known since ${formatUtc(data.knownSince)})` : ""}.
    </p>
  );
}
