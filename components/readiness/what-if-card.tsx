"use client";
import { Checkbox } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Scorecard } from "../../server/readiness/schema/index.ts";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { isHeldBack, LEVEL_WORDS, pointsOf } from "./words.ts";
import styles from "./readiness.module.css";

/** The rules whose holding would help most; more would be a list, not a choice. */
const OFFERED = 7;

/** What the score would be if chosen rules held. Nothing is saved. */
export function WhatIfCard({ card }: { card: Scorecard }) {
  const trpc = useTRPC();
  const id = useId();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const open = card.lines.filter((line) => line.outcome !== "pass" && !line.isWaived);
  const offered = open.toSorted((a, b) => Number(isHeldBack(b)) - Number(isHeldBack(a)) || b.points - b.earned - (a.points - a.earned)).slice(0, OFFERED);
  const rules = chosen.filter((rule) => open.some((line) => line.rule === rule));
  const { data } = useQuery(trpc.readiness.whatIf.queryOptions({ id: card.serviceId, rules: [...rules] }, { enabled: rules.length > 0, placeholderData: keepPreviousData }));
  const answer = rules.length > 0 ? data : undefined;
  if (offered.length === 0) return null;
  const toggle = (rule: string) => setChosen(rules.includes(rule) ? rules.filter((each) => each !== rule) : [...rules, rule]);
  return (
    <Card title="What if" aside={<span>nothing is saved</span>}>
      <ul className={styles.options}>
        {offered.map((line) => (
          <li key={line.rule} className={styles.option}>
            <Checkbox size="xs" id={`${id}-${line.rule}`} checked={rules.includes(line.rule)} onChange={() => toggle(line.rule)} mt={1} />
            <label htmlFor={`${id}-${line.rule}`}>
              {line.title} {isHeldBack(line) ? <small>lifts the cap</small> : null}
            </label>
            <span className={styles.gain}>+{pointsOf(line.points - line.earned)}</span>
          </li>
        ))}
      </ul>
      <div className={styles.result} aria-live="polite">
        <span>{answer ? "Score would be" : "Choose what would hold"}</span>
        <span>
          {card.score}
          {answer ? (
            <>
              {" → "}
              <span className={`${styles.after} ${answer.after > card.score ? styles.up : ""}`}>{answer.after}</span>
            </>
          ) : null}
        </span>
      </div>
      {answer ? <p className={styles.hint}>{answerWords(answer, card.goal)}</p> : null}
    </Card>
  );
}

function answerWords(answer: { after: number; isCapped: boolean; levelBefore: keyof typeof LEVEL_WORDS; levelAfter: keyof typeof LEVEL_WORDS }, goal: number): string {
  const level = answer.levelAfter === answer.levelBefore ? "" : ` Level ${LEVEL_WORDS[answer.levelAfter].toLowerCase()}.`;
  if (answer.isCapped) return `Still capped by another blocking rule.${level}`;
  return answer.after >= goal ? `Over the goal of ${goal}.${level}` : `${goal - answer.after} points below the goal of ${goal}.${level}`;
}
