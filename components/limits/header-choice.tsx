"use client";
import { SegmentedControl } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { WindowList } from "../../server/limits/schema.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./limits.module.css";

type Families = WindowList["headers"];
const FAMILIES: { value: Families; label: string }[] = [
  { value: "both", label: "Both" },
  { value: "standard", label: "RateLimit-*" },
  { value: "legacy", label: "X-RateLimit-*" },
];

/** Which families of limit headers answers carry. */
export function HeaderChoice({ headers }: { headers: Families }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const set = useMutation(
    trpc.limits.setHeaders.mutationOptions({
      onSuccess: () => toast({ tone: "ok", title: "Answers carry the headers you chose within seconds" }),
      onSettled: () => client.invalidateQueries(trpc.limits.pathFilter()),
    }),
  );
  return (
    <span className={styles.head}>
      <span>Headers</span>
      <SegmentedControl aria-label="Limit headers" size="xs" data={FAMILIES} value={set.isPending ? set.variables.headers : headers} onChange={(value) => set.mutate({ headers: value as Families })} transitionDuration={0} />
    </span>
  );
}
