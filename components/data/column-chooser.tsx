"use client";
import { Button, Checkbox, Popover } from "@mantine/core";
import { IconColumns } from "@tabler/icons-react";
import type { Column } from "./columns.ts";
import styles from "./data-table.module.css";

interface ColumnChooserProps<Row> {
  columns: readonly Column<Row>[];
  hidden: ReadonlySet<string>;
  onChange: (hidden: Set<string>) => void;
}

/** Which columns a table shows; the first stays. */
export function ColumnChooser<Row>({ columns, hidden, onChange }: ColumnChooserProps<Row>) {
  const choices = columns.filter((column) => column.hideable !== false && !column.hiddenHeader);
  return (
    <Popover position="bottom-end" trapFocus>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconColumns size={16} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns" className={styles.chooser}>
        {choices.map((column) => (
          <Checkbox
            key={column.id}
            size="sm"
            label={column.header}
            checked={!hidden.has(column.id)}
            onChange={(event) => {
              const next = new Set(hidden);
              if (event.currentTarget.checked) next.delete(column.id);
              else next.add(column.id);
              onChange(next);
            }}
          />
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
