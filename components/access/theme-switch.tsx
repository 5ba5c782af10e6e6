"use client";
import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { IconMoon, IconSun } from "@tabler/icons-react";
import styles from "./auth.module.css";

const ICON_SIZE = 14;

/** Names the theme in force and changes to the other. */
export function ThemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  // The server does not know the choice, so the first render shows light.
  const isDark = useMounted() && scheme === "dark";
  const Icon = isDark ? IconMoon : IconSun;
  return (
    <button type="button" className={styles.theme} onClick={() => setColorScheme(isDark ? "light" : "dark")} aria-label={`Theme: ${isDark ? "dark" : "light"}. Change it`}>
      <Icon size={ICON_SIZE} stroke={1.75} aria-hidden />
      {isDark ? "Dark" : "Light"}
    </button>
  );
}
