"use client";
/**
 * A summary card whose code is not part of the overview's first load: it is fetched when the page has loaded and the
 * browser is at rest. Until then a placeholder of the card's size stands in its place, so nothing jumps. For every card
 * below the first row; `e2e/weight.spec.ts` keeps the overview's scripts within their budget.
 */
import { useEffect, useState, type ComponentType } from "react";
import { ErrorState } from "../data/error-state.tsx";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { Card } from "./page.tsx";

/** The browser is asked to find a quiet moment within this. */
const AT_REST_MS = 500;

/** Calls `then` once the page has loaded and the browser has nothing better to do. Returns how to take that back. */
function whenAtRest(then: () => void): () => void {
  let idle: number | null = null;
  const ask = () => {
    // Safari has no idle callback.
    idle = "requestIdleCallback" in window ? window.requestIdleCallback(then, { timeout: AT_REST_MS }) : (globalThis.setTimeout(then, AT_REST_MS) as unknown as number);
  };
  if (document.readyState === "complete") ask();
  else window.addEventListener("load", ask, { once: true });
  return () => {
    window.removeEventListener("load", ask);
    if (idle === null) return;
    if ("cancelIdleCallback" in window) window.cancelIdleCallback(idle);
    else globalThis.clearTimeout(idle);
  };
}

export type Later = {
  /** The card's title, shown at once. */
  title: string;
  /** Pixels of the card's body. */
  height: number;
  load: () => Promise<ComponentType>;
};

/** Makes the card. Call it at the top of a file: once fetched, the code is known to every later mount. */
export function laterCard({ title, height, load }: Later): ComponentType {
  let known: ComponentType | null = null;

  return function LaterCard() {
    const [Loaded, setLoaded] = useState(() => known);
    const [tries, setTries] = useState(1);
    const [hasFailed, setFailed] = useState(false);
    useEffect(() => {
      if (Loaded) return undefined;
      return whenAtRest(() => {
        load().then(
          (component) => {
            known = component;
            setLoaded(() => component);
          },
          () => setFailed(true),
        );
      });
    }, [Loaded, tries]);
    const again = () => {
      setFailed(false);
      setTries(tries + 1);
    };
    if (Loaded) return <Loaded />;
    return <Card title={title}>{hasFailed ? <ErrorState title={`${title} could not be loaded`} what="The console did not send this card. It may be restarting." onRetry={again} /> : <div data-skeleton><SkeletonBlock height={height} /></div>}</Card>;
  };
}
