"use client";
import { Button, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { QuietIcon } from "./quiet-icon.tsx";

/** How long the tick stands before the button is itself again. */
const CONFIRM_MS = 1500;

/** A small icon that copies `value`; `label` names it for screen readers ("Copy id"). */
export function CopyButton({ value, label = "Copy" }: { value: string; label?: string }) {
  const clipboard = useClipboard({ timeout: CONFIRM_MS });
  const words = copyWords(clipboard, label);
  return (
    <Tooltip label={words} withinPortal>
      <QuietIcon label={words} onClick={() => clipboard.copy(value)}>
        {clipboard.copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      </QuietIcon>
    </Tooltip>
  );
}

/** The same with its words on a button; `filled` when it is the page's one main action. */
export function CopyTextButton({ value, label, filled = false }: { value: string; label: string; filled?: boolean }) {
  const clipboard = useClipboard({ timeout: CONFIRM_MS });
  return (
    <Button
      variant={filled ? "filled" : "default"}
      leftSection={clipboard.copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
      onClick={() => clipboard.copy(value)}
    >
      {copyWords(clipboard, label)}
    </Button>
  );
}

function copyWords(clipboard: { copied: boolean; error: Error | null }, label: string): string {
  if (clipboard.error) return "Copying is not allowed here";
  return clipboard.copied ? "Copied" : label;
}
