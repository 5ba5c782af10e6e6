"use client";
import { Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { FileDetail, GatePolicy, SourceLine } from "../../server/coverage/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatCount, plural } from "../data/format.ts";
import { SkeletonRows } from "../data/skeleton.tsx";
import { StatusText } from "../data/status.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { formatCovered, shortCommit, stateOf } from "./words.ts";
import styles from "./coverage.module.css";

const SOURCES: Record<FileDetail["source"], string> = { pushed: "Text pushed with the report", repository: "Text from the repository", none: "Lines from the report, without text" };

/** One file: its lines with hits, and the text where somebody has it. */
export function FileView({ place, levels, onClose }: { place: { service: string; commit: string; flag: string; path: string }; levels: GatePolicy["levels"]["lines"]; onClose: () => void }) {
  const trpc = useTRPC();
  const { service, commit, flag, path } = place;
  const { data, error, refetch } = useQuery(trpc.coverage.file.queryOptions({ service, commit, path, ...(flag ? { flag } : {}) }));
  return (
    <>
      <div className={styles.bar}>
        <Button variant="default" size="xs" leftSection={<IconArrowLeft size={14} aria-hidden />} onClick={onClose}>
          All files
        </Button>
        <span className={styles.path}>{path}</span>
      </div>
      <Card
        title={path.slice(path.lastIndexOf("/") + 1)}
        aside={data ? <StatusText state={stateOf(data.percent.lines, levels)}>{`${formatCovered(data.percent.lines)} of ${plural(data.totals.lines?.total ?? 0, "line")}`}</StatusText> : null}
        footer={{ source: data ? SOURCES[data.source] : "File", at: `commit ${shortCommit(commit)}` }}
      >
        {data ? (
          <Lines file={data} />
        ) : error ? (
          <ErrorState title="The file could not be read" what={describeError(error).message} kept="The report is kept." onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows count={12} />
        )}
      </Card>
    </>
  );
}

function Lines({ file }: { file: FileDetail }) {
  if (file.isSummaryOnly) return <p className={styles.quiet}>The report names only totals for this file, so there are no lines to show. Send coverage-final.json or LCOV to see them.</p>;
  return (
    <>
      {file.sourceProblem ? <p className={styles.quiet}>{file.sourceProblem}</p> : null}
      {/* A scrolling region must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.source} tabIndex={0} role="region" aria-label={`Lines of ${file.path}`}>
        <table>
          <tbody>
            {file.lines.map((line) => (
              <tr key={line.line} data-hit={hitOf(line)}>
                <td className={styles.lineNumber}>{line.line}</td>
                <td className={styles.hits}>{hitWords(line)}</td>
                <td>{line.text ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function hitOf({ hits, branches }: SourceLine): "yes" | "no" | "part" | undefined {
  if (hits === null) return undefined;
  if (hits === 0) return "no";
  return branches && branches.covered < branches.total ? "part" : "yes";
}

/** "not hit", "3×", "64+×", and the branches that were taken where some were not. */
function hitWords({ hits, isAtLeast, branches }: SourceLine): string {
  if (hits === null) return "";
  if (hits === 0) return "not hit";
  const part = branches && branches.covered < branches.total ? ` ${branches.covered}/${branches.total}` : "";
  return `${formatCount(hits)}${isAtLeast ? "+" : ""}×${part}`;
}
