/** Words of acts on many services at once: what is chosen, what it would do, and how far it is. */
import * as z from "zod";

/** Services one act may take; a fleet that is larger is acted on in parts. */
export const MOST_IN_BULK = 5_000;
const MOST_TAGS = 10;
const ID_MAX = 40;

export const BULK_ACTIONS = ["run", "pause", "resume", "archive", "restore", "addTags", "removeTags"] as const;
export const BulkAction = z.enum(BULK_ACTIONS);
export type BulkAction = z.infer<typeof BulkAction>;

const tag = z.string().trim().toLowerCase().regex(/^[\p{L}\p{N}][\p{L}\p{N}_.:/-]{0,39}$/u, "Use letters, digits and _ . : / -");

const choice = {
  action: BulkAction,
  tags: z.array(tag).max(MOST_TAGS).default([]).describe("For addTags and removeTags."),
  ids: z.array(z.string().max(ID_MAX)).max(MOST_IN_BULK).optional().describe("The services that are meant."),
  filter: z.string().max(300).optional().describe("Or all that match this filter of the list."),
};

type Choice = { action: BulkAction; tags: string[]; ids?: string[]; filter?: string };
const isOneOf = ({ ids, filter }: Choice) => (ids === undefined) !== (filter === undefined);
const namesTags = ({ action, tags }: Choice) => (action !== "addTags" && action !== "removeTags") || tags.length > 0;
const ONE_OF = { error: "Give ids or a filter, one of them", path: ["ids"] };
const NAME_TAGS = { error: "Name at least one tag", path: ["tags"] };

export const PreviewBulk = z.object(choice).refine(isOneOf, ONE_OF).refine(namesTags, NAME_TAGS);
export type PreviewBulk = z.infer<typeof PreviewBulk>;

/** `expected` is the count that was shown; when another number would be changed by now, nothing begins. */
export const StartBulk = z.object({ ...choice, expected: z.number().int().min(0) }).refine(isOneOf, ONE_OF).refine(namesTags, NAME_TAGS);
export type StartBulk = z.infer<typeof StartBulk>;

export const BulkPreview = z.object({
  matching: z.number().int(),
  /** Those that the act would change. */
  affected: z.number().int(),
  /** A few of them by name. */
  sample: z.array(z.string()),
  /** Why the others stay as they are. */
  skipped: z.array(z.object({ reason: z.string(), count: z.number().int() })),
});
export type BulkPreview = z.infer<typeof BulkPreview>;

export const Bulk = z.object({
  id: z.string(),
  action: BulkAction,
  tags: z.array(z.string()),
  state: z.enum(["queued", "running", "done", "cancelled"]),
  total: z.number().int(),
  /** Services that were looked at so far. */
  position: z.number().int(),
  changed: z.number().int(),
  /** The first that could not be changed. */
  problems: z.array(z.object({ id: z.string(), name: z.string(), problem: z.string() })),
  requestedBy: z.string(),
  createdAt: z.date(),
  finishedAt: z.date().nullable(),
});
export type Bulk = z.infer<typeof Bulk>;
export const BulkId = z.object({ id: z.string().max(ID_MAX) });
