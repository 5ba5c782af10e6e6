"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import { useRouter } from "next/navigation";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { Page } from "../shell/page.tsx";
import { toast } from "../shell/toast.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { PlanForm } from "./plan-form.tsx";
import { emptyPlan } from "./plan-values.ts";

/** A new plan. Saving runs the pre-flight; a plan that cannot run yet is saved and says why. */
export function NewPlanView() {
  const trpc = useTRPC();
  const router = useRouter();
  const mayEdit = useMay("editor");
  const { data } = useQuery(trpc.backups.stores.queryOptions({}));
  const { mutateAsync } = useMutation(trpc.backups.create.mutationOptions({ meta: { quiet: true } }));
  if (!mayEdit) return <Page title="New plan" sentence={{ tone: "unknown", lead: "Only editors and administrators add plans." }}>{null}</Page>;
  return (
    <Page title="New plan" sentence={{ tone: "unknown", lead: "Say what, when, where to, and how it is proven." }}>
      {data ? (
        <PlanForm
          initial={emptyPlan(data.stores, "UTC")}
          planId={null}
          saveLabel="Add plan"
          save={async (input) => {
            const plan = await mutateAsync(input);
            const problem = plan.findings.find(({ level }) => level === "problem");
            toast(problem ? { tone: "info", title: `${plan.name} added, but it cannot run yet`, message: problem.message } : { tone: "ok", title: `${plan.name} added`, message: "Back it up now, or wait for the schedule." });
            router.push(`/backups/${plan.slug}`);
          }}
          cancel={
            <Button variant="default" component={Link} href="/backups">
              Cancel
            </Button>
          }
        />
      ) : (
        <SkeletonBlock height={480} />
      )}
    </Page>
  );
}
