import type { Rule } from "../rule.ts";
import { suiteRule } from "./coverage-words.ts";

export const suiteIntegration: Rule = suiteRule("integration", 2);
