/** Loaded first: ends the process with a sentence when Node is too old for what is loaded next. */
import { nodeProblem } from "./npm-problems.mjs";

const problem = nodeProblem(process.versions.node);
if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
