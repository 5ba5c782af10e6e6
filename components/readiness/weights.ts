/** Weights of areas in a form, and what they come to. Pure. */
import type { Category, Weights } from "../../server/readiness/schema/index.ts";

export type WeightValues = Record<Category, number | string>;

const HUNDRED = 100;
const amount = (value: number | string): number => (Number.isFinite(Number(value)) ? Math.max(0, Number(value)) : 0);

/** Points of a hundred that an area can give where a rule of every area applies. */
export function shareOf(weights: Weights | WeightValues, area: Category): number {
  const total = Object.values(weights).reduce<number>((sum, weight) => sum + amount(weight), 0);
  return total === 0 ? 0 : (HUNDRED * amount(weights[area])) / total;
}
