"use client";
import type { RunDetail } from "../../server/backups/schema.ts";
import type { Column } from "../data/columns.ts";
import { DataTable } from "../data/data-table.tsx";
import { formatCount, formatSize, plural } from "../data/format.ts";
import { Card } from "../shell/page.tsx";
import styles from "./backups.module.css";

type Content = NonNullable<RunDetail["content"]>;
type Table = Extract<Content, { kind: "database" }>["tables"][number];
type File = Exclude<Content, { kind: "database" }>["listed"][number];

const TABLES: readonly Column<Table>[] = [
  { id: "name", header: "Table", phone: true, cell: ({ schema, name }) => `${schema}.${name}` },
  { id: "rows", header: "Rows", align: "right", width: 110, phone: true, cell: ({ rows }) => formatCount(rows) },
  { id: "bytes", header: "Size at the source", align: "right", width: 140, cell: ({ bytes }) => formatSize(bytes) },
  { id: "hash", header: "Content hash", width: 150, wide: true, cell: ({ hash }) => (hash === null ? "none" : hash.method === "full" ? "every row" : `every ${hash.every}th row`) },
];

const FILES: readonly Column<File>[] = [
  { id: "path", header: "File", phone: true, cell: ({ path }) => path },
  { id: "bytes", header: "Size", align: "right", width: 110, phone: true, cell: ({ bytes }) => formatSize(bytes) },
];

/** What a backup holds, as its manifest says. */
export function ContentCard({ content }: { content: Content }) {
  if (content.kind === "database") {
    const tables = content.tables.toSorted((a, b) => b.rows - a.rows);
    const source = `${plural(tables.length, "table")}, ${plural(content.sequences.length, "sequence")}, ${plural(content.extensions.length, "extension")}, ${plural(content.largeObjects.count, "large object")}`;
    return (
      <Card title="Contents" footer={{ source }}>
        <div className={styles.bleed}>
          <DataTable label="Tables" noun="table" bare density="compact" columns={TABLES} rows={tables} rowId={({ schema, name }) => `${schema}.${name}`} />
        </div>
      </Card>
    );
  }
  return (
    <Card title="Contents" footer={{ source: `${plural(content.files, "file")}, ${formatSize(content.bytes)}` }}>
      <div className={styles.bleed}>
        <DataTable label="Files" noun="file" bare density="compact" columns={FILES} rows={content.listed} rowId={({ path }) => path} total={content.files} />
      </div>
      {content.leftOut.length > 0 ? <p className={styles.note}>Left out: {content.leftOut.map(({ path, reason }) => `${path} (${reason})`).join(", ")}</p> : null}
    </Card>
  );
}
