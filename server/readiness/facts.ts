/** Everything that rules may look at, about one service. Loaded in bulk by queries; rules never look further. */
import type { AccessFacts } from "../access/queries/index.ts";
import type { BackupFacts } from "../backups/queries/index.ts";
import type { CoverageFacts } from "../coverage/queries/index.ts";
import type { LoadFacts } from "../loadtests/queries/index.ts";
import type { ServiceFacts } from "../services/queries/index.ts";
import type { Answer } from "./schema/index.ts";

/** Things that a guarded request looks at. */
export const OBSERVED = ["headers", "redirect", "docs", "runbook", "repository", "pipeline", "dashboard", "errors", "logs"] as const;
export type ObservedKind = (typeof OBSERVED)[number];

export type Observation = {
  kind: ObservedKind;
  url: string;
  /** True when an answer came at all. */
  answered: boolean;
  status: number | null;
  /** Lower-case response headers that matter, where the redirect led, or why nothing came. */
  detail: Record<string, string>;
  observedAt: Date;
};

/** How the console itself stands; only its own service has these. */
export type ConsoleFacts = {
  at: Date;
  access: AccessFacts;
  queues: { oldestWaitingMs: number | null; oldestQueue: string | null; dead: number; failedLastHour: number; completedLastHour: number; isStalled: boolean; workers: number };
  limits: { tiers: number; tiersWithoutFigure: string[]; signInMax: number; exemptions: number; store: "process" | "shared" | "shared-away" };
  telemetry: { statements: string; web: number; worker: number };
  /** Checks whose credentials are not sealed with the present key yet. */
  outdatedSecrets: number;
};

export type AnswerFacts = { item: string; answer: Answer; note: string; evidenceUrl: string | null; reviewer: string; answeredAt: Date; expiresAt: Date | null };

export type Facts = {
  service: ServiceFacts;
  observed: Partial<Record<ObservedKind, Observation>>;
  load: LoadFacts | null;
  coverage: CoverageFacts | null;
  /** Plans in use that back up data of the service. */
  backups: readonly BackupFacts[];
  /** Lists of questions that the service adopted, and what was answered. */
  lists: readonly string[];
  answers: ReadonlyMap<string, AnswerFacts>;
  console: ConsoleFacts | null;
};
