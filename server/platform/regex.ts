/**
 * Patterns written by people, matched with RE2 (re2js): time grows linearly with the text, never exponentially. Linear
 * still multiplies by the size of the compiled pattern, so pattern size and text length share one budget of work; a text
 * beyond it is searched from its start as far as the budget reaches.
 */
import { RE2JS, RE2JSException } from "re2js";
import { AppError } from "./errors.ts";

const MAX_PATTERN_LENGTH = 512;
/** Longest text that is searched at all. */
const MAX_SUBJECT_LENGTH = 1_048_576;
/** Compiled instructions; ordinary patterns have 5 to 50, counted repetitions of counted repetitions have thousands. */
const MAX_INSTRUCTIONS = 300;
/** Instructions times characters: the worst pattern found takes some 25 ns for each, so less than a tenth of a second (`npm run bench guard patterns`). */
const MAX_WORK = 3_000_000;
/** Compiling takes milliseconds, and a worker matches the same few patterns all day. */
const CACHE_SIZE = 500;

export type PatternMatch = {
  isMatch: boolean;
  /** False when the text was longer than what was searched. */
  isComplete: boolean;
};

/** A compiled pattern. */
export type Pattern = { search: (text: string) => PatternMatch };

const cache = new Map<string, Pattern>();

function compile(source: string): Pattern {
  if (source.length > MAX_PATTERN_LENGTH) throw new AppError("invalid", `The pattern is longer than ${MAX_PATTERN_LENGTH} characters.`);
  const regex = parse(source);
  const size = regex.programSize();
  if (size > MAX_INSTRUCTIONS) throw new AppError("invalid", "The pattern repeats too much: shorten its {n,m} counts.");
  const limit = Math.min(MAX_SUBJECT_LENGTH, Math.floor(MAX_WORK / size));
  return {
    search: (text) => {
      if (text.length <= limit) return { isMatch: regex.test(text), isComplete: true };
      return { isMatch: matchesStart(regex, source, text.slice(0, limit)), isComplete: false };
    },
  };
}

/** `$`, `\z`, `\b` and `\B` look at what follows, which is missing where a text was cut. */
const LOOKS_AHEAD = /\$|\\[zbB]/;

/** A match that could owe itself to the cut does not count. */
function matchesStart(regex: RE2JS, source: string, start: string): boolean {
  if (!regex.test(start)) return false;
  if (!LOOKS_AHEAD.test(source)) return true;
  const matcher = regex.matcher(start);
  return matcher.find() && matcher.end() < start.length;
}

function parse(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (cause) {
    if (!(cause instanceof RE2JSException)) throw cause;
    throw new AppError("invalid", `The pattern is not valid RE2 syntax: ${cause.message.slice(0, 200)}.`, { cause });
  }
}

/** Compiles a pattern, or returns the one compiled before. Throws AppError `invalid`. */
export function compilePattern(source: string): Pattern {
  const known = cache.get(source);
  if (known) return known;
  const compiled = compile(source);
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value ?? "");
  cache.set(source, compiled);
  return compiled;
}
