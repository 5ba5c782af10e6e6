import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleXFilled,
  IconHelpCircle,
  IconHistory,
  IconLink,
  IconTool,
} from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import styles from "./status.module.css";

/** The seven states a thing on screen can be in; each has its icon, word and four tones. */
export type State = "ok" | "warn" | "fail" | "unknown" | "stale" | "maintenance" | "blocked";

/** What a state is called when the caller has no better word. */
export const STATE_WORDS: Record<State, string> = {
  ok: "OK",
  warn: "Warn",
  fail: "Fail",
  unknown: "Unknown",
  stale: "Stale",
  maintenance: "Maintenance",
  blocked: "Blocked",
};

const ICONS: Record<State, ComponentType<{ size?: number; "aria-hidden"?: boolean; className?: string }>> = {
  ok: IconCircleCheckFilled,
  warn: IconAlertTriangleFilled,
  fail: IconCircleXFilled,
  unknown: IconHelpCircle,
  stale: IconHistory,
  maintenance: IconTool,
  blocked: IconLink,
};

interface StatusProps {
  state: State;
  /** The word, when it says more than the state's own: "Down 18 min". */
  children?: ReactNode;
}

/** The state's icon in its tone; decorative, so a word must stand beside it. */
export function StatusIcon({ state, size = 14 }: { state: State; size?: number }) {
  const Icon = ICONS[state];
  return (
    <span className={styles.icon} data-state={state}>
      <Icon size={size} aria-hidden />
    </span>
  );
}

/** A boxed state, for page heads and severities; rows use StatusText. Stale is always hatched. */
export function StatusBadge({ state, children }: StatusProps) {
  return (
    <span className={styles.badge} data-state={state}>
      <StatusIcon state={state} size={13} />
      <span>{children ?? STATE_WORDS[state]}</span>
    </span>
  );
}

/** Icon and word without a box; `detail` is the quiet second line ("by Payments API"). A sentence `isLong` and wraps. Stale keeps its box. */
export function StatusText({ state, children, detail, isLong }: StatusProps & { detail?: ReactNode; isLong?: boolean }) {
  if (state === "stale") return <StatusBadge state="stale">{children}</StatusBadge>;
  return (
    <span className={styles.text} data-state={state} data-long={isLong || undefined}>
      <StatusIcon state={state} />
      <span className={styles.word}>{children ?? STATE_WORDS[state]}</span>
      {detail ? <span className={styles.detail}>{detail}</span> : null}
    </span>
  );
}
