/** Words of the checklists: questions that a person answers, each answer with its evidence and an end. Isomorphic. */
import * as z from "zod";
import { Category } from "./categories.ts";
import { SEVERITIES } from "./arithmetic.ts";

const TEXT_MAX = 1_000;
const URL_MAX = 2_048;

export const ANSWERS = ["yes", "no", "notApplicable"] as const;
export const Answer = z.enum(ANSWERS);
export type Answer = z.infer<typeof Answer>;

const ServiceKey = z.object({ id: z.string().min(1).max(80).describe("Id or slug of the service.") });

export const Item = z.object({
  item: z.string(),
  list: z.string(),
  title: z.string(),
  category: Category,
  severity: z.enum(SEVERITIES),
  isBlocking: z.boolean(),
  rule: z.string().nullable().describe("The rule that answers this question from evidence, if there is one."),
  answer: Answer.nullable(),
  note: z.string(),
  evidenceUrl: z.string().nullable(),
  reviewer: z.string().nullable(),
  answeredAt: z.date().nullable(),
  expiresAt: z.date().nullable(),
  isExpired: z.boolean(),
  measured: z.enum(["pass", "fail", "unknown", "stale"]).nullable().describe("What the rule says now."),
  isDisputed: z.boolean().describe("A person says yes and the evidence says no."),
  revision: z.number().int(),
});
export type Item = z.infer<typeof Item>;
export const Checklist = z.object({ list: z.string(), name: z.string(), about: z.string(), total: z.number().int(), done: z.number().int(), isAdopted: z.boolean(), items: z.array(Item) });
export type Checklist = z.infer<typeof Checklist>;
export const ChecklistSet = z.object({ serviceId: z.string(), lists: z.array(Checklist) });
export const ReadChecklists = ServiceKey;
export const AdoptList = ServiceKey.extend({ list: z.string().min(1).max(60), isAdopted: z.boolean() });
export type AdoptList = z.infer<typeof AdoptList>;
export const AnswerItem = ServiceKey.extend({
  item: z.string().min(1).max(60),
  answer: Answer.nullable().describe("Null takes the answer back."),
  note: z.string().trim().max(TEXT_MAX).default(""),
  evidenceUrl: z.url({ protocol: /^https?$/, message: "Must be an http or https address" }).max(URL_MAX).nullable().default(null),
  expiresAt: z.coerce.date().nullable().default(null),
  revision: z.number().int().min(0).describe("0 for a question without an answer."),
});
export type AnswerItem = z.infer<typeof AnswerItem>;
