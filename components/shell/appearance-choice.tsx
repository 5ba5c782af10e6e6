"use client";
import { SegmentedControl, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { setDensity, useDensity } from "./density.ts";
import type { Density } from "./appearance.tsx";

const THEMES = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "System" },
];
const DENSITIES = [
  { value: "comfortable", label: "Comfortable" },
  { value: "compact", label: "Compact" },
];

/** Light, dark or as the system says. */
export function ThemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  // The server does not know the choice, so the first render shows none.
  const isMounted = useMounted();
  return (
    <SegmentedControl
      aria-label="Theme"
      size="xs"
      fullWidth
      transitionDuration={0}
      data={THEMES}
      value={isMounted ? colorScheme : ""}
      onChange={(next) => setColorScheme(next as MantineColorScheme)}
    />
  );
}

/** Rows of 40 or 32 px. */
export function DensityChoice() {
  const density = useDensity();
  return <SegmentedControl aria-label="Density" size="xs" fullWidth transitionDuration={0} data={DENSITIES} value={density} onChange={(next) => setDensity(next as Density)} />;
}
