"use client";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { useListView } from "./list-url.ts";

/** A dialog that the palette and other pages open by the address (`?add=1`) and this page by a click. */
export function useAskedDialog(name: "add" | "import", isAllowed: boolean): { isOpen: boolean; open: () => void; close: () => void } {
  const { change } = useListView();
  const isAsked = useSearchParams().get(name) === "1" && isAllowed;
  const [isOpen, setOpen] = useState(isAsked);
  const [wasAsked, setWasAsked] = useState(isAsked);
  if (isAsked !== wasAsked) {
    setWasAsked(isAsked);
    if (isAsked) setOpen(true);
  }
  const close = (): void => {
    setOpen(false);
    if (isAsked) change({ [name]: null }, "replace");
  };
  return { isOpen, open: () => setOpen(true), close };
}
