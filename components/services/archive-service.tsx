"use client";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconArchive, IconArchiveOff } from "@tabler/icons-react";
import { useState } from "react";
import type { ServiceDetail } from "../../server/services/schema.ts";
import { Confirm } from "../data/confirm.tsx";
import { plural } from "../data/format.ts";
import { toast } from "../shell/toast.ts";
import { useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";

/** Archives a service after saying what that means. History stays, checks stop. */
export function ArchiveService({ service }: { service: ServiceDetail }) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const [opened, setOpened] = useState(false);
  const { mutate, isPending } = useMutation(
    trpc.services.archive.mutationOptions({
      onSuccess: () => {
        setOpened(false);
        toast({ tone: "ok", title: `${service.name} archived`, message: "Its history is kept; it can be restored at any time." });
      },
    }),
  );
  return (
    <>
      <Button variant="default" leftSection={<IconArchive size={16} aria-hidden />} onClick={() => setOpened(true)}>
        Archive
      </Button>
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        onConfirm={() => mutate({ id: service.id })}
        title={`Archive ${service.name}`}
        sentence="It leaves the list and the overview. Its history, checks and settings are kept, and it can be restored at any time."
        consequence={{ title: `Nobody watches ${service.name} from then on`, text: `${plural(service.checks.length, "check")} stop until it is restored. Time without checks is not charged to uptime.` }}
        confirmLabel="Archive"
        recordedAs={viewer?.name}
        busy={isPending}
      />
    </>
  );
}

/** Brings an archived service back; its checks start again at once. */
export function RestoreService({ service, size = "sm" }: { service: ServiceDetail; size?: "xs" | "sm" }) {
  const trpc = useTRPC();
  const { mutate, isPending } = useMutation(
    trpc.services.restore.mutationOptions({ onSuccess: () => toast({ tone: "ok", title: `${service.name} restored`, message: "Its checks run again." }) }),
  );
  return (
    <Button variant="default" size={size} leftSection={<IconArchiveOff size={16} aria-hidden />} loading={isPending} onClick={() => mutate({ id: service.id })}>
      Restore
    </Button>
  );
}
