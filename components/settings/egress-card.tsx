"use client";
import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Egress } from "../../server/settings/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { FormMeanwhile, FormProblem } from "../data/form-problem.tsx";
import { plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { mergeWords } from "../data/merge-values.ts";
import { SkeletonRows } from "../data/skeleton.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
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
          <EgressForm egress={data} />
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
  const { mutateAsync } = useMutation(trpc.settings.updateEgress.mutationOptions({ meta: { quiet: true } }));
  const { form, busy, problem, meanwhile, onSubmit } = useCheckedForm<{ granted: string }, Parameters<typeof mutateAsync>[0]>({
    initial: { granted: egress.granted.join("\n") },
    saved: { revision: egress.revision, by: egress.updatedBy },
    merge: ({ base, mine, theirs }) => ({ granted: mergeWords({ base: readEntries(base.granted), mine: readEntries(mine.granted), theirs: readEntries(theirs.granted) }).join("\n") }),
    schema: () => import("../../server/settings/schema.ts").then((module) => module.UpdateEgress),
    toInput: (values, revision) => ({ revision, granted: readEntries(values.granted) }),
    fieldOf: (path) => path.replace(/^granted\..*/, "granted"),
    send: async (input) => {
      const { granted } = await mutateAsync(input);
      toast({ tone: "ok", title: "List saved", message: granted.length > 0 ? `${plural(granted.length, "entry", "entries")}, in force within seconds.` : "Only public addresses may be called." });
      await client.invalidateQueries(trpc.settings.pathFilter());
    },
  });
  const isChanged = readEntries(form.values.granted).join("\n") !== egress.granted.join("\n");
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Textarea
        label="Private destinations that may be called"
        description="Networks, addresses or names, one a line, each with an optional :port. Public addresses may be called anyway; metadata addresses and the console's own database never."
        placeholder={"10.20.0.0/16\ndb.internal:5432"}
        autosize
        minRows={3}
        maxRows={10}
        disabled={egress.isLocked}
        {...form.getInputProps("granted")}
      />
      <p className={styles.note}>{environmentWords(egress)}</p>
      <FormMeanwhile meanwhile={meanwhile} />
      <FormProblem problem={problem} />
      <div className={styles.end}>
        <Button variant="default" disabled={!form.isDirty()} onClick={form.reset}>
          Undo
        </Button>
        <Button type="submit" variant="default" disabled={!isChanged || egress.isLocked} loading={busy}>
          Save the list
        </Button>
      </div>
    </form>
  );
}
