/** The eleven areas that a score is made of, and how much of the hundred points each may give. Isomorphic. */
import * as z from "zod";

export const CATEGORIES = [
  "security", "secrets", "database", "reliability", "testing", "observability", "delivery", "availability", "performance", "maintainability", "documentation",
] as const;
export const Category = z.enum(CATEGORIES);
export type Category = z.infer<typeof Category>;

export const CATEGORY_LABELS: Record<Category, string> = {
  security: "Security",
  secrets: "Secrets",
  database: "Data and restore",
  reliability: "Reliability",
  testing: "Tests and coverage",
  observability: "Observability",
  delivery: "Delivery",
  availability: "Availability",
  performance: "Performance",
  maintainability: "Maintainability",
  documentation: "Documentation",
};

export type Weights = Record<Category, number>;

/** Of a hundred. What stops a launch (tests, data, watching, failing safely) weighs most. Editable. */
export const DEFAULT_WEIGHTS: Weights = {
  security: 13, secrets: 7, database: 12, reliability: 12, testing: 12, observability: 10, delivery: 7, availability: 11, performance: 8, maintainability: 4, documentation: 4,
};

/** The most that one area may weigh. */
export const MAX_WEIGHT = 100;

export const WeightsInput = z
  .object(Object.fromEntries(CATEGORIES.map((category) => [category, z.number().int().min(0).max(MAX_WEIGHT)])) as Record<Category, z.ZodNumber>)
  .refine((weights) => Object.values(weights).some((weight) => weight > 0), "At least one area must weigh something");
