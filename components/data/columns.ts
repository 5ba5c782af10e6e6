import type { ReactNode } from "react";

/** One column of a table: what stands in it, how wide, and when it goes. */
export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Figures stand right. */
  align?: "right";
  /** Pixels, or a percentage; columns without one share what is left. */
  width?: number | string;
  /** The width on a phone, where the other would leave too little to the columns without one; pixels. */
  phoneWidth?: number;
  sortable?: boolean;
  /** Stays when the table is as narrow as a phone. */
  phone?: boolean;
  /** Goes as soon as the table is not wide (beside a panel, say). */
  wide?: boolean;
  /** False: the column chooser leaves it alone. */
  hideable?: boolean;
  /** The header is only for screen readers (columns of buttons). */
  hiddenHeader?: boolean;
}

/** What the rows are ordered by: a column's id and a direction. */
export interface Sort {
  by: string;
  direction: "asc" | "desc";
}

/** The next order after a click on a header: ascending, then descending. */
export function nextSort(sort: Sort | undefined, by: string): Sort {
  return { by, direction: sort?.by === by && sort.direction === "asc" ? "desc" : "asc" };
}
