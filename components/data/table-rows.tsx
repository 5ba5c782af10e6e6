"use client";
import { Checkbox } from "@mantine/core";
import { memo, useEffect, useMemo, useRef, type MouseEvent } from "react";
import type { Column } from "./columns.ts";
import { keepOf } from "./table-head.tsx";
import { useRowWindow } from "./use-row-window.ts";
import styles from "./data-table.module.css";

interface RowActs<Row> {
  onToggle?: (id: string) => void;
  onClick?: (row: Row) => void;
  onOpen?: (row: Row) => void;
}

interface TableRowsProps<Row> extends RowActs<Row> {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  rowLabel: (row: Row) => string;
  rowHeight: number;
  selected: string | null;
  checked?: ReadonlySet<string>;
  onPoint: (isPointed: boolean) => void;
}

/** The body of a table; long lists draw only what is near the view. */
export function TableRows<Row>({ columns, rows, rowId, rowLabel, rowHeight, selected, checked, onPoint, ...acts }: TableRowsProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const { from, to } = useRowWindow(body, rows.length, rowHeight);
  const steady = useSteadyActs(acts);
  return (
    <tbody ref={body} onPointerEnter={(event) => onPoint(event.pointerType === "mouse")} onPointerLeave={() => onPoint(false)}>
      {from > 0 ? <Spacer height={from * rowHeight} span={columns.length} /> : null}
      {rows.slice(from, to).map((row) => {
        const id = rowId(row);
        return <TableRow key={id} id={id} label={rowLabel(row)} row={row} columns={columns} isSelected={selected === id} isChecked={checked && acts.onToggle ? checked.has(id) : undefined} {...steady} />;
      })}
      {to < rows.length ? <Spacer height={(rows.length - to) * rowHeight} span={columns.length} /> : null}
    </tbody>
  );
}

/** The same functions for as long as there are any, so that rows are not drawn again for them; they do what the last ones do. */
function useSteadyActs<Row>(acts: RowActs<Row>): RowActs<Row> {
  const last = useRef(acts);
  useEffect(() => {
    last.current = acts;
  });
  const [toggles, clicks, opens] = [acts.onToggle !== undefined, acts.onClick !== undefined, acts.onOpen !== undefined];
  return useMemo(
    () => ({
      ...(toggles ? { onToggle: (id: string) => last.current.onToggle?.(id) } : {}),
      ...(clicks ? { onClick: (row: Row) => last.current.onClick?.(row) } : {}),
      ...(opens ? { onOpen: (row: Row) => last.current.onOpen?.(row) } : {}),
    }),
    [toggles, clicks, opens],
  );
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr aria-hidden className={styles.spacer}>
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- room for rows not drawn, hidden from everyone */}
      <td colSpan={span + 1} style={{ height }} />
    </tr>
  );
}

interface TableRowProps<Row> extends RowActs<Row> {
  id: string;
  label: string;
  row: Row;
  columns: readonly Column<Row>[];
  isSelected: boolean;
  /** Undefined where rows cannot be checked. */
  isChecked: boolean | undefined;
}

function RowView<Row>({ id, label, row, columns, isSelected, isChecked, onToggle, onClick, onOpen }: TableRowProps<Row>) {
  const click = (event: MouseEvent<HTMLTableRowElement>): void => {
    // A control inside the row acts for itself, and so does marking text.
    const inControl = event.target instanceof Element && event.target.closest("a, button, input, label") !== null;
    if (!inControl && window.getSelection()?.isCollapsed !== false) onClick?.(row);
  };
  return (
    <tr
      className={styles.row}
      data-selected={isSelected || undefined}
      data-clickable={onClick ? true : undefined}
      aria-current={isSelected || undefined}
      onClick={click}
      onDoubleClick={onOpen ? () => onOpen(row) : undefined}
    >
      {isChecked === undefined ? null : (
        <td className={styles.checkCell} data-keep="phone">
          <Checkbox size="sm" aria-label={`Select ${label}`} checked={isChecked} onChange={() => onToggle?.(id)} />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.id} data-align={column.align} data-keep={keepOf(column)}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** A row is drawn again only when something it shows changed. */
const TableRow = memo(RowView) as typeof RowView;
