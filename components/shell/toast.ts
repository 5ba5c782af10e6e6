/** Toasts, loaded when the first one is needed. */

export type Toast = {
  /** Toasts with one id replace each other. */
  id?: string;
  tone: "ok" | "fail" | "info";
  title: string;
  message?: string;
  requestId?: string | null;
};

const SHOWN_MS = { ok: 4_000, info: 5_000, fail: 10_000 } as const;

let show: ((toast: Toast) => void) | null = null;
const waiting: Toast[] = [];

/** Shows a toast; before the toaster is there it waits. */
export function toast(next: Toast): void {
  if (show) show(next);
  else waiting.push(next);
  onNeeded?.();
}

let onNeeded: (() => void) | null = null;

/** Called by the host once: `load` mounts the toaster, which then calls `connectToaster`. */
export function whenToastNeeded(load: () => void): void {
  onNeeded = load;
  if (waiting.length > 0) load();
}

export function connectToaster(display: (toast: Toast, shownMs: number) => void): void {
  show = (next) => display(next, SHOWN_MS[next.tone]);
  for (const next of waiting.splice(0)) show(next);
}
