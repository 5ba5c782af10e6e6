"use client";
import { TagsInput } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { BulkAction, BulkPreview } from "../../server/services/schema.ts";
import { Confirm } from "../data/confirm.tsx";
import { describeError } from "../data/describe-error.ts";
import { FormProblem } from "../data/form-problem.tsx";
import { plural } from "../data/format.ts";
import { SkeletonRows } from "../data/skeleton.tsx";
import { useViewer } from "../shell/viewer.tsx";
import { useTRPC, useTRPCClient } from "../trpc/client.tsx";
import { BULK_WORDS, previewSentence } from "./bulk-words.ts";
import styles from "./bulk.module.css";

export type Chosen = { ids: string[] } | { filter: string };

interface BulkDialogProps {
  action: BulkAction;
  chosen: Chosen;
  onClose: () => void;
  onStarted: (bulkId: string) => void;
}

/** Shows what an act would change before it begins; the server refuses to begin when that is no longer so. */
export function BulkDialog({ action, chosen, onClose, onStarted }: BulkDialogProps) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const recordedAs = useViewer()?.name;
  const [tags, setTags] = useState<string[]>([]);
  const needsTags = action === "addTags" || action === "removeTags";
  const isReady = !needsTags || tags.length > 0;
  const input = { action, tags, ...chosen };
  const { data: preview, error } = useQuery({ queryKey: ["services.previewBulk", input], queryFn: () => client.services.previewBulk.mutate(input), enabled: isReady, gcTime: 0, retry: false, placeholderData: keepPreviousData });
  const start = useMutation(
    trpc.services.startBulk.mutationOptions({
      onSuccess: ({ id }) => {
        onStarted(id);
        onClose();
      },
    }),
  );
  const count = isReady ? preview?.affected : undefined;
  const words = BULK_WORDS[action];
  return (
    <Confirm
      opened
      onClose={onClose}
      onConfirm={() => {
        if (count) start.mutate({ ...input, expected: count });
      }}
      title={`${words.verb} ${count === undefined ? "services" : plural(count, "service")}`}
      sentence={words.consequence}
      confirmLabel={count === undefined ? words.verb : `${words.verb} ${plural(count, "service")}`}
      ready={count !== undefined && count > 0}
      recordedAs={recordedAs}
      busy={start.isPending}
    >
      {needsTags ? <TagsInput label="Tags" description="Enter or comma ends one." value={tags} onChange={setTags} maxTags={10} data-autofocus /> : null}
      {isReady ? <Preview preview={preview} error={error} /> : null}
    </Confirm>
  );
}

function Preview({ preview, error }: { preview: BulkPreview | undefined; error: unknown }) {
  if (error) return <FormProblem problem={describeError(error).message} />;
  if (!preview) return <SkeletonRows count={2} height={20} />;
  return (
    <div className={styles.preview} aria-live="polite">
      <p>{previewSentence(preview)}</p>
      {preview.skipped.length > 0 ? <p className={styles.quiet}>Left alone: {preview.skipped.map(({ reason, count }) => `${count} ${reason}`).join(", ")}.</p> : null}
    </div>
  );
}
