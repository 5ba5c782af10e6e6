"use client";
import { ActionIcon } from "@mantine/core";
import type { ComponentPropsWithRef, ReactNode } from "react";
import styles from "./quiet-icon.module.css";

interface QuietIconProps extends Omit<ComponentPropsWithRef<"button">, "children" | "color"> {
  /** What the button does, for those who cannot see the icon. */
  label: string;
  size?: number | "lg";
  children: ReactNode;
}

/** A button that is only an icon and stays quiet until it is pointed at. */
export function QuietIcon({ label, size = 24, children, ...rest }: QuietIconProps) {
  return (
    <ActionIcon {...rest} variant="transparent" size={size} aria-label={label} className={styles.icon}>
      {children}
    </ActionIcon>
  );
}
