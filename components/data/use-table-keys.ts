"use client";
import { useHotkeys } from "@mantine/hooks";

interface TableKeys {
  ids: readonly string[];
  selected: string | null;
  onSelect?: (id: string) => void;
  onOpen?: (id: string) => void;
  onToggle?: (id: string) => void;
}

/** J and K move the selection, Enter opens it, X checks it; never while somebody types. */
export function useTableKeys({ ids, selected, onSelect, onOpen, onToggle }: TableKeys): void {
  const step = (by: 1 | -1): void => {
    if (!onSelect || ids.length === 0) return;
    const place = selected === null ? -1 : ids.indexOf(selected);
    const next = place === -1 ? (by === 1 ? 0 : ids.length - 1) : Math.min(ids.length - 1, Math.max(0, place + by));
    const id = ids[next];
    if (id !== undefined && id !== selected) onSelect(id);
  };
  const withSelected = (act?: (id: string) => void) => (): void => {
    if (selected !== null && ids.includes(selected)) act?.(selected);
  };
  useHotkeys(
    [
      ["J", () => step(1)],
      ["K", () => step(-1)],
      ["X", withSelected(onToggle)],
      ["Enter", (event) => {
        if (!isControl(event.target)) withSelected(onOpen)();
      }, { preventDefault: false }],
    ],
    ["INPUT", "TEXTAREA", "SELECT"],
  );
}

/** Enter on a link or button belongs to that link or button. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("a, button, [role='option'], [role='dialog']") !== null;
}
