/** Which pieces of a dump belong to some chosen tables: their own, and everything tables are made of. */
import type { Heading } from "./reader.ts";

/** Definitions that tables may need. */
const FOUNDATIONS = new Set(["SCHEMA", "EXTENSION", "TYPE", "SHELL TYPE", "DOMAIN", "COLLATION", "FUNCTION", "PROCEDURE", "AGGREGATE", "OPERATOR", "OPERATOR CLASS", "OPERATOR FAMILY", "CAST", "CONVERSION", "ACCESS METHOD", "PROCEDURAL LANGUAGE", "TRANSFORM", "TEXT SEARCH PARSER", "TEXT SEARCH DICTIONARY", "TEXT SEARCH TEMPLATE", "TEXT SEARCH CONFIGURATION"]);
/** Pieces named `table object`. */
const PARTS = new Set(["CONSTRAINT", "CHECK CONSTRAINT", "DEFAULT", "TRIGGER", "RULE", "POLICY"]);
/** Pieces named as the table itself. */
const WHOLE = new Set(["TABLE", "TABLE DATA", "ROW SECURITY"]);

export type Verdict = "take" | "skip" | "leave out";

/** Every table that a piece could be about, as `schema.name`. */
const named = (heading: Heading, tables: ReadonlySet<string>): boolean => tables.has(`${heading.schema}.${heading.name}`);

function ownsPart(heading: Heading, tables: ReadonlySet<string>): boolean {
  return [...tables].some((table) => `${heading.schema}.${heading.name}`.startsWith(`${table} `));
}

/** A name as SQL text may write it: bare or quoted. */
const written = (name: string) => [name, `"${name.replaceAll('"', '""')}"`];

const mentions = (text: string, before: string, table: string): boolean => {
  const dot = table.indexOf(".");
  return written(table.slice(0, dot)).some((schema) => written(table.slice(dot + 1)).some((name) => [" ", ".", ";", "(", "\n"].some((after) => text.includes(`${before}${schema}.${name}${after}`))));
};

/** Decides about one piece. References to other tables are left out and reported, because those tables are not there. */
export function verdictOn(heading: Heading | null, text: string, tables: ReadonlySet<string>): Verdict {
  if (heading === null || FOUNDATIONS.has(heading.type)) return "take";
  const { type } = heading;
  if (WHOLE.has(type)) return named(heading, tables) ? "take" : "skip";
  if (PARTS.has(type)) return ownsPart(heading, tables) ? "take" : "skip";
  if (type === "FK CONSTRAINT" || type === "TABLE ATTACH") return ownsPart(heading, tables) || named(heading, tables) ? "leave out" : "skip";
  const list = [...tables];
  if (type === "INDEX" || type === "STATISTICS") return list.some((table) => mentions(text, "ON ", table) || mentions(text, "ON ONLY ", table) || mentions(text, "FROM ", table)) ? "take" : "skip";
  if (type === "SEQUENCE OWNED BY") return list.some((table) => mentions(text, "OWNED BY ", table)) ? "take" : "skip";
  // An identity column's sequence is made by changing its table; others stand alone and cost nothing.
  if (type === "SEQUENCE" && text.includes("ALTER TABLE ")) return list.some((table) => mentions(text, "ALTER TABLE ", table)) ? "take" : "skip";
  if (type === "SEQUENCE" || type === "SEQUENCE SET") return "take";
  if (type === "COMMENT") return list.some((table) => mentions(text, "COMMENT ON TABLE ", table) || mentions(text, "COMMENT ON COLUMN ", table)) ? "take" : "skip";
  return "skip";
}
