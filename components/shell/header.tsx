"use client";
import { useMantineColorScheme } from "@mantine/core";
import { IconMenu2, IconMoon, IconSearch, IconSun } from "@tabler/icons-react";
import { Crumbs } from "./crumbs.tsx";
import { LiveControl } from "./live-control.tsx";
import { Mark } from "./mark.tsx";
import { TimeRangePicker } from "./time-range.tsx";
import styles from "./header.module.css";

/** Crumbs left; palette, time range, live and theme right. On a phone: menu, mark, live, search. */
export function Header({ name, onMenu, onPalette }: { name: string; onMenu: () => void; onPalette: () => void }) {
  return (
    <header className={styles.header}>
      <button type="button" className={`${styles.control} ${styles.phone}`} aria-label="Open navigation" onClick={onMenu}>
        <IconMenu2 size={18} aria-hidden />
      </button>
      <span className={styles.phoneBrand}>
        <Mark />
        <span className={styles.phoneName}>{name}</span>
      </span>
      <Crumbs />
      <div className={styles.tools}>
        <button type="button" className={`${styles.control} ${styles.palette}`} aria-keyshortcuts="Control+K" onClick={onPalette}>
          <IconSearch size={14} aria-hidden />
          <span className={styles.paletteWords}>Search or run a command</span>
          <kbd className={`sw-kbd ${styles.wide}`}>Ctrl K</kbd>
        </button>
        <TimeRangePicker />
        <LiveControl />
        <ThemeToggle />
      </div>
    </header>
  );
}

function ThemeToggle() {
  const { toggleColorScheme } = useMantineColorScheme();
  return (
    <button type="button" className={`${styles.control} ${styles.square} ${styles.wide}`} aria-label="Switch between light and dark" title="Switch between light and dark" onClick={toggleColorScheme}>
      <IconSun size={16} aria-hidden className="mantine-dark-hidden" />
      <IconMoon size={16} aria-hidden className="mantine-light-hidden" />
    </button>
  );
}
