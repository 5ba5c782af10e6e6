"use client";
import { Modal, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { RulesForm } from "./rules-form.tsx";
import styles from "./loadtests.module.css";

/** Services that are offered at once; typing finds the others. */
const OFFERED = 20;
const TYPING_MS = 250;

/** How the runs of a service are judged; without a given service one is chosen first. */
export function RulesDialog({ service: given, onClose }: { service?: string; onClose: () => void }) {
  const [chosen, setChosen] = useState<string | null>(given ?? null);
  return (
    <Modal opened onClose={onClose} title="How load tests are judged">
      <div className={styles.form}>
        {given === undefined ? <ServiceChoice value={chosen} onChange={setChosen} /> : null}
        {chosen === null ? <p className={styles.sub}>Each service has rules of its own.</p> : <Rules key={chosen} service={chosen} onClose={onClose} />}
      </div>
    </Modal>
  );
}

function ServiceChoice({ value, onChange }: { value: string | null; onChange: (slug: string | null) => void }) {
  const trpc = useTRPC();
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed, TYPING_MS);
  const { data } = useQuery(trpc.services.list.queryOptions({ filter: search, limit: OFFERED, sort: "name" }, { placeholderData: keepPreviousData, meta: { quiet: true } }));
  return <Select label="Service" searchable data-autofocus data={(data?.items ?? []).map(({ slug, name }) => ({ value: slug, label: name }))} filter={({ options }) => options} nothingFoundMessage="No service matches" searchValue={typed} onSearchChange={setTyped} value={value} onChange={onChange} />;
}

function Rules({ service, onClose }: { service: string; onClose: () => void }) {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.loadtests.rules.queryOptions({ service }));
  if (data) return <RulesForm service={service} state={data} onClose={onClose} />;
  return error ? <ErrorState title="The rules could not be read" what={describeError(error).message} requestId={describeError(error).requestId} onRetry={() => void refetch()} /> : <SkeletonRows count={4} />;
}
