/**
 * What a file of services would do to the registry. A line whose slug is taken changes that service, another adds one; a
 * cell that is empty leaves what is there. Pure: the same file and the same registry give the same plan.
 */
import type * as z from "zod";
import { AppError } from "../../platform/errors.ts";
import { CreateService, MOST_IMPORTED, UpdateService, type ImportCounts, type ImportedLine, type Link } from "../schema.ts";
import { slugOf } from "../slug.ts";
import { readFields, readHeader, splitLinks, splitTags, type Columns, type FieldCells } from "./columns.ts";
import { readCsv, type CsvLine } from "./read-csv.ts";

/** A service as far as an import looks at it. */
export type Known = {
  id: string;
  slug: string;
  name: string;
  description: string;
  domain: string;
  tier: number;
  environment: string;
  owner: string;
  repositoryUrl: string | null;
  links: Link[];
  tags: string[];
  revision: number;
  isArchived: boolean;
  /** Addresses that its HTTP checks ask. */
  addresses: string[];
};

export type Read = { columns: Columns; lines: { line: number; slug: string; cells: FieldCells | null }[] };

/** A step with what is to be written; `known` is the service that it changes. */
export type Step = { shown: ImportedLine; create?: CreateService & { slug: string }; update?: { known: Known; changes: Changes; address?: string } };
type Changes = Omit<UpdateService, "id" | "revision" | "slug">;

const OWN = ["name", "description", "domain", "tier", "environment", "owner", "repositoryUrl", "links", "tags"] as const;

/** The lines of a file. Throws AppError `invalid` when it has no header, no line, too many, or broken quotes. */
export function readServices(csv: string): Read {
  const [header, ...rest] = readCsv(csv);
  if (!header) throw new AppError("invalid", "The file is empty.");
  const columns = readHeader(header);
  if (rest.length === 0) throw new AppError("invalid", "The file has a first line that names columns, and no service below it.");
  if (rest.length > MOST_IMPORTED) throw new AppError("invalid", `The file has ${rest.length} services; ${MOST_IMPORTED} can be imported at once. Import it in parts.`);
  return { columns, lines: rest.map((line) => readLine(columns, line)) };
}

function readLine(columns: Columns, line: CsvLine): Read["lines"][number] {
  const cells = readFields(columns, line);
  const slug = cells?.slug?.toLowerCase() ?? (cells?.name ? slugOf(cells.name) : "");
  return { line: line.line, slug, cells };
}

const textOf = (value: string | number | null | undefined | readonly (string | Link)[]): string => {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  return value.map((item) => (typeof item === "string" ? item : `${item.label}=${item.url}`)).join(typeof value[0] === "string" ? " " : " | ");
};

function problemsOf(error: z.core.$ZodError): string[] {
  return error.issues.map((issue) => `${String(issue.path[0] ?? "line")}: ${issue.message}`);
}

/** What the cells say, as the procedures take it. */
function inputOf({ links, tags, ...rest }: FieldCells, slug: string) {
  return { ...rest, slug, ...(links ? { links: splitLinks(links) } : {}), ...(tags ? { tags: splitTags(tags) } : {}) };
}

function planCreate(shown: ImportedLine, cells: FieldCells): Step {
  const parsed = CreateService.safeParse(inputOf(cells, shown.slug));
  if (!parsed.success) return { shown: { ...shown, action: "problem", problems: problemsOf(parsed.error) } };
  const given = Object.keys(cells).filter((field) => field !== "slug");
  const changes = given.map((field) => ({ field, from: "", to: textOf(parsed.data[field as keyof CreateService]) }));
  return { shown: { ...shown, name: parsed.data.name, action: "create", changes }, create: { ...parsed.data, slug: shown.slug } };
}

function planChange(shown: ImportedLine, { address, ...cells }: FieldCells, known: Known): Step {
  if (known.isArchived) return { shown: { ...shown, action: "problem", problems: [`${known.name} has this slug and is archived. Restore it first, or give the line another slug.`] } };
  const parsed = UpdateService.safeParse({ ...inputOf(cells, known.slug), id: known.slug, revision: known.revision });
  const first = CreateService.shape.address.safeParse(address);
  if (!parsed.success || !first.success) return { shown: { ...shown, action: "problem", problems: [parsed.error, first.error].flatMap((error) => (error ? problemsOf(error) : [])).map((text) => text.replace(/^line:/, "address:")) } };
  const differing = OWN.filter((field) => parsed.data[field] !== undefined && textOf(sorted(parsed.data[field])) !== textOf(sorted(known[field])));
  const changes = Object.fromEntries(differing.map((field) => [field, parsed.data[field]])) as Changes;
  const added = first.data !== undefined && !known.addresses.includes(first.data) ? first.data : undefined;
  const shownChanges = [...differing.map((field) => ({ field: field as string, from: textOf(known[field]), to: textOf(parsed.data[field]) })), ...(added === undefined ? [] : [{ field: "address", from: "", to: added }])];
  const named = { ...shown, name: changes.name ?? known.name };
  if (shownChanges.length === 0) return { shown: named };
  return { shown: { ...named, action: "change", changes: shownChanges }, update: { known, changes, ...(added === undefined ? {} : { address: added }) } };
}

/** The order of tags says nothing, that of links does. */
const sorted = (value: Parameters<typeof textOf>[0]): Parameters<typeof textOf>[0] => (Array.isArray(value) && typeof value[0] === "string" ? (value as string[]).toSorted() : value);

/** One step a line, in the order of the file. */
export function planServices({ columns, lines }: Read, known: readonly Known[]): Step[] {
  const bySlug = new Map(known.map((service) => [service.slug, service]));
  const firstLine = new Map<string, number>();
  return lines.map(({ line, slug, cells }) => {
    const shown: ImportedLine = { line, slug, name: cells?.name ?? "", action: "same", changes: [], problems: [] };
    const refuse = (problem: string): Step => ({ shown: { ...shown, action: "problem", problems: [problem] } });
    if (!cells) return refuse(`It has another number of cells than the first line, which has ${columns.fields.length}.`);
    if (slug === "") return refuse("It has neither a name nor a slug.");
    const earlier = firstLine.get(slug);
    if (earlier !== undefined) return refuse(`The slug ${slug} stands in line ${earlier} already.`);
    firstLine.set(slug, line);
    const service = bySlug.get(slug);
    return service ? planChange(shown, cells, service) : planCreate(shown, cells);
  });
}

/** How many lines do what. */
export function countSteps(steps: readonly Step[]): ImportCounts {
  const count = (action: ImportedLine["action"]) => steps.filter(({ shown }) => shown.action === action).length;
  return { created: count("create"), changed: count("change"), same: count("same"), problems: count("problem") };
}
