/** Columns of a file of services: which field each is, and what the cells of a line say. */
import { AppError } from "../../platform/errors.ts";
import type { CsvLine } from "./read-csv.ts";

export const IMPORT_FIELDS = ["name", "slug", "description", "domain", "tier", "environment", "owner", "repositoryUrl", "links", "tags", "address"] as const;
export type ImportField = (typeof IMPORT_FIELDS)[number];

/** Names that people and our own export give to fields, without case, spaces and dashes. */
const NAMES: Record<string, ImportField> = {
  name: "name",
  slug: "slug",
  description: "description",
  domain: "domain",
  tier: "tier",
  environment: "environment",
  env: "environment",
  owner: "owner",
  team: "owner",
  repository: "repositoryUrl",
  repositoryurl: "repositoryUrl",
  links: "links",
  tags: "tags",
  address: "address",
  url: "address",
};

/** A line as fields: only those with something in their cell. */
export type FieldCells = Partial<Record<ImportField, string>>;

export type Columns = {
  fields: readonly (ImportField | null)[];
  /** Headers that are no field, as they were written. */
  ignored: string[];
};

const refuse = (text: string) => new AppError("invalid", text, { detail: { fields: { csv: text } } });
const fieldOf = (header: string): ImportField | null => {
  const name = header.toLowerCase().replaceAll(/[\s_-]+/gu, "");
  return (Object.hasOwn(NAMES, name) ? NAMES[name] : undefined) ?? null;
};

/** What the first line says. Throws AppError `invalid` without a column for name or slug, and when two name the same field. */
export function readHeader({ cells }: CsvLine): Columns {
  const fields = cells.map(fieldOf);
  const twice = fields.find((field, index) => field !== null && fields.indexOf(field) !== index);
  if (twice) throw refuse(`Two columns are the ${twice} of a service. Take one away.`);
  if (!fields.includes("name") && !fields.includes("slug")) throw refuse(`The first line must name the columns, one of them name or slug. Columns are ${IMPORT_FIELDS.join(", ")}.`);
  return { fields, ignored: cells.filter((cell, index) => fields[index] === null && cell !== "") };
}

/** The fields of a line; null when it has more or fewer cells than the header (empty ones at its end aside). */
export function readFields({ fields }: Columns, { cells }: CsvLine): FieldCells | null {
  if (cells.length < fields.length || cells.slice(fields.length).some((cell) => cell !== "")) return null;
  const found: FieldCells = {};
  for (const [index, field] of fields.entries()) {
    const cell = cells[index];
    if (field && cell) found[field] = cell;
  }
  return found;
}

/** Tags stand in one cell, with spaces, commas or semicolons between them. */
export const splitTags = (cell: string): string[] => cell.split(/[\s,;]+/u).filter((tag) => tag !== "");

/** Links stand in one cell as `Label=https://…`, with a bar between them. */
export function splitLinks(cell: string): { label: string; url: string }[] {
  return cell.split(/\s*\|\s*/u).map((link) => {
    const at = link.indexOf("=");
    return { label: link.slice(0, Math.max(0, at)).trim(), url: link.slice(at + 1).trim() };
  });
}
