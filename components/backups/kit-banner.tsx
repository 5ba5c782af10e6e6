"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Confirm } from "../data/confirm.tsx";
import { StatusIcon } from "../data/status.tsx";
import { toast } from "../shell/toast.ts";
import { useMay, useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./backups.module.css";

/** Hands a text to the browser as a file. */
function download({ fileName, text }: { fileName: string; text: string }): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}

/** Reminds an administrator of the recovery kit until somebody took it. */
export function KitBanner() {
  if (!useIsKitNeeded()) return null;
  return (
    <div className={styles.banner} role="status">
      <StatusIcon state="warn" size={16} />
      <span>
        <b>The recovery kit has not been taken.</b> Backups are encrypted. If this machine is lost, nobody can read them without the key in the kit.
      </span>
      <TakeKit size="xs" />
    </div>
  );
}

/** True while the banner asks for the kit, so that a page does not ask twice. */
export function useIsKitNeeded(): boolean {
  const trpc = useTRPC();
  const mayTake = useMay("admin");
  const { data } = useQuery(trpc.backups.kit.queryOptions({}));
  return mayTake && data?.isNeeded === true;
}

/** Downloads the kit after saying what it holds. */
export function TakeKit({ size }: { size?: "xs" }) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const [opened, setOpened] = useState(false);
  const { mutate, isPending } = useMutation(
    trpc.backups.takeKit.mutationOptions({
      onSuccess: (kit) => {
        setOpened(false);
        download(kit);
        toast({ tone: "ok", title: "Recovery kit downloaded", message: "Print it or keep it apart from this machine and the stores." });
      },
    }),
  );
  return (
    <>
      <Button variant="default" size={size} onClick={() => setOpened(true)}>
        Take recovery kit
      </Button>
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        onConfirm={() => mutate({})}
        title="Take the recovery kit"
        sentence="One page with the key ring, the places of your backups and the commands that bring them back on an empty machine. Print it, or put it into a password manager of the team."
        consequence={{ title: "Whoever holds it can read every backup", text: "Keep it apart from the stores. Take a new one after every change of keys." }}
        confirmLabel="Download"
        recordedAs={viewer?.name}
        busy={isPending}
      />
    </>
  );
}
