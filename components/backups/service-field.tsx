"use client";
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTRPC } from "../trpc/client.tsx";

/** Services offered at once; the search finds the others. */
const OFFERED = 20;
const SEARCH_WAIT_MS = 250;

type Named = { id: string; name: string };

interface ServiceFieldProps {
  service: Named | null;
  /** The plan is of the console's own database. */
  isOwn: boolean;
  error: ReactNode;
  onChange: (service: Named | null) => void;
}

/** Whose data a plan backs up, found by typing. */
export function ServiceField({ service, isOwn, error, onChange }: ServiceFieldProps) {
  const trpc = useTRPC();
  const [search, setSearch] = useState(service?.name ?? "");
  const [settled] = useDebouncedValue(search === service?.name ? "" : search, SEARCH_WAIT_MS);
  const { data } = useQuery(trpc.services.list.queryOptions({ filter: settled, limit: OFFERED, sort: "name" }, { placeholderData: keepPreviousData, meta: { quiet: true } }));
  const found = data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const options = service && !found.some(({ value }) => value === service.id) ? [{ value: service.id, label: service.name }, ...found] : found;
  return (
    <Select
      label="Service"
      description="Whose data it is. The readiness of the service counts this plan."
      placeholder={isOwn ? "The console itself" : "None"}
      searchable
      clearable
      data={options}
      filter={({ options: all }) => all}
      nothingFoundMessage="No service matches"
      value={service?.id ?? null}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(_id, option) => onChange(option ? { id: option.value, name: option.label } : null)}
      error={error}
    />
  );
}
