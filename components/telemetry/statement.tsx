"use client";
import type { SlowQuery } from "../../server/telemetry/schema.ts";
import { CodeBlock } from "../data/code.tsx";
import { Card } from "../shell/page.tsx";
import { Button } from "@mantine/core";

/** One statement in full, below the list. */
export function Statement({ query, onClose }: { query: SlowQuery | undefined; onClose: () => void }) {
  if (!query) return null;
  const close = (
    <Button size="xs" variant="default" onClick={onClose}>
      Close
    </Button>
  );
  return (
    <Card title="Statement" aside={close} footer={{ source: `pg_stat_statements, query ${query.id}` }}>
      <CodeBlock label="the statement" code={query.text} />
    </Card>
  );
}
