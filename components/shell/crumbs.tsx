"use client";
import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "../data/link.tsx";
import { usePathname } from "next/navigation";
import { Fragment } from "react";
import { isWithin, NAVIGATION } from "./navigation-items.ts";
import styles from "./header.module.css";

const WORDS: Record<string, string> = { keys: "API keys", "": "" };

/** Pages of a place that are not names of things. */
const SECTIONS: Record<string, Record<string, string>> = {
  "/backups": { new: "New plan", stores: "Stores", runs: "Runs", drills: "Drills", restores: "Restores" },
  "/queues": { own: "Own queue", "dead-letters": "Dead letters", operations: "Operations", workers: "Workers", connections: "Connections" },
};

type Crumb = { label: string; href?: string };

function wordOf(segment: string): string {
  const text = decodeURIComponent(segment);
  return WORDS[text] ?? text.charAt(0).toUpperCase() + text.slice(1);
}

/** Group, place, then what is below it: "Operate › Services › payments-api". Names below a place stay as the URL has them. */
export function crumbsOf(path: string): Crumb[] {
  for (const group of NAVIGATION) {
    const place = group.places.find((entry) => isWithin(path, entry.href));
    if (!place) continue;
    const below = path.slice(place.href.length).split("/").filter(Boolean);
    const isAccess = place.href === "/access";
    const rest = place.href === "/" ? [] : below.map((segment, depth) => ({ label: isAccess ? wordOf(segment) : ((depth === 0 ? SECTIONS[place.href]?.[segment] : undefined) ?? decodeURIComponent(segment)) }));
    const own = { label: place.label, href: rest.length > 0 ? place.href : undefined };
    return [...(group.label ? [{ label: group.label }] : []), own, ...rest];
  }
  return [];
}

export function Crumbs() {
  const crumbs = crumbsOf(usePathname());
  return (
    <nav aria-label="Breadcrumbs" className={styles.crumbs}>
      {crumbs.map((crumb, index) => (
        <Fragment key={`${index}-${crumb.label}`}>
          {index > 0 ? <IconChevronRight size={14} aria-hidden /> : null}
          {crumb.href ? (
            <Link href={crumb.href}>{crumb.label}</Link>
          ) : (
            <span aria-current={index === crumbs.length - 1 ? "page" : undefined}>{crumb.label}</span>
          )}
        </Fragment>
      ))}
    </nav>
  );
}
