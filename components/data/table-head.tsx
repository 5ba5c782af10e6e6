"use client";
import { Checkbox } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { CSSProperties } from "react";
import { nextSort, type Column, type Sort } from "./columns.ts";
import styles from "./data-table.module.css";

interface TableHeadProps<Row> {
  columns: readonly Column<Row>[];
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** Present when rows can be checked. */
  check?: { all: boolean; some: boolean; onToggle: () => void };
}

/** The head of a table: names, sorting, and the box that checks every row shown. */
export function TableHead<Row>({ columns, sort, onSort, check }: TableHeadProps<Row>) {
  return (
    <thead>
      <tr>
        {check ? (
          <th scope="col" className={styles.checkCell} data-keep="phone">
            <Checkbox size="sm" aria-label="Select all rows shown" checked={check.all} indeterminate={check.some && !check.all} onChange={check.onToggle} />
          </th>
        ) : null}
        {columns.map((column) => (
          <th
            key={column.id}
            scope="col"
            style={widthsOf(column)}
            data-align={column.align}
            data-keep={keepOf(column)}
            aria-sort={sort?.by === column.id ? (sort.direction === "asc" ? "ascending" : "descending") : undefined}
          >
            <HeadLabel column={column} sort={sort} onSort={onSort} />
          </th>
        ))}
      </tr>
    </thead>
  );
}

function HeadLabel<Row>({ column, sort, onSort }: { column: Column<Row>; sort?: Sort; onSort?: (sort: Sort) => void }) {
  if (column.hiddenHeader) return <span className={styles.hiddenText}>{column.header}</span>;
  if (!column.sortable || !onSort) return column.header;
  const Arrow = sort?.direction === "asc" ? IconArrowUp : IconArrowDown;
  return (
    <button type="button" className={styles.sort} onClick={() => onSort(nextSort(sort, column.id))}>
      {column.header}
      {sort?.by === column.id ? <Arrow size={12} aria-hidden /> : null}
    </button>
  );
}

const length = (value: number | string | undefined): string | undefined => (typeof value === "number" ? `${value}px` : value);

/** The widths of a column, for the stylesheet to choose from. */
function widthsOf<Row>({ width, phoneWidth }: Column<Row>): CSSProperties {
  return { "--column-width": length(width), "--column-phone-width": length(phoneWidth ?? width) } as CSSProperties;
}

/** How narrow the table may get before the column goes. */
export function keepOf<Row>(column: Column<Row>): "phone" | "wide" | "medium" {
  if (column.phone) return "phone";
  return column.wide ? "wide" : "medium";
}
