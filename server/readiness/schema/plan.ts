/** Words of the plan: policy, risks, workstreams, milestones and what was put off. Isomorphic. */
import * as z from "zod";
import { pageInput, pageOf } from "../../platform/page.ts";
import { Category, WeightsInput } from "./categories.ts";

const TITLE_MAX = 160;
const TEXT_MAX = 1_000;
const title = z.string().trim().min(2, "Give it a name").max(TITLE_MAX);
const text = z.string().trim().max(TEXT_MAX);
const day = z.coerce.date();
const revision = z.number().int().min(1);

export const Policy = z.object({ weights: WeightsInput, goal: z.number().int(), revision: z.number().int(), updatedAt: z.date().nullable(), updatedBy: z.string().nullable() });
export type Policy = z.infer<typeof Policy>;
export const UpdatePolicy = z.object({ weights: WeightsInput.optional(), goal: z.number().int().min(0).max(100).optional(), revision: z.number().int().min(0) });
export type UpdatePolicy = z.infer<typeof UpdatePolicy>;

export const GRADES = ["low", "medium", "high", "critical"] as const;
export const Grade = z.enum(GRADES);
export type Grade = z.infer<typeof Grade>;
/** On the scale of risk low is good; on the scale of quality high is. */
export const TARGET_KINDS = ["risk", "quality"] as const;

const riskFields = {
  title,
  category: Category,
  likelihood: Grade,
  impact: Grade,
  previous: Grade,
  current: Grade,
  target: Grade,
  targetKind: z.enum(TARGET_KINDS),
  mitigation: text,
  owner: z.string().trim().max(TITLE_MAX),
};
export const CreateRisk = z.object({ ...riskFields, mitigation: text.default(""), owner: riskFields.owner.default(""), targetKind: riskFields.targetKind.default("risk") });
export type CreateRisk = z.infer<typeof CreateRisk>;
export const UpdateRisk = z.object(riskFields).partial().extend({ risk: z.string().max(40), revision, isClosed: z.boolean().optional() });
export type UpdateRisk = z.infer<typeof UpdateRisk>;
export const Risk = z.object({ id: z.string(), ...riskFields, distance: z.number().int().describe("Grades between now and the target; 0 is reached."), closedAt: z.date().nullable(), revision, updatedAt: z.date(), updatedBy: z.string() });
export type Risk = z.infer<typeof Risk>;
export const ListRisks = z.object({ ...pageInput, closed: z.enum(["true", "false"]).default("false") });
export const RiskPage = pageOf(Risk);

export const PRIORITIES = ["P0", "P1", "P2", "P3"] as const;
export const WORK_STATES = ["planned", "active", "blocked", "done"] as const;
const MOST_RULES = 60;
const workFields = {
  name: title,
  priority: z.enum(PRIORITIES),
  state: z.enum(WORK_STATES),
  owner: z.string().trim().max(TITLE_MAX),
  phase: z.string().trim().max(60),
  startsOn: day.nullable(),
  endsOn: day.nullable(),
  rules: z.array(z.string().min(1).max(120)).max(MOST_RULES),
  note: text,
};
export const CreateWorkstream = z.object({
  ...workFields,
  state: workFields.state.default("planned"), owner: workFields.owner.default(""), phase: workFields.phase.default(""), startsOn: workFields.startsOn.default(null), endsOn: workFields.endsOn.default(null),
  rules: workFields.rules.default([]), note: text.default(""),
});
export type CreateWorkstream = z.infer<typeof CreateWorkstream>;
export const UpdateWorkstream = z.object(workFields).partial().extend({ workstream: z.string().max(40), revision });
export type UpdateWorkstream = z.infer<typeof UpdateWorkstream>;
export const Workstream = z.object({
  id: z.string(),
  ...workFields,
  held: z.number().int().describe("Answers of its rules, over all services, that hold."),
  total: z.number().int(),
  progress: z.number().nullable().describe("Share that holds, 0 to 1; null without rules."),
  isDisputed: z.boolean().describe("Said to be done while rules do not hold."),
  revision,
});
export type Workstream = z.infer<typeof Workstream>;
export const WorkstreamId = z.object({ workstream: z.string().min(1).max(40) });
export const WorkstreamList = z.object({ items: z.array(Workstream) });

const milestoneFields = { name: title, dueOn: day, goal: z.number().int().min(0).max(100), isDone: z.boolean() };
export const CreateMilestone = z.object({ ...milestoneFields, isDone: z.boolean().default(false) });
export type CreateMilestone = z.infer<typeof CreateMilestone>;
export const UpdateMilestone = z.object(milestoneFields).partial().extend({ milestone: z.string().max(40), revision });
export type UpdateMilestone = z.infer<typeof UpdateMilestone>;
export const Milestone = z.object({ id: z.string(), ...milestoneFields, score: z.number().int().nullable(), isReached: z.boolean(), isLate: z.boolean(), isDisputed: z.boolean(), revision });
export type Milestone = z.infer<typeof Milestone>;
export const MilestoneId = z.object({ milestone: z.string().min(1).max(40) });
export const MilestoneList = z.object({ items: z.array(Milestone) });

const deferredFields = { title, reason: text.min(3, "Say why it can wait"), phase: z.string().trim().max(60), lookAgainOn: day.nullable() };
export const CreateDeferred = z.object({ ...deferredFields, phase: deferredFields.phase.default(""), lookAgainOn: day.nullable().default(null) });
export type CreateDeferred = z.infer<typeof CreateDeferred>;
export const Deferred = z.object({ id: z.string(), ...deferredFields, isDue: z.boolean(), createdAt: z.date(), createdBy: z.string() });
export const DeferredId = z.object({ deferred: z.string().min(1).max(40) });
export const DeferredList = z.object({ items: z.array(Deferred) });
