"use client";
import { Button } from "@mantine/core";
import { IconCopy, IconUpload } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { describeError } from "../data/describe-error.ts";
import { EmptyState } from "../data/empty-state.tsx";
import { FormProblem } from "../data/form-problem.tsx";
import { toast } from "../shell/toast.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { NO_KEY, snippetsOf } from "./snippets.ts";
import styles from "./coverage.module.css";

const UploadDialog = dynamic(() => import("./upload-dialog.tsx").then((module) => module.UploadDialog), { ssr: false });

/** A key for a pipeline ends by itself after a while. */
const KEY_DAYS = 90;

const NOTES = [
  { title: "Then set a gate", text: "Block, warn and target lines for each flag and file. As it comes: 70, 80 and 85." },
  { title: "Missing is not falling", text: "A flag without an upload is carried forward and shown as stale, never as a drop." },
  { title: "What it earns", text: "The readiness score asks for a report, its age, the gate's verdict and green tests." },
];

/** Nothing has arrived: a snippet that works as it stands, with a key that may do just this. */
export function SendFirst({ origin, service, onSample }: { origin: string; service?: string; onSample: () => void }) {
  const trpc = useTRPC();
  const mayEdit = useMay("editor");
  const { data: known } = useQuery(trpc.coverage.list.queryOptions({ limit: 1 }, { enabled: service === undefined }));
  const [key, setKey] = useState<string | null>(null);
  const [isUploading, setUploading] = useState(false);
  const slug = service ?? known?.items[0]?.slug ?? "payments-api";
  const make = useMutation(
    trpc.access.createKey.mutationOptions({
      meta: { quiet: true },
      onSuccess: async ({ plainKey }) => {
        setKey(plainKey);
        const isCopied = await copy(snippetsOf({ origin, service: slug, key: plainKey })[0]?.code ?? "");
        toast({ tone: "ok", title: isCopied ? "Snippet copied" : "Key made", message: `Its key may send coverage for ${KEY_DAYS} days and is shown only now.` });
      },
    }),
  );
  return (
    <>
      <EmptyState
        title="Send the first coverage report"
        drawing="lines"
        sentence="Run this after your tests. It reads LCOV, Cobertura, Clover, JaCoCo, Istanbul and Go profiles, finds the commit by itself and prints the gate's answer."
        snippets={snippetsOf({ origin, service: slug, key: key ?? NO_KEY })}
        action={
          mayEdit ? (
            <Button leftSection={<IconCopy size={16} aria-hidden />} loading={make.isPending} onClick={() => make.mutate({ name: `coverage of ${slug}`, scopes: ["coverage:write"], expiresInDays: KEY_DAYS })}>
              Copy snippet with key
            </Button>
          ) : null
        }
        secondary={
          mayEdit ? (
            <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} onClick={() => setUploading(true)}>
              Upload a file
            </Button>
          ) : null
        }
        further={<Button variant="default" onClick={onSample}>See it with sample data</Button>}
        listening="Listening, this page changes when a report arrives"
        notes={NOTES}
      />
      <div className={styles.narrow}>
        <FormProblem problem={make.error ? describeError(make.error).message : null} />
      </div>
      {isUploading ? <UploadDialog service={service} onClose={() => setUploading(false)} /> : null}
    </>
  );
}

/** False where the browser keeps the clipboard to itself: the snippet on the page then has the key. */
async function copy(text: string): Promise<boolean> {
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}
