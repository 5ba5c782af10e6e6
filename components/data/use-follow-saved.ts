"use client";
import type { UseFormReturnType } from "@mantine/form";
import { useState } from "react";
import { isSame, mergeValues, type Versions } from "./merge-values.ts";

/** What is saved now, beside its values: its revision, which only grows, and who saved it, where that is known. */
export interface Saved {
  revision: number;
  by?: string | null;
}

interface FollowOptions<Values> {
  form: UseFormReturnType<Values>;
  /** What is saved now, as the form holds it. */
  values: Values;
  /** Undefined for a form of something new. */
  saved: Saved | undefined;
  /** While a save is under way nothing is taken over: it may be the form's own. */
  busy: boolean;
  merge?: (versions: Versions<Values>) => Values;
  /** Called after something newer was taken over. */
  onTaken: () => void;
}

interface Followed<Values> {
  /** The revision that the form's values were made from, to be sent with them. */
  revision: number;
  /** Who saved meanwhile and what became of that, while it matters. */
  meanwhile: string | null;
  /** Tells that these values were saved by this form. */
  accept: (sent: Values) => void;
}

/** The form's last agreement with what is saved; `isOwn` until what the form itself saved has come back. */
type Agreement<Values> = { revision: number; values: Values; isOwn: boolean };

/**
 * Keeps an open form in line with what is saved. While nothing was changed it takes what is newer silently; otherwise
 * what was typed stays, the rest becomes as saved now, and `meanwhile` says so.
 */
export function useFollowSaved<Values extends object>({ form, values, saved, busy, merge = mergeValues, onTaken }: FollowOptions<Values>): Followed<Values> {
  const [agreed, agree] = useState<Agreement<Values>>({ revision: saved?.revision ?? 0, values, isOwn: false });
  const [said, say] = useState<string | null>(null);

  if (saved && !busy && saved.revision > agreed.revision) {
    const merged = merge({ base: agreed.values, mine: form.values, theirs: values });
    const isMine = agreed.isOwn && saved.revision === agreed.revision + 1;
    const isNews = !isMine && !isSame(values, agreed.values) && !isSame(merged, values);
    agree({ revision: saved.revision, values, isOwn: false });
    form.setInitialValues(values);
    form.setValues(merged);
    form.setDirty({});
    say(isNews ? `${saved.by ?? "Somebody"} saved this meanwhile. What you changed is kept; the rest is as saved now.` : null);
    onTaken();
  }

  const accept = (sent: Values): void => {
    agree((before) => ({ ...before, values: sent, isOwn: true }));
    form.setInitialValues(sent);
    form.setDirty({});
    say(null);
  };
  return { revision: agreed.revision, meanwhile: form.isDirty() ? said : null, accept };
}
