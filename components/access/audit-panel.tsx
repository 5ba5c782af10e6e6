"use client";
import type { AuditEntry } from "../../server/access/schema.ts";
import { CopyButton } from "../data/copy-button.tsx";
import { formatUtc } from "../data/format.ts";
import { Facts, SidePanel, SidePanelSection } from "../data/side-panel.tsx";
import { changesOf } from "./audit-diff.ts";
import styles from "./access.module.css";

/** One change in full: who, from where, and what it was before and after. */
export function AuditPanel({ entry, ...ways }: { entry: AuditEntry; onClose: () => void; onPrevious?: () => void; onNext?: () => void }) {
  const id = (value: string) => (
    <span>
      <code>{value}</code> <CopyButton value={value} label="Copy id" />
    </span>
  );
  return (
    <SidePanel title={entry.summary} label="Audit entry" width={440} {...ways}>
      <SidePanelSection>
        <Facts
          rows={[
            ["When", formatUtc(entry.at)],
            ["Who", `${entry.actorLabel} (${entry.actorKind})`],
            ["Action", <code key="action">{entry.action}</code>],
            ["Target", <span key="target">{entry.targetKind} {id(entry.targetId)}</span>],
            ["From", entry.address ?? "no address"],
            ["Request", entry.requestId ? id(entry.requestId) : "none"],
          ]}
        />
      </SidePanelSection>
      <SidePanelSection title="Before and after">
        <Changes entry={entry} />
      </SidePanelSection>
    </SidePanel>
  );
}

function Changes({ entry }: { entry: AuditEntry }) {
  const changes = changesOf(entry.before, entry.after);
  if (changes.length === 0) return <p className={styles.note}>No field changed.</p>;
  return (
    <table className={styles.diff}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.path}>
            <td>
              <code>{change.path}</code>
            </td>
            <td>{change.before === null ? "–" : <del>{change.before}</del>}</td>
            <td>{change.after === null ? "–" : <ins>{change.after}</ins>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
