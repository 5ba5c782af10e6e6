"use client";
import { IconAlertTriangle, IconX } from "@tabler/icons-react";
import { Link } from "../data/link.tsx";
import { usePathname } from "next/navigation";
import { formatShortCount } from "../data/format.ts";
import { Mark } from "./mark.tsx";
import { isWithin, NAVIGATION, type Place } from "./navigation-items.ts";
import { useNavigationBadges, type NavigationBadge } from "./navigation-badges.ts";
import { UserMenu } from "./user-menu.tsx";
import styles from "./navigation.module.css";

/** The left navigation; on a phone it stands in a drawer and `onNavigate` closes that. */
export function Navigation({ instance, onNavigate }: { instance: Instance; onNavigate?: () => void }) {
  return (
    <nav aria-label="Main" className={styles.nav}>
      <Brand instance={instance} />
      <div className={styles.groups}>
        <Places onNavigate={onNavigate} />
      </div>
      <UserMenu />
    </nav>
  );
}

/** What this console calls itself and where it runs. */
export type Instance = { name: string; environment: string };

export function Brand({ instance }: { instance: Instance }) {
  return (
    <div className={styles.brand}>
      <Mark />
      <span className={styles.name}>{instance.name}</span>
      {instance.environment ? <span className={styles.environment}>{instance.environment}</span> : null}
    </div>
  );
}

function Places({ onNavigate }: { onNavigate?: () => void }) {
  const path = usePathname();
  const badges = useNavigationBadges();
  return NAVIGATION.map((group) => (
    <div key={group.label ?? "top"} className={styles.group}>
      {group.label ? <h2 className={styles.label}>{group.label}</h2> : null}
      <ul className={styles.list}>
        {group.places.map((place) => (
          <li key={place.href}>
            <PlaceLink place={place} isActive={isWithin(path, place.href)} badge={place.badge ? badges[place.badge] : undefined} onNavigate={onNavigate} />
          </li>
        ))}
      </ul>
    </div>
  ));
}

function PlaceLink({ place, isActive, badge, onNavigate }: { place: Place; isActive: boolean; badge?: NavigationBadge; onNavigate?: () => void }) {
  const Icon = place.icon;
  return (
    <Link href={place.href} className={styles.place} aria-current={isActive ? "page" : undefined} onClick={onNavigate}>
      <Icon size={16} stroke={1.75} aria-hidden />
      <span className={styles.placeName}>{place.label}</span>
      {badge ? <Badge {...badge} /> : null}
    </Link>
  );
}

function Badge({ count, state, title }: NavigationBadge) {
  return (
    <span className={styles.badge} data-state={state} title={title}>
      {state === "fail" ? <IconX size={11} stroke={2.5} aria-hidden /> : null}
      {state === "warn" ? <IconAlertTriangle size={11} stroke={2} aria-hidden /> : null}
      {formatShortCount(count)}
      <span className="sw-hidden"> {title}</span>
    </span>
  );
}
