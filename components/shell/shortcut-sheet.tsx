"use client";
import { Modal } from "@mantine/core";
import { NAVIGATION } from "./navigation-items.ts";
import styles from "./palette.module.css";

type Shortcut = { keys: readonly string[]; does: string };

const SHORTCUTS: readonly { title: string; rows: readonly Shortcut[] }[] = [
  {
    title: "Everywhere",
    rows: [
      { keys: ["Ctrl", "K"], does: "Search or run a command" },
      { keys: ["?"], does: "This sheet" },
      { keys: ["/"], does: "Filter the page" },
      { keys: ["Esc"], does: "Close what is open" },
    ],
  },
  {
    title: "In tables",
    rows: [
      { keys: ["J"], does: "Next row" },
      { keys: ["K"], does: "Previous row" },
      { keys: ["Enter"], does: "Open the row" },
      { keys: ["X"], does: "Select the row" },
      { keys: ["C"], does: "Add a service, on Services" },
    ],
  },
  {
    title: "Go to",
    rows: NAVIGATION.flatMap((group) => group.places).map((place) => ({ keys: ["G", place.hotkey.toUpperCase()], does: place.label })),
  },
];

/** Every shortcut, on `?`. */
export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Shortcuts">
      <div className={styles.sheet}>
        {SHORTCUTS.map((part) => (
          <section key={part.title}>
            <h3 className={styles.sheetTitle}>{part.title}</h3>
            <dl className={styles.sheetRows}>
              {part.rows.map((row) => (
                <div key={row.does} className={styles.sheetRow}>
                  <dt>{row.does}</dt>
                  <dd>
                    {row.keys.map((key) => (
                      <kbd key={key} className="sw-kbd">
                        {key}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
