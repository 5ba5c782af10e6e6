"use client";
import { Link } from "../data/link.tsx";
import { usePathname } from "next/navigation";
import { isWithin } from "./navigation-items.ts";
import styles from "./page-tabs.module.css";

export type PageTab = { href: string; label: string; count?: number };

/** The parts of a page as links, each with its own address. `isExact`: one of them is above the others. */
export function PageTabs({ label, tabs, isExact = false }: { label: string; tabs: readonly PageTab[]; isExact?: boolean }) {
  const path = usePathname();
  return (
    <nav aria-label={label} className={styles.tabs}>
      {tabs.map((tab) => (
        <Link key={tab.href} href={tab.href} className={styles.tab} aria-current={(isExact ? path === tab.href : isWithin(path, tab.href)) ? "page" : undefined}>
          {tab.label}
          {tab.count === undefined ? null : <span className={styles.count}>{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
