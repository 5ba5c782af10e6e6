/**
 * The import rules as data: each says, for one import, whether it breaks the rule. `docs/architecture.md` explains them
 * in prose; this file decides.
 */
import { MODULES } from "../../server/modules.ts";
import type { Edge } from "./imports.ts";

export type Rule = {
  name: string;
  why: string;
  isBroken: (edge: Edge) => boolean;
};

const MODULE_ORDER: readonly string[] = MODULES;
/** Roles of a module's files, from the words up to the doors. Everything else in a module is domain or adapter. */
const ROLE_RANK: Record<string, number> = { schema: 0, domain: 1, jobs: 1, queries: 2, mutations: 3, router: 4, handlers: 4 };
const PUBLIC_ROLES = new Set(["schema", "queries", "mutations"]);
const ADAPTER_FOLDERS = /^server\/[a-z]+\/(probes|parsers|engines|stores|channels|gates|rules|health-documents)\//;
/** Files beside the modules that join them: entries, the router's root, the CLI. */
const isTest = (file: string) => /\.(test|spec)\.tsx?$/.test(file) || file.includes("/testing/");

type Place = { module: string; role: string };

/** Which module and role a server file has; null outside the modules. */
export function placeOf(file: string): Place | null {
  const [, module = "", rest = ""] = file.match(/^server\/([a-z]+)\/(.+)$/) ?? [];
  if (!MODULE_ORDER.includes(module)) return null;
  const head = rest.split("/")[0]?.replace(/\.tsx?$/, "") ?? "";
  if (head === "engine" || head === "gauges") return { module, role: "handlers" };
  if (head === "check-config") return { module, role: "schema" };
  return { module, role: head in ROLE_RANK ? head : "domain" };
}

const OUTBOUND_PACKAGES = new Set(["undici", "node:net", "node:tls", "node:dns", "node:dns/promises", "node:http", "node:https", "node:http2"]);
/** Where sockets may be opened: the guard, the server itself, the local database's supervisor, the private end of a dump. */
const SOCKET_DOORS = /^(server\/platform\/(http|edge|embedded|live|testing)\/|server\/backups\/engines\/pg-dump\/intake\.ts|server\/web\.ts|scripts\/|bench\/|e2e\/)/;
const COMPONENT_SERVER_DOORS = new Set(["components/trpc/server.tsx"]);
/** Isomorphic files beside schema.ts that screens may load. */
const ISOMORPHIC = /^server\/[a-z]+\/(schema|check-config)(\.ts|\/)|^server\/modules\.ts$/;

export const RULES: Rule[] = [
  {
    name: "platform knows no module",
    why: "mechanism must not depend on what uses it",
    isBroken: ({ from, to }) => from.startsWith("server/platform/") && !isTest(from) && placeOf(to) !== null,
  },
  {
    name: "modules import only earlier modules",
    why: "a total order cannot have a cycle",
    isBroken: ({ from, to }) => {
      const [a, b] = [placeOf(from), placeOf(to)];
      return a !== null && b !== null && a.module !== b.module && !isTest(from) && MODULE_ORDER.indexOf(b.module) > MODULE_ORDER.indexOf(a.module);
    },
  },
  {
    name: "other modules are reached by schema, queries and mutations",
    why: "the rest is private",
    isBroken: ({ from, to }) => {
      const [a, b] = [placeOf(from), placeOf(to)];
      return a !== null && b !== null && a.module !== b.module && !isTest(from) && !PUBLIC_ROLES.has(b.role);
    },
  },
  {
    name: "inside a module, imports go down",
    why: "schema, domain and jobs, queries, mutations, then router and handlers",
    isBroken: ({ from, to }) => {
      const [a, b] = [placeOf(from), placeOf(to)];
      if (a === null || b === null || a.module !== b.module || isTest(from)) return false;
      return (ROLE_RANK[b.role] ?? 1) > (ROLE_RANK[a.role] ?? 1) || (a.role === "router" && b.role === "handlers");
    },
  },
  {
    name: "adapters open neither the database nor the queue",
    why: "they take facts and return facts",
    isBroken: ({ from, to, isTypeOnly }) =>
      ADAPTER_FOLDERS.test(from) && !isTest(from) && !isTypeOnly && /^server\/platform\/(db\.ts|queue\/)|^prisma\//.test(to),
  },
  {
    name: "screens see only schema and types",
    why: "server code must not reach the browser",
    isBroken: ({ from, to, isTypeOnly }) =>
      from.startsWith("components/") && to.startsWith("server/") && !isTypeOnly && !isTest(from) && !COMPONENT_SERVER_DOORS.has(from) && !ISOMORPHIC.test(to),
  },
  {
    name: "screens of one module do not import another's",
    why: "modules meet only on the overview",
    isBroken: ({ from, to }) => {
      const owner = (file: string) => file.match(/^components\/([a-z]+)\//)?.[1] ?? "";
      const [a, b] = [owner(from), owner(to)];
      return MODULE_ORDER.includes(a) && MODULE_ORDER.includes(b) && a !== b;
    },
  },
  {
    name: "components/data knows no product word",
    why: "it is the vocabulary of every module",
    isBroken: ({ from, to }) => from.startsWith("components/data/") && /^(server\/(?!platform)|components\/(?!data\/))/.test(to),
  },
  {
    name: "the client knows only types of the server",
    why: "it is published",
    isBroken: ({ from, to, isTypeOnly }) => from.startsWith("client/") && !isTest(from) && to.startsWith("server/") && !isTypeOnly,
  },
  {
    name: "only the guard opens sockets",
    why: "every outbound call is checked",
    isBroken: ({ from, to, isPackage, isTypeOnly }) =>
      isPackage && !isTypeOnly && OUTBOUND_PACKAGES.has(to) && from.startsWith("server/") && !isTest(from) && !SOCKET_DOORS.test(from),
  },
  {
    name: "the product does not load scripts or tests",
    why: "they are not shipped",
    isBroken: ({ from, to, isTypeOnly }) =>
      /^(app|components|client|server)\//.test(from) && !isTest(from) && !isTypeOnly && (/^(scripts|e2e|bench)\//.test(to) || isTest(to)),
  },
];

/** Files that values of `start` reach, following static and dynamic imports. */
export function reachableFrom(start: string[], edges: Edge[]): Set<string> {
  const next = new Map<string, string[]>();
  for (const { from, to, isPackage, isTypeOnly } of edges) {
    if (!isPackage && !isTypeOnly) next.set(from, [...(next.get(from) ?? []), to]);
  }
  const seen = new Set(start);
  const open = [...start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const to of next.get(file) ?? []) {
      if (seen.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return seen;
}

/** Files that load each other in a circle: what is left after taking away, again and again, who loads or is loaded by nobody left. */
export function filesOnCycles(edges: readonly Edge[]): string[] {
  let left = edges.filter((edge) => !edge.isPackage && !edge.isTypeOnly);
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    const loading = new Set(left.map((edge) => edge.from));
    const loaded = new Set(left.map((edge) => edge.to));
    left = left.filter((edge) => loading.has(edge.to) && loaded.has(edge.from));
  }
  return [...new Set(left.map((edge) => edge.from))].sort();
}
