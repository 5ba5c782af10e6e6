import type { Rule } from "../rule.ts";
import { suiteRule } from "./coverage-words.ts";

export const suiteE2e: Rule = suiteRule("e2e", 1);
