/**
 * Every procedure of a router as a row: what it needs, what it is charged and where REST serves it. The permission
 * table, the API documentation and the limits read the product from here.
 */
import type { AnyRouter } from "@trpc/server";
import type { ProcedureMeta } from "../trpc.ts";
import type { Access } from "../permissions.ts";
import type { Tier } from "../limiter/tiers.ts";

export type ProcedureRow = {
  /** "services.list" */
  name: string;
  type: "query" | "mutation" | "subscription";
  permission: string;
  access: Access;
  tier: Tier;
  /** "GET /services", or null for a subscription. */
  rest: string | null;
};

type Definition = { _def: { type: ProcedureRow["type"]; meta?: ProcedureMeta } };

/** Lists procedures by name. Throws when one declares nothing: it would be refused at run time. */
export function listProcedures(router: AnyRouter): ProcedureRow[] {
  const procedures = router._def.procedures as Record<string, Definition>;
  return Object.entries(procedures)
    .map(([name, { _def }]) => {
      if (!_def.meta) throw new Error(`${name} was not made with may()`);
      const { permission, rules } = _def.meta;
      return { name, type: _def.type, permission, access: rules.access, tier: rules.tier, rest: rules.rest };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Names of the procedures that add a row and honour an Idempotency-Key, sorted. */
export function listCreates(router: AnyRouter): string[] {
  const procedures = router._def.procedures as Record<string, Definition>;
  const creates = Object.entries(procedures).filter(([, { _def }]) => _def.meta?.rules.isCreate === true);
  return creates.map(([name]) => name).sort((a, b) => a.localeCompare(b));
}
