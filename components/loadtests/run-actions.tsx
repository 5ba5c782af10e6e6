"use client";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconFlag, IconTrash } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { RunDetail } from "../../server/loadtests/schema.ts";
import { Confirm } from "../data/confirm.tsx";
import { toast } from "../shell/toast.ts";
import { useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";

/** Promotes a run that passed to the baseline, or removes one that is none. */
export function RunActions({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const router = useRouter();
  const viewer = useViewer();
  const [asking, setAsking] = useState<"promote" | "remove" | null>(null);
  const promote = useMutation(trpc.loadtests.promote.mutationOptions({ onSuccess: () => { setAsking(null); toast({ tone: "ok", title: "This run is the baseline", message: "Later runs are held against it." }); } }));
  const remove = useMutation(trpc.loadtests.remove.mutationOptions({ onSuccess: () => { toast({ tone: "ok", title: "Run removed" }); router.push("/loadtests"); } }));
  if (run.isBaseline) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setAsking("remove")}>
        Remove
      </Button>
      {run.verdict === "passed" ? (
        <Button leftSection={<IconFlag size={16} aria-hidden />} onClick={() => setAsking("promote")}>
          Make it the baseline
        </Button>
      ) : null}
      <Confirm
        opened={asking === "promote"}
        onClose={() => setAsking(null)}
        onConfirm={() => promote.mutate({ id: run.id })}
        title="Make this run the baseline"
        sentence={`Later runs of ${run.scenario}, ${run.profile}, are held against its figures. The baseline before stays as an ordinary run.`}
        confirmLabel="Make it the baseline"
        recordedAs={viewer?.name}
        busy={promote.isPending}
      />
      <Confirm
        opened={asking === "remove"}
        onClose={() => setAsking(null)}
        onConfirm={() => remove.mutate({ id: run.id })}
        title="Remove this run"
        sentence={`The run of ${run.scenario}, ${run.profile}, is forgotten with all its figures.`}
        consequence={{ title: "It cannot be brought back", text: "Push the report again if you still have it." }}
        typeName={run.scenario}
        confirmLabel="Remove"
        danger
        recordedAs={viewer?.name}
        busy={remove.isPending}
      />
    </>
  );
}
