"use client";
import { Radio } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { SecondFactorRule } from "../../server/access/schema.ts";
import { Confirm } from "../data/confirm.tsx";
import { plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { StatusText } from "../data/status.tsx";
import { Card } from "../shell/page.tsx";
import { toast } from "../shell/toast.ts";
import { useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { NEEDED_BY } from "./words.ts";
import styles from "./access.module.css";

const HEIGHT = 120;
type NeededBy = SecondFactorRule["neededBy"];

const CONSEQUENCE = "From their next request on, people it asks can only set one up. Nobody is locked out: they do it with the password they sign in with. People who sign in elsewhere and API keys are not asked.";

function Missing({ rule }: { rule: SecondFactorRule }) {
  if (rule.neededBy === "nobody") return null;
  if (rule.missing === 0) return <StatusText state="ok">Everybody it asks has one.</StatusText>;
  return <StatusText state="warn">{plural(rule.missing, "person still has", "people still have")} none.</StatusText>;
}

/** Who must have a second factor, for administrators. */
export function RuleCard() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const router = useRouter();
  const recordedAs = useViewer()?.name;
  const [wanted, want] = useState<NeededBy | null>(null);
  const { data: rule } = useQuery(trpc.access.secondFactorRule.queryOptions({}));
  const change = useMutation(
    trpc.access.requireSecondFactor.mutationOptions({
      onSuccess: async () => {
        toast({ tone: "ok", title: "Saved" });
        await client.invalidateQueries(trpc.access.pathFilter());
        router.refresh();
      },
      onSettled: () => want(null),
    }),
  );
  const choice = NEEDED_BY.find(({ value }) => value === wanted);
  return (
    <Card title="Who needs a second factor" footer={{ source: "Saved in the database", at: rule?.updatedAt ? <><RelativeTime at={rule.updatedAt} /> by {rule.updatedBy}</> : "default" }}>
      {rule ? (
        <div className={styles.form}>
          <Radio.Group aria-label="Who needs a second factor" value={rule.neededBy} onChange={(value) => want(value as NeededBy)}>
            <div className={styles.choices}>
              {NEEDED_BY.map(({ value, label, about }) => (
                <Radio key={value} value={value} label={label} description={about} />
              ))}
            </div>
          </Radio.Group>
          <Missing rule={rule} />
        </div>
      ) : (
        <SkeletonBlock height={HEIGHT} />
      )}
      {choice ? (
        <Confirm
          opened
          onClose={() => want(null)}
          onConfirm={() => change.mutate({ neededBy: choice.value })}
          title={choice.value === "nobody" ? "Ask nobody for a second factor" : `Ask ${choice.label.toLowerCase()} for a second factor`}
          sentence={choice.value === "nobody" ? "Second factors that are on stay on; each person may turn theirs off." : CONSEQUENCE}
          confirmLabel="Save"
          recordedAs={recordedAs}
          busy={change.isPending}
        />
      ) : null}
    </Card>
  );
}
