"use client";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useRef, useState, type ReactNode } from "react";
import { AwayProvider } from "./away.tsx";
import { Header } from "./header.tsx";
import { LiveConnection } from "./live.tsx";
import { Navigation, type Instance } from "./navigation.tsx";
import { NAVIGATION } from "./navigation-items.ts";
import { ViewerProvider, type Viewer } from "./viewer.tsx";
import styles from "./shell.module.css";

const Palette = dynamic(() => import("./palette.tsx"), { ssr: false });
const NavigationDrawer = dynamic(() => import("./navigation-drawer.tsx"), { ssr: false });
const ShortcutSheet = dynamic(() => import("./shortcut-sheet.tsx"), { ssr: false });

/** The console around every page: navigation, header, live connection, palette and shortcuts. */
export function Shell({ viewer, instance, readFrom, children }: { viewer: Viewer; instance: Instance; readFrom: string; children: ReactNode }) {
  const [isNavOpen, nav] = useDisclosure(false);
  const [isSheetOpen, sheet] = useDisclosure(false);
  const [paletteOpens, setPaletteOpens] = useState(0);
  const openPalette = () => setPaletteOpens((count) => count + 1);
  useShortcuts(openPalette, sheet.toggle);
  return (
    <ViewerProvider viewer={viewer}>
      <LiveConnection readFrom={readFrom} />
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <div className={styles.shell}>
        <div className={styles.side}>
          <Navigation instance={instance} />
        </div>
        <div className={styles.top}>
          <Header name={instance.name} onMenu={nav.open} onPalette={openPalette} />
        </div>
        <AwayProvider>
          {(isAway) => (
            <main id="content" className={styles.main} tabIndex={-1} data-stale={isAway || undefined}>
              {children}
            </main>
          )}
        </AwayProvider>
      </div>
      {isNavOpen ? <NavigationDrawer instance={instance} onClose={nav.close} /> : null}
      {paletteOpens > 0 ? <Palette opens={paletteOpens} onShortcuts={sheet.open} /> : null}
      {isSheetOpen ? <ShortcutSheet onClose={sheet.close} /> : null}
    </ViewerProvider>
  );
}

/** How long after `g` its second key still counts. */
const CHORD_MS = 1_200;

function useShortcuts(openPalette: () => void, toggleSheet: () => void): void {
  const router = useRouter();
  const chordAt = useRef(0);
  const jumps = NAVIGATION.flatMap((group) => group.places).map((place): [string, () => void] => [
    place.hotkey,
    () => {
      if (Date.now() - chordAt.current < CHORD_MS) router.push(place.href);
      chordAt.current = 0;
    },
  ]);
  useHotkeys([["mod+K", openPalette]], []);
  useHotkeys([
    ["shift+?", toggleSheet],
    ["g", () => (chordAt.current = Date.now()), { preventDefault: false }],
    ...jumps.map(([key, run]) => [key, run, { preventDefault: false }] as [string, () => void, { preventDefault: boolean }]),
  ]);
}
