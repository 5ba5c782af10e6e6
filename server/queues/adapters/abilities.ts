/** The table adapter × operation as documentation shows it. Pure. */
import { CONNECTION_KINDS, OPERATIONS, type ConnectionKind } from "../schema/index.ts";
import { ADAPTERS } from "./adapters.ts";

const NAMES: Record<ConnectionKind, string> = { own: "own", pgboss: "pg-boss", bullmq: "BullMQ", rabbitmq: "RabbitMQ" };

/** A Markdown table, then the reasons for what is absent. */
export function abilitiesTable(): string {
  const head = ["operation", ...CONNECTION_KINDS.map((kind) => NAMES[kind])];
  const rows = OPERATIONS.map((operation) => [operation, ...CONNECTION_KINDS.map((kind) => (ADAPTERS[kind].can[operation] === true ? "yes" : "no"))]);
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const reasons = CONNECTION_KINDS.flatMap((kind) => {
    const absent = OPERATIONS.flatMap((operation) => {
      const ability = ADAPTERS[kind].can[operation];
      return ability === true ? [] : [`- ${NAMES[kind]}, ${operation}: ${ability}`];
    });
    return absent;
  });
  return [line(head), line(head.map(() => "---")), ...rows.map(line), "", ...reasons].join("\n");
}
