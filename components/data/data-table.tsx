"use client";
import { Button } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import type { Column, Sort } from "./columns.ts";
import { describeError } from "./describe-error.ts";
import { ErrorState } from "./error-state.tsx";
import { formatCount } from "./format.ts";
import { holdOrder } from "./held-order.ts";
import { SkeletonRows } from "./skeleton.tsx";
import { TableHead } from "./table-head.tsx";
import { TableRows } from "./table-rows.tsx";
import { useTableKeys } from "./use-table-keys.ts";
import styles from "./data-table.module.css";

export type { Column, Sort } from "./columns.ts";

export interface DataTableProps<Row> {
  /** Names the table for screen readers. */
  label: string;
  /** What one row is: "service". */
  noun: string;
  nounPlural?: string;
  columns: readonly Column<Row>[];
  /** Undefined while the first page loads. */
  rows: readonly Row[] | undefined;
  rowId: (row: Row) => string;
  rowLabel?: (row: Row) => string;
  error?: unknown;
  onRetry?: () => void;
  empty?: ReactNode;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** The row whose preview is open. */
  selected?: string | null;
  onSelect?: (id: string | null) => void;
  onOpen?: (row: Row) => void;
  checked?: ReadonlySet<string>;
  onCheck?: (checked: Set<string>) => void;
  hidden?: ReadonlySet<string>;
  density?: "comfortable" | "compact";
  /** How many there are in all, when known. */
  total?: number;
  hasMore?: boolean;
  onMore?: () => void;
  loadingMore?: boolean;
  /** At the right of the footer: how old the data is. */
  footer?: ReactNode;
  /** True: no frame of its own, for tables inside a card. */
  bare?: boolean;
  /** True: no footer line, for short tables that are all there is. */
  plain?: boolean;
}

const ROW_HEIGHT = { comfortable: 40, compact: 32 } as const;

/** A table with sorting, selection, keys, states and a footer that counts; rows hold still while pointed at. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, rowId, rowLabel = rowId, error, onRetry, empty, sort, selected = null, onSelect, onOpen, checked, onCheck, density = "comfortable" } = props;
  const columns = useShownColumns(props.columns, props.hidden);
  const { shown, onPoint } = useHeldRows(rows ?? [], rowId, sort);
  const ids = shown.map(rowId);
  const open = onOpen && ((id: string) => { const row = shown.find((each) => rowId(each) === id); if (row !== undefined) onOpen(row); });
  const toggle = checked && onCheck && ((id: string) => onCheck(toggled(checked, id)));
  useTableKeys({ ids, selected, onSelect, onOpen: open, onToggle: toggle });
  const checkedShown = checked ? ids.filter((id) => checked.has(id)).length : 0;
  const click = onSelect ? (row: Row) => onSelect(rowId(row) === selected ? null : rowId(row)) : onOpen;

  if (error && rows === undefined) return <TableFailure error={error} onRetry={onRetry} bare={props.bare} />;
  if (rows?.length === 0 && empty) return <div className={styles.frame} data-bare={props.bare || undefined}>{empty}</div>;
  return (
    <div className={styles.frame} data-density={density} data-bare={props.bare || undefined}>
      <table className={styles.table} aria-label={label} aria-busy={rows === undefined}>
        <TableHead
          columns={columns}
          sort={sort}
          onSort={props.onSort}
          check={checked && onCheck ? {
            all: ids.length > 0 && checkedShown === ids.length,
            some: checkedShown > 0,
            onToggle: () => onCheck(checkedShown === ids.length ? new Set() : new Set(ids)),
          } : undefined}
        />
        <TableRows columns={columns} rows={shown} rowId={rowId} rowLabel={rowLabel} rowHeight={ROW_HEIGHT[density]} selected={selected} checked={checked} onToggle={toggle} onClick={click} onOpen={onSelect ? onOpen : undefined} onPoint={onPoint} />
      </table>
      {rows === undefined ? <SkeletonRows count={8} height={ROW_HEIGHT[density]} /> : null}
      {props.plain ? null : <TableFooter {...props} />}
    </div>
  );
}

/** The same list for as long as the same columns are hidden: rows need not be drawn again for it. */
function useShownColumns<Row>(all: readonly Column<Row>[], hidden: ReadonlySet<string> | undefined): readonly Column<Row>[] {
  const ids = all.filter((column) => !hidden?.has(column.id)).map((column) => column.id).join(" ");
  return useMemo(() => {
    const shown = new Set(ids.split(" "));
    return all.filter((column) => shown.has(column.id));
  }, [all, ids]);
}

function useHeldRows<Row>(rows: readonly Row[], rowId: (row: Row) => string, sort: Sort | undefined) {
  const [held, setHeld] = useState<readonly string[] | null>(null);
  const order = `${sort?.by}:${sort?.direction}`;
  const [heldOrder, setHeldOrder] = useState(order);
  if (order !== heldOrder) {
    setHeldOrder(order);
    setHeld(null);
  }
  const shown = useMemo(() => holdOrder(held, rows, rowId), [held, rows, rowId]);
  return { shown, onPoint: (isPointed: boolean) => setHeld(isPointed ? shown.map(rowId) : null) };
}

function TableFailure({ error, onRetry, bare }: { error: unknown; onRetry?: () => void; bare?: boolean }) {
  const { message, requestId } = describeError(error);
  return (
    <div className={styles.frame} data-bare={bare || undefined}>
      <ErrorState title="This list could not be read" what={message} todo="Nothing was changed. Try again, or look at the console's own health." requestId={requestId} onRetry={onRetry} />
    </div>
  );
}

function TableFooter<Row>(props: DataTableProps<Row>) {
  const { rows, noun, nounPlural = `${noun}s`, total, hasMore, onMore, loadingMore, footer } = props;
  const { ref, entry } = useIntersection({ rootMargin: "600px" });
  const near = entry?.isIntersecting === true;
  useEffect(() => {
    if (near && hasMore && !loadingMore && !props.error) onMore?.();
  }, [near, hasMore, loadingMore, onMore, props.error]);
  const count = rows?.length ?? 0;
  const words = (total ?? count) === 1 ? noun : nounPlural;
  const all = total === undefined ? `${formatCount(count)}${hasMore ? " or more" : ""}` : `${formatCount(count)} of ${formatCount(total)}`;
  return (
    <div className={styles.footer} ref={ref}>
      <span>
        {rows === undefined ? "Loading" : `${all} ${words}.`} {rows === undefined ? null : <span className={styles.keys}>{keysOf(props)}</span>}
      </span>
      {hasMore && onMore ? (
        <Button variant="default" size="xs" loading={loadingMore} onClick={onMore}>
          Load more
        </Button>
      ) : null}
      <span>{props.error && rows ? "Last refresh failed, these are the last known rows" : footer}</span>
    </div>
  );
}

function keysOf<Row>({ onSelect, onOpen, onCheck }: DataTableProps<Row>): string {
  const keys = [onSelect ? "J and K move" : "", onSelect && onOpen ? "Enter opens" : "", onSelect && onCheck ? "X selects" : ""].filter((part) => part !== "");
  return keys.length === 0 ? "" : `${keys.join(", ")}.`;
}

function toggled(checked: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(checked);
  if (!next.delete(id)) next.add(id);
  return next;
}
