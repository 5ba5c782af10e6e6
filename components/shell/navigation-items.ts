/** The console's places, in five groups. A module that is not built has no entry. */
import { IconActivity, IconChartAreaLine, IconCircleCheck, IconDatabaseExport, IconGauge, IconKey, IconLayoutDashboard, IconServer2, IconSettings, IconShieldCheck, IconStack2 } from "@tabler/icons-react";

export type Place = { href: string; label: string; icon: typeof IconKey; badge?: "services" | "queues" | "backups"; hotkey: string };
export type PlaceGroup = { label: string | null; places: readonly Place[] };

export const NAVIGATION: readonly PlaceGroup[] = [
  { label: null, places: [{ href: "/", label: "Overview", icon: IconLayoutDashboard, hotkey: "o" }] },
  {
    label: "Operate",
    places: [
      { href: "/services", label: "Services", icon: IconServer2, badge: "services", hotkey: "s" },
      { href: "/queues", label: "Queues", icon: IconStack2, badge: "queues", hotkey: "q" },
      { href: "/backups", label: "Backups", icon: IconDatabaseExport, badge: "backups", hotkey: "b" },
    ],
  },
  {
    label: "Prove",
    places: [
      { href: "/coverage", label: "Coverage", icon: IconShieldCheck, hotkey: "c" },
      { href: "/loadtests", label: "Load tests", icon: IconChartAreaLine, hotkey: "d" },
      { href: "/readiness", label: "Readiness", icon: IconCircleCheck, hotkey: "r" },
    ],
  },
  {
    label: "Govern",
    places: [
      { href: "/limits", label: "Limits", icon: IconGauge, hotkey: "l" },
      { href: "/access", label: "Access", icon: IconKey, hotkey: "a" },
      { href: "/telemetry", label: "Telemetry", icon: IconActivity, hotkey: "t" },
      { href: "/settings", label: "Settings", icon: IconSettings, hotkey: "e" },
    ],
  },
];

/** True when `path` is the place or below it. */
export function isWithin(path: string, href: string): boolean {
  return href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
}
