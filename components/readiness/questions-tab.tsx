"use client";
import { Button, Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { Checklist, Item } from "../../server/readiness/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { Fold } from "../data/fold.tsx";
import { formatDay } from "../data/format.ts";
import { SkeletonRows } from "../data/skeleton.tsx";
import { StatusText, type State } from "../data/status.tsx";
import { Card } from "../shell/page.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { OUTCOME_TONES, OUTCOME_WORDS } from "./words.ts";
import styles from "./readiness.module.css";

const AnswerQuestion = dynamic(() => import("./answer-question.tsx").then((module) => module.AnswerQuestion), { ssr: false });

/** Lists of questions: the adopted ones open, the others to choose from. */
export function QuestionsTab({ slug }: { slug: string }) {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.readiness.checklists.queryOptions({ id: slug }));
  const [answering, setAnswering] = useState<Item | null>(null);
  if (!data) return error ? <ErrorState title="The questions could not be read" what={describeError(error).message} requestId={describeError(error).requestId} onRetry={() => void refetch()} /> : <SkeletonRows count={8} />;
  const adopted = data.lists.filter(({ isAdopted }) => isAdopted);
  const others = data.lists.filter(({ isAdopted }) => !isAdopted);
  return (
    <div className={styles.stack}>
      {adopted.length === 0 ? <p className={styles.hint}>No list counts for this service yet. Adopt one below: questions that evidence answers are filled in, the others wait for a person.</p> : null}
      {adopted.map((list) => (
        <ListCard key={list.list} list={list} slug={slug} onAnswer={setAnswering} />
      ))}
      <Fold label={`${others.length} lists to adopt`} opened={adopted.length === 0}>
        <div className={styles.list}>
          {others.map((list) => (
            <ListCard key={list.list} list={list} slug={slug} onAnswer={setAnswering} />
          ))}
        </div>
      </Fold>
      {answering ? <AnswerQuestion item={answering} slug={slug} onClose={() => setAnswering(null)} /> : null}
    </div>
  );
}

function ListCard({ list, slug, onAnswer }: { list: Checklist; slug: string; onAnswer: (item: Item) => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const mayEdit = useMay("editor");
  const { mutate, isPending } = useMutation(trpc.readiness.adoptList.mutationOptions({ onSuccess: (next) => client.setQueryData(trpc.readiness.checklists.queryKey({ id: slug }), next) }));
  return (
    <Card
      title={list.name}
      aside={
        <>
          <span>{list.done} of {list.total}</span>
          {mayEdit ? <Switch size="xs" label="Counts" checked={list.isAdopted} disabled={isPending} onChange={() => mutate({ id: slug, list: list.list, isAdopted: !list.isAdopted })} aria-label={`${list.name} counts`} /> : null}
        </>
      }
    >
      <p className={styles.hint}>{list.about}</p>
      {list.isAdopted ? (
        <ul className={styles.entries} style={{ marginTop: 8 }}>
          {list.items.map((item) => (
            <Question key={item.item} item={item} onAnswer={mayEdit ? () => onAnswer(item) : undefined} />
          ))}
        </ul>
      ) : null}
    </Card>
  );
}

function answerOf(item: Item): { tone: State; word: string } {
  if (item.answer === "notApplicable") return { tone: "unknown", word: "Not needed" };
  if (item.measured) return { tone: OUTCOME_TONES[item.measured], word: OUTCOME_WORDS[item.measured] };
  if (item.answer === null) return { tone: "unknown", word: "Open" };
  if (item.isExpired) return { tone: "stale", word: "Stale" };
  return item.answer === "yes" ? { tone: "ok", word: "Yes" } : { tone: "fail", word: "No" };
}

function Question({ item, onAnswer }: { item: Item; onAnswer?: () => void }) {
  const { tone, word } = answerOf(item);
  return (
    <li className={styles.question}>
      <StatusText state={tone}>{word}</StatusText>
      <span>
        {item.title}
        <small>
          {item.rule ? "measured by a rule" : item.reviewer ? `${item.reviewer}, holds until ${item.expiresAt ? formatDay(item.expiresAt) : "taken back"}` : "a person answers"}
          {item.note ? `. ${item.note}` : ""}
          {item.isDisputed ? ". The evidence disagrees with the answer." : ""} {item.evidenceUrl ? <a href={item.evidenceUrl} className="sw-link" target="_blank" rel="noreferrer">Evidence</a> : null}
        </small>
      </span>
      {onAnswer ? (
        <Button size="xs" variant="default" onClick={onAnswer} aria-label={`${item.answer === null ? "Answer" : "Change"}: ${item.title}`}>
          {item.answer === null ? "Answer" : "Change"}
        </Button>
      ) : null}
    </li>
  );
}
