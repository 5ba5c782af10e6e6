"use client";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconPencil, IconPlayerPlay } from "@tabler/icons-react";
import type { ServiceDetail } from "../../server/services/schema.ts";
import { plural } from "../data/format.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import { ArchiveService, RestoreService } from "./archive-service.tsx";
import { useDetailView } from "./detail-url.ts";

/** What can be done with a service as a whole. */
export function ServiceActions({ service }: { service: ServiceDetail }) {
  const { view, go } = useDetailView();
  if (service.archivedAt) return <RestoreService service={service} />;
  return (
    <>
      {service.checks.length > 0 ? <RunChecks service={service} /> : null}
      {view.tab === "settings" ? null : (
        <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={() => go({ tab: "settings", check: null })}>
          Edit
        </Button>
      )}
      {service.isSelf ? null : <ArchiveService service={service} />}
    </>
  );
}

function RunChecks({ service }: { service: ServiceDetail }) {
  const trpc = useTRPC();
  const { mutate, isPending } = useMutation(
    trpc.services.run.mutationOptions({
      onSuccess: ({ checks }) => toast({ tone: checks > 0 ? "ok" : "info", title: checks > 0 ? `${plural(checks, "check")} started` : "Nothing to run: every check is paused", message: checks > 0 ? "Results appear here as they arrive." : undefined }),
    }),
  );
  return (
    <Button variant="default" leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={isPending} onClick={() => mutate({ id: service.id })}>
      Run checks now
    </Button>
  );
}
