"use client";
import { Button, Menu } from "@mantine/core";
import { IconArchive, IconArchiveOff, IconPlayerPause, IconPlayerPlay, IconRefresh, IconTag, IconTagOff } from "@tabler/icons-react";
import { useState } from "react";
import type { BulkAction } from "../../server/services/schema.ts";
import { formatCount, plural } from "../data/format.ts";
import { BulkDialog, type Chosen } from "./bulk-dialog.tsx";
import styles from "./bulk.module.css";

const ICON = 16;

interface BulkBarProps {
  checked: ReadonlySet<string>;
  /** True when everything that matches the filter is meant, not only what is checked. */
  isAll: boolean;
  onAll: () => void;
  onClear: () => void;
  filter: string;
  /** How many match, when known. */
  total: number | undefined;
  /** Rows on screen; with more matching, all of them can be chosen. */
  shown: number;
  isArchived: boolean;
  onStarted: (bulkId: string) => void;
}

/** What can be done with the chosen services; first it says how many they are. */
export function BulkBar({ checked, isAll, onAll, onClear, filter, total, shown, isArchived, onStarted }: BulkBarProps) {
  const [asking, ask] = useState<BulkAction | null>(null);
  const chosen: Chosen = isAll ? { filter } : { ids: [...checked] };
  const mayTakeAll = !isAll && checked.size === shown && total !== undefined && total > shown;
  const act = (action: BulkAction) => () => ask(action);
  return (
    <section className={styles.bar} aria-label="Chosen services">
      <b>{isAll ? (total === undefined ? "All matching services chosen" : `All ${plural(total, "matching service")} chosen`) : `${formatCount(checked.size)} chosen`}</b>
      {mayTakeAll ? (
        <button type="button" className="sw-link" onClick={onAll}>
          Choose all {formatCount(total)} matching
        </button>
      ) : null}
      <span className={styles.acts}>
        {isArchived ? (
          <Button size="xs" variant="default" leftSection={<IconArchiveOff size={ICON} aria-hidden />} onClick={act("restore")}>
            Restore
          </Button>
        ) : (
          <>
            <Button size="xs" variant="default" leftSection={<IconRefresh size={ICON} aria-hidden />} onClick={act("run")}>
              Run checks
            </Button>
            <Button size="xs" variant="default" leftSection={<IconPlayerPause size={ICON} aria-hidden />} onClick={act("pause")}>
              Pause
            </Button>
            <Button size="xs" variant="default" leftSection={<IconPlayerPlay size={ICON} aria-hidden />} onClick={act("resume")}>
              Resume
            </Button>
            <Menu position="bottom-end">
              <Menu.Target>
                <Button size="xs" variant="default" leftSection={<IconTag size={ICON} aria-hidden />}>
                  Tags
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<IconTag size={ICON} aria-hidden />} onClick={act("addTags")}>
                  Add tags
                </Menu.Item>
                <Menu.Item leftSection={<IconTagOff size={ICON} aria-hidden />} onClick={act("removeTags")}>
                  Take tags away
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
            <Button size="xs" variant="default" leftSection={<IconArchive size={ICON} aria-hidden />} onClick={act("archive")}>
              Archive
            </Button>
          </>
        )}
        <Button size="xs" variant="subtle" color="gray" onClick={onClear}>
          Clear
        </Button>
      </span>
      {asking ? <BulkDialog action={asking} chosen={chosen} onClose={() => ask(null)} onStarted={onStarted} /> : null}
    </section>
  );
}
