"use client";
/** Services from a spreadsheet: every line with what it would do or why it cannot be taken, then all of them at once. */
import { Button, Checkbox } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CodeBlock } from "../data/code.tsx";
import { describeError } from "../data/describe-error.ts";
import { FormProblem } from "../data/form-problem.tsx";
import { formatCount, plural } from "../data/format.ts";
import { StatusText, type State } from "../data/status.tsx";
import { toast } from "../shell/toast.ts";
import { useTRPC, useTRPCClient } from "../trpc/client.tsx";
import type { ImportAction, ImportCounts, ImportedLine, ImportPreview } from "../../server/services/schema.ts";
import styles from "./import.module.css";
import forms from "./services.module.css";

const EXAMPLE = 'name,owner,tier,environment,tags,address\nShop,Payments,1,production,"web pci",https://shop.example/health';
/** Lines drawn at once; problems come first, so none of them is hidden behind lines that are well. */
const MOST_SHOWN = 200;

const PREVIEW = "services.importPreview";

const TONES: Record<ImportAction, { state: State; word: string }> = {
  problem: { state: "fail", word: "Problem" },
  create: { state: "ok", word: "New" },
  change: { state: "maintenance", word: "Change" },
  same: { state: "unknown", word: "As it is" },
};
const ORDER: readonly ImportAction[] = ["problem", "create", "change", "same"];

interface CsvImportProps {
  file: File | null;
  onClose: () => void;
  onBusy: (isBusy: boolean) => void;
}

/** The part of the import dialog below the file. */
export function CsvImport({ file, onClose, onBusy }: CsvImportProps) {
  const { data: found, error, isFetching } = usePreview(file);
  const [leavesOut, setLeavesOut] = useState(false);
  const work = useImport({ onClose, onBusy });
  const problem = work.error ?? error;
  const count = found ? found.preview.counts.created + found.preview.counts.changed : 0;
  const problems = found?.preview.counts.problems ?? 0;
  return (
    <>
      {file === null ? <CodeBlock code={EXAMPLE} label="An example" /> : null}
      {found ? <Preview preview={found.preview} /> : null}
      {problems > 0 && count > 0 ? <Checkbox label={`Leave out the ${plural(problems, "line")} with problems`} checked={leavesOut} onChange={(event) => setLeavesOut(event.currentTarget.checked)} /> : null}
      <FormProblem problem={problem ? describeError(problem).message : null} />
      <div className={`${forms.formActions} ${forms.pinned}`}>
        <Button variant="default" onClick={onClose} disabled={work.isPending}>
          Cancel
        </Button>
        <Button loading={isFetching || work.isPending} disabled={!found || count === 0 || (problems > 0 && !leavesOut)} onClick={() => (found ? work.mutate({ ...found, leavesOutProblems: leavesOut }) : undefined)}>
          {count > 0 ? `Import ${plural(count, "service")}` : "Import"}
        </Button>
      </div>
    </>
  );
}

function sentenceOf({ created, changed, same, problems }: ImportCounts): string {
  const parts = [`${formatCount(created)} to add`, `${formatCount(changed)} to change`, `${formatCount(same)} as they are`];
  return `${parts.join(", ")}${problems > 0 ? `, ${formatCount(problems)} with problems` : ""}.`;
}

function Preview({ preview: { counts, lines, ignoredColumns } }: { preview: ImportPreview }) {
  const ordered = lines.toSorted((a, b) => ORDER.indexOf(a.action) - ORDER.indexOf(b.action) || a.line - b.line);
  const hidden = ordered.length - MOST_SHOWN;
  return (
    <div aria-live="polite" className={forms.lines}>
      <p className={forms.hint}>
        {sentenceOf(counts)} {ignoredColumns.length > 0 ? `No field of a service, left out: ${ignoredColumns.join(", ")}. ` : ""}An empty cell leaves what is there.
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Lines of the file">
        <ul className={styles.list}>
          {ordered.slice(0, MOST_SHOWN).map((line) => (
            <Line key={line.line} line={line} />
          ))}
        </ul>
        {hidden > 0 ? <p className={forms.hint}>And {plural(hidden, "line")} more.</p> : null}
      </div>
    </div>
  );
}

function Line({ line: { line, name, slug, action, changes, problems } }: { line: ImportedLine }) {
  const { state, word } = TONES[action];
  return (
    <li className={styles.row}>
      <StatusText state={state}>{word}</StatusText>
      <div className={styles.what}>
        <span className={styles.name}>{name || slug || "No name"}</span> {slug ? <code>{slug}</code> : null}
        {problems.map((problem) => (
          <p key={problem} className={styles.problem}>
            {problem}
          </p>
        ))}
        {action === "change" ? changes.map(({ field, from, to }) => <Change key={field} field={field} from={from} to={to} />) : null}
        {action === "create" ? <p className={styles.detail}>{changes.filter(({ field }) => field !== "name").map(({ field, to }) => `${field}: ${to}`).join(", ")}</p> : null}
      </div>
      <span className={styles.number}>line {line}</span>
    </li>
  );
}

function Change({ field, from, to }: { field: string; from: string; to: string }) {
  return (
    <p className={styles.detail}>
      {field}: {from === "" ? "nothing" : from} → {to}
    </p>
  );
}

/** Spreadsheets save in the machine's own alphabet too; such a file is refused before letters are lost. */
async function readUtf8(file: File): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch (error) {
    throw new Error("The file is not UTF-8. Save it as CSV UTF-8 and choose it again.", { cause: error });
  }
}

function usePreview(file: File | null) {
  const client = useTRPCClient();
  return useQuery({
    queryKey: [PREVIEW, file?.name, file?.size, file?.lastModified],
    enabled: file !== null,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    meta: { quiet: true },
    queryFn: async () => {
      if (!file) return null;
      const csv = await readUtf8(file);
      return { csv, preview: await client.services.previewImport.mutate({ csv }) };
    },
  });
}

function useImport({ onClose, onBusy }: Pick<CsvImportProps, "onClose" | "onBusy">) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ csv, preview: { counts }, leavesOutProblems }: { csv: string; preview: ImportPreview; leavesOutProblems: boolean }) => {
      onBusy(true);
      return client.services.importServices.mutate({ csv, leavesOutProblems, expected: { created: counts.created, changed: counts.changed } });
    },
    onSuccess: ({ counts: { created, changed } }) => {
      toast({ tone: "ok", title: `${formatCount(created)} added, ${formatCount(changed)} changed`, message: "New checks run now." });
      onClose();
    },
    // The registry is another one than was shown: what the file would do now is asked again.
    onError: () => void queries.invalidateQueries({ queryKey: [PREVIEW] }),
    onSettled: () => {
      onBusy(false);
      void queries.invalidateQueries(trpc.services.pathFilter());
    },
  });
}
