"use client";
import { startTransition, useEffect, useState, type RefObject } from "react";

/** Below this a table simply draws all its rows. */
const WINDOW_FROM = 200;
/** Rows of the first draw: as many as a large window shows. The page answers sooner, and the rest follows at once. */
const FIRST_ROWS = 30;
/** Rows drawn outside the view at each side, so that scrolling shows no holes. */
const OVERSCAN = 20;

export interface RowWindow {
  from: number;
  to: number;
}

/** The part of a long list worth drawing: what is in view and a little more. Rows must be `rowHeight` high. */
export function useRowWindow(body: RefObject<HTMLElement | null>, count: number, rowHeight: number): RowWindow {
  const [view, setView] = useState<RowWindow>({ from: 0, to: 60 });
  const [isFirst, setFirst] = useState(true);
  const isLong = count > WINDOW_FROM;
  useEffect(() => startTransition(() => setFirst(false)), []);
  useEffect(() => {
    if (!isLong) return undefined;
    const measure = (): void => {
      const top = body.current?.getBoundingClientRect().top ?? 0;
      const first = Math.floor(-top / rowHeight);
      const from = Math.max(0, Math.floor((first - OVERSCAN) / 10) * 10);
      const to = Math.ceil((first + window.innerHeight / rowHeight + OVERSCAN) / 10) * 10;
      setView((last) => (last.from === from && last.to === to ? last : { from, to: Math.max(to, OVERSCAN) }));
    };
    measure();
    window.addEventListener("scroll", measure, { passive: true });
    window.addEventListener("resize", measure);
    return () => {
      window.removeEventListener("scroll", measure);
      window.removeEventListener("resize", measure);
    };
  }, [body, isLong, rowHeight]);
  if (isFirst) return { from: 0, to: Math.min(FIRST_ROWS, count) };
  return isLong ? { from: Math.min(view.from, count), to: Math.min(view.to, count) } : { from: 0, to: count };
}
