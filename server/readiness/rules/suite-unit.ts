import type { Rule } from "../rule.ts";
import { suiteRule } from "./coverage-words.ts";

export const suiteUnit: Rule = suiteRule("unit", 2);
