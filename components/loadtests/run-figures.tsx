import type { RunDetail } from "../../server/loadtests/schema.ts";
import { formatDuration, formatMilliseconds } from "../data/duration.ts";
import { formatCount, formatPercent } from "../data/format.ts";
import { KeyFigures } from "../data/key-figures.tsx";
import { rateWords } from "./words.ts";

/** What a run measured, in one strip. */
export function RunFigures({ run: { figures } }: { run: RunDetail }) {
  return (
    <KeyFigures
      label="Figures"
      figures={[
        { label: "Requests", value: formatCount(figures.requests), aside: rateWords(figures.rate) },
        { label: "Failed", value: formatPercent(figures.errorRate), aside: figures.errors === null ? undefined : formatCount(figures.errors) },
        { label: "p50", value: formatMilliseconds(figures.p50) },
        { label: "p95", value: formatMilliseconds(figures.p95) },
        { label: "p99", value: formatMilliseconds(figures.p99), aside: figures.max === null ? undefined : `max ${formatMilliseconds(figures.max)}` },
        { label: "Users", value: figures.users === null ? "not told" : formatCount(figures.users), aside: figures.durationMs === null ? undefined : formatDuration(figures.durationMs) },
      ]}
    />
  );
}
