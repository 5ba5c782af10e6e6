"use client";
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { RunDetail } from "../../server/backups/schema.ts";
import type { Column } from "../data/columns.ts";
import { DataTable } from "../data/data-table.tsx";
import { EmptyState } from "../data/empty-state.tsx";
import { formatCount, formatSize, plural } from "../data/format.ts";
import { Card } from "../shell/page.tsx";
import styles from "./backups.module.css";

type Content = NonNullable<RunDetail["content"]>;
type Table = Extract<Content, { kind: "database" }>["tables"][number] & { path: string };
type File = Exclude<Content, { kind: "database" }>["listed"][number];

const TABLES: readonly Column<Table>[] = [
  { id: "name", header: "Table", phone: true, cell: ({ path }) => path },
  { id: "rows", header: "Rows", align: "right", width: 110, phone: true, cell: ({ rows }) => formatCount(rows) },
  { id: "bytes", header: "Size at the source", align: "right", width: 140, cell: ({ bytes }) => formatSize(bytes) },
  { id: "hash", header: "Content hash", width: 150, wide: true, cell: ({ hash }) => (hash === null ? "none" : hash.method === "full" ? "every row" : `every ${hash.every}th row`) },
];

const FILES: readonly Column<File>[] = [
  { id: "path", header: "File", phone: true, cell: ({ path }) => path },
  { id: "bytes", header: "Size", align: "right", width: 110, phone: true, cell: ({ bytes }) => formatSize(bytes) },
];

/** Rows that are drawn at once; a database may have thousands of tables. */
const ROWS_AT_ONCE = 25;

interface FoundProps<Row> {
  label: string;
  noun: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** How many there are in all, where the manifest names only the first. */
  total?: number;
}

/** A list that is searched by name and grows on demand. */
function Found<Row extends { path: string }>({ label, noun, columns, rows, total }: FoundProps<Row>) {
  const [wanted, setWanted] = useState("");
  const [count, setCount] = useState(ROWS_AT_ONCE);
  const found = rows.filter(({ path }) => path.toLowerCase().includes(wanted.trim().toLowerCase()));
  return (
    <>
      {rows.length > ROWS_AT_ONCE ? <TextInput className={styles.search} size="xs" aria-label={`Search ${label.toLowerCase()}`} placeholder={`Search ${label.toLowerCase()} by name`} value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} /> : null}
      <DataTable label={label} noun={noun} bare density="compact" columns={columns} rows={found.slice(0, count)} rowId={({ path }) => path} total={wanted.trim() === "" && total !== undefined ? total : found.length} empty={<EmptyState title="Nothing of this name" sentence="Names are searched as they stand in the backup." />} />
      {found.length > count ? (
        <div className={styles.more}>
          <Button variant="default" size="xs" onClick={() => setCount(count + ROWS_AT_ONCE * 4)}>
            Show more
          </Button>
        </div>
      ) : null}
    </>
  );
}

/** What a backup holds, as its manifest says. */
export function ContentCard({ content }: { content: Content }) {
  if (content.kind === "database") {
    const tables = content.tables.toSorted((a, b) => b.rows - a.rows).map((table) => ({ ...table, path: `${table.schema}.${table.name}` }));
    const source = `${plural(tables.length, "table")}, ${plural(content.sequences.length, "sequence")}, ${plural(content.extensions.length, "extension")}, ${plural(content.largeObjects.count, "large object")}`;
    return (
      <Card title="Contents" footer={{ source }}>
        <div className={styles.bleed}>
          <Found label="Tables" noun="table" columns={TABLES} rows={tables} />
        </div>
      </Card>
    );
  }
  return (
    <Card title="Contents" footer={{ source: `${plural(content.files, "file")}, ${formatSize(content.bytes)}` }}>
      <div className={styles.bleed}>
        <Found label="Files" noun="file" columns={FILES} rows={content.listed} total={content.files} />
      </div>
      {content.leftOut.length > 0 ? <p className={styles.note}>Left out: {content.leftOut.map(({ path, reason }) => `${path} (${reason})`).join(", ")}</p> : null}
    </Card>
  );
}
