"use client";
import { Checkbox } from "@mantine/core";
import { memo, useRef, type MouseEvent } from "react";
import type { Column } from "./columns.ts";
import { keepOf } from "./table-head.tsx";
import { useRowWindow } from "./use-row-window.ts";
import styles from "./data-table.module.css";

interface TableRowsProps<Row> {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  rowLabel: (row: Row) => string;
  rowHeight: number;
  selected: string | null;
  checked?: ReadonlySet<string>;
  onToggle?: (id: string) => void;
  onClick?: (row: Row) => void;
  onOpen?: (row: Row) => void;
  onPoint: (isPointed: boolean) => void;
}

/** The body of a table; long lists draw only what is near the view. */
export function TableRows<Row>(props: TableRowsProps<Row>) {
  const { columns, rows, rowId, rowHeight, onPoint } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const { from, to } = useRowWindow(body, rows.length, rowHeight);
  return (
    <tbody ref={body} onPointerEnter={(event) => onPoint(event.pointerType === "mouse")} onPointerLeave={() => onPoint(false)}>
      {from > 0 ? <Spacer height={from * rowHeight} span={columns.length} /> : null}
      {rows.slice(from, to).map((row) => (
        <TableRow key={rowId(row)} row={row} {...props} />
      ))}
      {to < rows.length ? <Spacer height={(rows.length - to) * rowHeight} span={columns.length} /> : null}
    </tbody>
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

function RowView<Row>({ row, columns, rowId, rowLabel, selected, checked, onToggle, onClick, onOpen }: TableRowsProps<Row> & { row: Row }) {
  const id = rowId(row);
  const isSelected = selected === id;
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
      {checked && onToggle ? (
        <td className={styles.checkCell} data-keep="phone">
          <Checkbox size="sm" aria-label={`Select ${rowLabel(row)}`} checked={checked.has(id)} onChange={() => onToggle(id)} />
        </td>
      ) : null}
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
