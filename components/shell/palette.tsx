"use client";
import { Highlight, useMantineColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import { IconArrowsMinimize, IconFileUpload, IconKey, IconKeyboard, IconMoon, IconPlayerPause, IconPlus, IconSearch, IconUserPlus } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useState, type ReactNode } from "react";
import { useNow } from "../data/relative-time.tsx";
import { StatusIcon } from "../data/status.tsx";
import { stateWords, TONES } from "../services/states.ts";
import { useTRPC } from "../trpc/client.tsx";
import { setDensity, useDensity } from "./density.ts";
import { isPaused, setPaused } from "./live-state.ts";
import { NAVIGATION } from "./navigation-items.ts";
import { useMay } from "./viewer.tsx";
import styles from "./palette.module.css";
import "@mantine/spotlight/styles.layer.css";

const [store, palette] = createSpotlight();

/** Most services offered at once. */
const SHOWN = 6;
/** Typing pauses this long before the services are asked. */
const DEBOUNCE_MS = 150;

type Entry = { id: string; label: string; note?: string; hint?: string; icon: ReactNode; run: () => void };

/** The command palette: live services, actions and pages. `opens` grows with every wish to open it. */
export default function Palette({ opens, onShortcuts }: { opens: number; onShortcuts: () => void }) {
  const [query, setQuery] = useState("");
  useEffect(() => palette.open(), [opens]);
  const onlyActions = query.startsWith(">");
  const words = query.replace(/^>/, "").trim();
  const matches = (entry: Entry) => entry.label.toLowerCase().includes(words.toLowerCase());
  const services = useServices(onlyActions ? "" : words);
  const actions = useActions(onShortcuts).filter(matches);
  const pages = usePages().filter((entry) => !onlyActions && matches(entry));
  const count = services.length + actions.length + pages.length;
  return (
    <Spotlight.Root store={store} query={query} onQueryChange={setQuery} shortcut={null} size={640} centered={false} yOffset={96} radius="lg" maxHeight={420} scrollable overlayProps={{ className: "sw-overlay" }} className={styles.palette} attributes={{ content: { "aria-label": "Command palette" } }}>
      <Spotlight.Search aria-label="Search or run a command" placeholder="Search or run a command" leftSection={<IconSearch size={18} aria-hidden />} rightSection={<kbd className="sw-kbd">Esc</kbd>} />
      <Spotlight.ActionsList>
        <Group label="Services" entries={services} words={words} />
        <Group label="Actions" entries={actions} words={words} />
        <Group label="Pages" entries={pages} words={words} />
        {count === 0 ? <Spotlight.Empty>Nothing is called that.</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
      <Spotlight.Footer className={styles.footer}>
        <span>
          <kbd className="sw-kbd">↑</kbd> <kbd className="sw-kbd">↓</kbd> move
        </span>
        <span>
          <kbd className="sw-kbd">&gt;</kbd> only actions
        </span>
        <span className={styles.count}>{count === 1 ? "1 match" : `${count} matches`}</span>
      </Spotlight.Footer>
    </Spotlight.Root>
  );
}

function Group({ label, entries, words }: { label: string; entries: readonly Entry[]; words: string }) {
  if (entries.length === 0) return null;
  return (
    <Spotlight.ActionsGroup label={label}>
      {entries.map((entry) => (
        <Spotlight.Action key={entry.id} onClick={entry.run} className={styles.action}>
          <span className={styles.icon}>{entry.icon}</span>
          <Highlight component="span" highlight={words} highlightStyles={{ color: "var(--sw-ac)", background: "none" }} className={styles.label}>
            {entry.label}
          </Highlight>
          <span className={styles.note}>{entry.note}</span>
          <span className={styles.hint}>{entry.hint}</span>
        </Spotlight.Action>
      ))}
    </Spotlight.ActionsGroup>
  );
}

function useServices(words: string): Entry[] {
  const trpc = useTRPC();
  const router = useRouter();
  const now = useNow();
  const [filter] = useDebouncedValue(words, DEBOUNCE_MS);
  const { data } = useQuery(trpc.services.list.queryOptions({ filter, limit: SHOWN }, { placeholderData: keepPreviousData, meta: { quiet: true } }));
  return (data?.items ?? []).map((service) => ({
      id: service.id,
      label: service.name,
      note: stateWords(service.state, service.stateSince, now),
      hint: "Open",
      icon: <StatusIcon state={TONES[service.state]} size={16} />,
      run: () => router.push(`/services/${service.slug}`),
    }));
}

function usePages(): Entry[] {
  const router = useRouter();
  return NAVIGATION.flatMap((group) => group.places).map((place) => {
    const Icon = place.icon;
    return { id: place.href, label: place.label, hint: `G ${place.hotkey.toUpperCase()}`, icon: <Icon size={16} stroke={1.75} />, run: () => router.push(place.href) };
  });
}

function action({ Icon, ...entry }: Pick<Entry, "id" | "label" | "run"> & { Icon: typeof IconKey }): Entry {
  return { ...entry, hint: "action", icon: <Icon size={16} stroke={1.75} /> };
}

function useActions(onShortcuts: () => void): Entry[] {
  const router = useRouter();
  const mayEdit = useMay("editor");
  const mayManage = useMay("admin");
  const density = useDensity();
  const { toggleColorScheme } = useMantineColorScheme();
  const go = (href: string) => () => router.push(href);
  return [
    ...(mayEdit ? [action({ id: "add-service", label: "Add a service", Icon: IconPlus, run: go("/services?add=1") })] : []),
    ...(mayEdit ? [action({ id: "import-services", label: "Import services", Icon: IconFileUpload, run: go("/services?import=1") })] : []),
    ...(mayManage ? [action({ id: "add-user", label: "Add a user", Icon: IconUserPlus, run: go("/access/users?add=1") })] : []),
    action({ id: "add-key", label: "Create an API key", Icon: IconKey, run: go("/access/keys?add=1") }),
    action({ id: "live", label: isPaused() ? "Resume live updates" : "Pause live updates", Icon: IconPlayerPause, run: () => setPaused(!isPaused()) }),
    action({ id: "theme", label: "Switch between light and dark", Icon: IconMoon, run: toggleColorScheme }),
    action({ id: "density", label: density === "compact" ? "Comfortable rows" : "Compact rows", Icon: IconArrowsMinimize, run: () => setDensity(density === "compact" ? "comfortable" : "compact") }),
    action({ id: "shortcuts", label: "Show shortcuts", Icon: IconKeyboard, run: onShortcuts }),
  ];
}
