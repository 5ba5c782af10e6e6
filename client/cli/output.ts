/** How an answer leaves: lines or one JSON document, annotations in the CI system's own form, a summary where it has a place. */
import { appendFileSync } from "node:fs";
import type { Annotation, Answer } from "./command.ts";

const encode = (value: string) => value.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const encodeProperty = (value: string) => encode(value).replaceAll(":", "%3A").replaceAll(",", "%2C");

/** One workflow command of GitHub Actions ("Workflow commands", its documentation). */
export function githubAnnotation({ level, title, message, file, line }: Annotation): string {
  const properties = [`title=${encodeProperty(title)}`, ...(file ? [`file=${encodeProperty(file)}`] : []), ...(line ? [`line=${line}`] : [])];
  return `::${level} ${properties.join(",")}::${encode(message)}`;
}

/** The text for standard output and, of a failure without --json, for standard error. */
export function render(answer: Answer, { isJson, isGithub }: { isJson: boolean; isGithub: boolean }): { out: string; err: string } {
  const marks = isGithub && !isJson ? (answer.annotations ?? []).map(githubAnnotation) : [];
  if (isJson) return { out: `${JSON.stringify(answer.output)}\n`, err: "" };
  const text = [...answer.lines, ...marks].map((line) => `${line}\n`).join("");
  return answer.exitCode === 0 || answer.lines.length > 1 || marks.length > 0 ? { out: text, err: "" } : { out: "", err: text };
}

/** Adds the summary to the page of the CI run, where the system names a file for it. */
export function writeSummary(answer: Answer, file: string | undefined): void {
  if (file && answer.summary) appendFileSync(file, `${answer.summary}\n`);
}
