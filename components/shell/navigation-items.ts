/** The console's places, in five groups. A module that is not built has no entry. */
import { IconActivity, IconGauge, IconKey, IconLayoutDashboard, IconServer2, IconSettings, IconStack2 } from "@tabler/icons-react";

export type Place = { href: string; label: string; icon: typeof IconKey; badge?: "services" | "queues"; hotkey: string };
export type PlaceGroup = { label: string | null; places: readonly Place[] };

export const NAVIGATION: readonly PlaceGroup[] = [
  { label: null, places: [{ href: "/", label: "Overview", icon: IconLayoutDashboard, hotkey: "o" }] },
  {
    label: "Operate",
    places: [
      { href: "/services", label: "Services", icon: IconServer2, badge: "services", hotkey: "s" },
      { href: "/queues", label: "Queues", icon: IconStack2, badge: "queues", hotkey: "q" },
      { href: "/telemetry", label: "Telemetry", icon: IconActivity, hotkey: "t" },
    ],
  },
  {
    label: "Govern",
    places: [
      { href: "/limits", label: "Limits", icon: IconGauge, hotkey: "l" },
      { href: "/access", label: "Access", icon: IconKey, hotkey: "a" },
      { href: "/settings", label: "Settings", icon: IconSettings, hotkey: "e" },
    ],
  },
];

/** True when `path` is the place or below it. */
export function isWithin(path: string, href: string): boolean {
  return href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
}
