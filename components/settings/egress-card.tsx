"use client";
import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Egress } from "../../server/settings/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { Card } from "../shell/page.tsx";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import { readEntries } from "./egress-words.ts";
import { TestAddress } from "./test-address.tsx";
import styles from "./settings.module.css";

/** Where checks and other calls may go beyond the public internet, and a way to try an address. */
export function EgressCard() {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.settings.egress.queryOptions({}));
  const at = data?.updatedAt ? (
    <>
      <RelativeTime at={data.updatedAt} /> by {data.updatedBy}
    </>
  ) : (
    "never changed"
  );
  return (
    <Card title="Where the console may call" footer={{ source: "Saved in the database", at: data ? at : null }}>
      {data ? (
        <div className={styles.egress}>
          <EgressForm key={data.revision} egress={data} />
          <TestAddress />
        </div>
      ) : null}
      {!data && error ? <ErrorState title="The list could not be read" what={describeError(error).message} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <SkeletonRows count={4} /> : null}
    </Card>
  );
}

function environmentWords({ environment, isLocked }: Egress): string {
  const list = environment.length > 0 ? `EGRESS_ALLOW adds ${environment.join(", ")}.` : "EGRESS_ALLOW adds nothing.";
  return isLocked ? `${list} EGRESS_LOCKED is set: the environment alone decides, and this list does not count.` : list;
}

function EgressForm({ egress }: { egress: Egress }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const before = egress.granted.join("\n");
  const [text, setText] = useState(before);
  const [problem, setProblem] = useState<string | null>(null);
  const entries = readEntries(text);
  const isChanged = entries.join("\n") !== before;
  const save = useMutation(
    trpc.settings.updateEgress.mutationOptions({
      meta: { quiet: true },
      onSuccess: async ({ granted }) => {
        toast({ tone: "ok", title: "List saved", message: granted.length > 0 ? `${plural(granted.length, "entry", "entries")}, in force within seconds.` : "Only public addresses may be called." });
        await client.invalidateQueries(trpc.settings.pathFilter());
      },
      onError: (error) => setProblem(describeError(error).message),
    }),
  );
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        setProblem(null);
        save.mutate({ revision: egress.revision, granted: entries });
      }}
    >
      <Textarea
        label="Private destinations that may be called"
        description="Networks, addresses or names, one a line, each with an optional :port. Public addresses may be called anyway; metadata addresses and the console's own database never."
        placeholder={"10.20.0.0/16\ndb.internal:5432"}
        autosize
        minRows={3}
        maxRows={10}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={problem}
        disabled={egress.isLocked}
      />
      <p className={styles.note}>{environmentWords(egress)}</p>
      <div className={styles.end}>
        <Button variant="default" disabled={!isChanged} onClick={() => setText(before)}>
          Undo
        </Button>
        <Button type="submit" variant="default" disabled={!isChanged || egress.isLocked} loading={save.isPending}>
          Save the list
        </Button>
      </div>
    </form>
  );
}
