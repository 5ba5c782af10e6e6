"use client";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";

/** Typing waits this long before it asks the server. */
const TYPING_MS = 200;
/** Texts on their way into the address; more than this are never under way at once. */
const MOST_SENT = 5;

interface Typed {
  text: string;
  /** The address's filter as last seen. */
  seen: string;
  /** What was sent to the address and has not come back yet. */
  sent: readonly string[];
}

/**
 * What is typed shows at once; the address follows a moment later and must not undo what was typed meanwhile. A filter
 * that somebody else put into the address (a link, the back button) replaces what is typed.
 */
export function useTypedFilter(filter: string, onApply: (filter: string) => void): readonly [string, (filter: string) => void] {
  const [typed, setTyped] = useState<Typed>({ text: filter, seen: filter, sent: [] });
  if (filter !== typed.seen) {
    const isOurs = typed.sent.includes(filter);
    setTyped({ text: isOurs ? typed.text : filter, seen: filter, sent: typed.sent.slice(typed.sent.indexOf(filter) + 1) });
  }
  const apply = useDebouncedCallback((next: string) => {
    setTyped((last) => ({ ...last, sent: [...last.sent, next].slice(-MOST_SENT) }));
    onApply(next);
  }, TYPING_MS);
  const type = (next: string): void => {
    setTyped((last) => ({ ...last, text: next }));
    apply(next);
  };
  return [typed.text, type];
}
