/** What callers send. */
import * as z from "zod";
import { pageInput } from "../../platform/page.ts";
import { Flag, GatePolicy } from "./gate.ts";
import { MeasureWord } from "./measures.ts";


const MIB = 1_024 * 1_024;
/** Bytes of a report, packed or not. */
export const REPORT_MAX_BYTES = 200 * MIB;
/** Characters of a file that travels inside JSON; the edge accepts bodies of 1 MiB. */
const CONTENT_MAX = 900_000;
const PATH_MAX = 1_024;
const TEXT_MAX = 200;

export const ServiceRef = z.string().trim().min(1).max(80).describe("Id or slug of the service.");
export const Commit = z.string().trim().toLowerCase().regex(/^[0-9a-f]{7,64}$/, "A commit is 7 to 64 hexadecimal digits");
// What git refuses in a name.
// oxlint-disable-next-line no-control-regex
const Branch = z.string().trim().min(1).max(TEXT_MAX).regex(/^[^\s~^:?*[\\\u0000-\u001f]+$/, "This is no name of a branch");
const Path = z.string().min(1).max(PATH_MAX);

export const ServiceInput = z.object({ service: ServiceRef });

const pushed = {
  service: ServiceRef,
  commit: Commit,
  branch: Branch.default("main"),
  flag: Flag.default("unit"),
  committedAt: z.coerce.date().optional().describe("When the commit was made; orders commits that arrive late."),
  pullRequest: z.string().trim().max(TEXT_MAX).optional(),
  content: z.string().max(CONTENT_MAX).optional().describe("The file, when it is small and sent over tRPC."),
};

export const PushReport = z.object({
  ...pushed,
  root: z.string().trim().max(PATH_MAX).optional().describe("Folder of the checkout on the machine that ran the tests."),
  prefix: z.string().trim().max(PATH_MAX).optional().describe("Folder in the repository that relative paths start from."),
});
export type PushReport = z.infer<typeof PushReport>;

export const PushTests = z.object(pushed);
export type PushTests = z.infer<typeof PushTests>;

export const PushDiff = z.object({ service: ServiceRef, commit: Commit, branch: Branch.default("main"), diff: z.string().min(1).max(CONTENT_MAX).describe("A unified diff against the base.") });
export type PushDiff = z.infer<typeof PushDiff>;

const MOST_SOURCES = 200;
export const PushSources = z.object({
  service: ServiceRef,
  commit: Commit,
  files: z.array(z.object({ path: Path, text: z.string().max(CONTENT_MAX) })).min(1).max(MOST_SOURCES),
});
export type PushSources = z.infer<typeof PushSources>;

/** Which coverage: of a commit or of the branch's newest, of one flag or all. */
const view = { service: ServiceRef, commit: Commit.optional(), branch: Branch.optional(), flag: Flag.optional() };
export const ViewInput = z.object(view);
export type ViewInput = z.infer<typeof ViewInput>;

export const TrendInput = z.object({ service: ServiceRef, branch: Branch.optional(), flag: Flag.optional(), from: z.coerce.date().optional(), to: z.coerce.date().optional() });
export type TrendInput = z.infer<typeof TrendInput>;

export const FILE_SORTS = ["uncovered", "percent", "risk", "path"] as const;
export const ListFiles = z.object({
  ...view,
  ...pageInput,
  sort: z.enum(FILE_SORTS).default("uncovered"),
  search: z.string().trim().max(TEXT_MAX).default(""),
  folder: z.string().max(PATH_MAX).default(""),
});
export type ListFiles = z.infer<typeof ListFiles>;

export const TreeInput = z.object({ ...view, folder: z.string().max(PATH_MAX).default("") });
export type TreeInput = z.infer<typeof TreeInput>;

export const FileInput = z.object({ ...view, path: Path });
export type FileInput = z.infer<typeof FileInput>;

export const CompareInput = z.object({ service: ServiceRef, base: Commit.optional().describe("The newest complete commit before `head` when absent."), head: Commit.optional(), limit: pageInput.limit });
export type CompareInput = z.infer<typeof CompareInput>;

export const ListCommits = z.object({ service: ServiceRef, branch: Branch.optional(), ...pageInput });
export type ListCommits = z.infer<typeof ListCommits>;

export const ListCoverage = z.object({ search: z.string().trim().max(TEXT_MAX).default(""), outcome: z.enum(["all", "pass", "warn", "fail", "incomplete", "unknown"]).default("all"), ...pageInput });
export type ListCoverage = z.infer<typeof ListCoverage>;

export const WorklistInput = z.object({ service: ServiceRef.optional(), ...pageInput });
export type WorklistInput = z.infer<typeof WorklistInput>;

export const BadgeInput = z.object({ service: ServiceRef, measure: MeasureWord.default("lines"), flag: Flag.optional() });
export type BadgeInput = z.infer<typeof BadgeInput>;

export const ListPolicies = z.object(pageInput);
export type ListPolicies = z.infer<typeof ListPolicies>;

const MOST_EXPECTED = 20;
export const SetPolicy = z.object({
  service: ServiceRef,
  revision: z.number().int().min(0).describe("The revision that was edited; another one is refused."),
  defaultBranch: Branch,
  expectedFlags: z.array(Flag).max(MOST_EXPECTED).transform((flags) => [...new Set(flags)].toSorted()),
  gate: GatePolicy,
  isBadgePublic: z.boolean(),
  sourceUrl: z.url({ protocol: /^https?$/ }).max(PATH_MAX).nullable().describe("Where a file's text is found, with {commit} and {path}; made from the repository's address when null."),
});
export type SetPolicy = z.infer<typeof SetPolicy>;
