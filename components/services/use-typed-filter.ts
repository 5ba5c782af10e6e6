"use client";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";

/** Typing waits this long before it asks the server. */
const TYPING_MS = 200;

/**
 * What is typed shows at once; the address follows a moment later and must not undo what was typed meanwhile. A filter
 * that somebody else put into the address (a link, the back button) replaces what is typed.
 */
export function useTypedFilter(filter: string, onApply: (filter: string) => void): readonly [string, (filter: string) => void] {
  const [text, setText] = useState(filter);
  /** The last text on its way into the address; null once the address has it. */
  const underWay = useRef<string | null>(null);
  useEffect(() => {
    if (underWay.current === null) setText(filter);
    else if (underWay.current === filter) underWay.current = null;
  }, [filter]);
  const apply = useDebouncedCallback((next: string) => {
    if (next === filter) underWay.current = null;
    else onApply(next);
  }, TYPING_MS);
  const type = (next: string): void => {
    underWay.current = next;
    setText(next);
    apply(next);
  };
  return [text, type];
}
