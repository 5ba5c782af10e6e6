"use client";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { PlanDetail } from "../../server/backups/schema.ts";
import { formatUtc } from "../data/format.ts";
import { Facts } from "../data/side-panel.tsx";
import { Card } from "../shell/page.tsx";
import { toast } from "../shell/toast.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { PlanForm } from "./plan-form.tsx";
import { planValues } from "./plan-values.ts";
import { minutesInWords } from "./words.ts";

/** The settings of a plan; people who may, change them here. */
export function PlanSettings({ plan }: { plan: PlanDetail }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const mayEdit = useMay("editor") && !plan.archivedAt;
  const { mutateAsync } = useMutation(trpc.backups.update.mutationOptions({ meta: { quiet: true } }));
  if (!mayEdit) return <PlanFacts plan={plan} />;
  return (
    <PlanForm
      initial={planValues(plan)}
      saved={{ revision: plan.revision, by: plan.updatedBy }}
      planId={plan.id}
      saveLabel="Save"
      save={async (input, revision) => {
        const saved = await mutateAsync({ ...input, id: plan.id, revision });
        toast({ tone: "ok", title: `${saved.name} saved` });
        await client.invalidateQueries(trpc.backups.pathFilter());
      }}
      cancel={
        <Button variant="default" onClick={() => window.history.pushState(null, "", window.location.pathname)}>
          Cancel
        </Button>
      }
    />
  );
}

function PlanFacts({ plan }: { plan: PlanDetail }) {
  return (
    <Card title="Plan" footer={{ source: `Added ${formatUtc(plan.createdAt)}` }}>
      <Facts
        rows={[
          ["Source", plan.sourceLabel],
          ["Service", plan.service?.name ?? (plan.sourceKind === "self" ? "The console itself" : "none")],
          ["Schedule", `${plan.scheduleInWords} (${plan.timeZone})`],
          ["Stores", plan.stores.map(({ name }) => name).join(", ")],
          ["Encryption", plan.isEncrypted ? "AES-256-GCM" : "none"],
          ["Objectives", `${minutesInWords(plan.rpoMinutes)} of data, ${minutesInWords(plan.rtoMinutes)} to restore`],
          ["Kept", plan.retention.map(({ storeName, policy }) => `${storeName}: ${policy.withinDays} days`).join(", ")],
        ]}
      />
    </Card>
  );
}
