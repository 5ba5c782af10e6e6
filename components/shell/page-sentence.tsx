"use client";
import { formatClock } from "../data/format.ts";
import { StatusIcon } from "../data/status.tsx";
import { useAway } from "./away.tsx";
import type { Sentence } from "./page.tsx";
import styles from "./page.module.css";

/** How things stand; while the facts are not of now, how they stood and when. */
export function PageSentence(sentence: Sentence) {
  const away = useAway();
  const { tone, lead, rest } = away && (sentence.tone !== "unknown" || sentence.growsOld) ? stood(sentence, away.at) : sentence;
  return (
    <p className={styles.sentence}>
      <StatusIcon state={tone} size={16} />
      <span>
        <b>{lead}</b> {rest}
      </span>
    </p>
  );
}

function stood({ lead, rest }: Sentence, at: Date): Sentence {
  return {
    tone: "unknown",
    lead: "We cannot say how things stand now.",
    rest: (
      <>
        At {formatClock(at)}: {lead} {rest}
      </>
    ),
  };
}
