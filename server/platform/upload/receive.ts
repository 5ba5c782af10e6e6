/** Takes the file of one call: waits for a turn, checks the small input, spools the body, reads it. */
import { TRPCError } from "@trpc/server";
import { SECOND_MS } from "../clock.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { UploadRule } from "./define.ts";
import { spool, type SpooledFile, type Source } from "./spool.ts";
import { createTurns } from "./turns.ts";

/** Files that one process receives and reads at once: each costs a core while it is parsed. */
const AT_ONCE = 4;
/** A file of the largest size takes some seconds; whoever waited longer should come back later. */
const WAIT_MS = 60 * SECOND_MS;
const turns = createTurns({ atOnce: AT_ONCE, waitMs: WAIT_MS });

/** The body of the request, or the text that came as `content`. Throws AppError `invalid` when there is neither. */
function sourceOf(ctx: Context, input: unknown): Source {
  const body = ctx.request?.body;
  if (body) return body as unknown as Source;
  const content = (input as { content?: unknown } | null)?.content;
  if (typeof content === "string" && content !== "") return (async function* text() {
    yield Buffer.from(content);
  })();
  throw new AppError("invalid", "Send the file as the request's body, over REST, or a small one as the text `content`. Nothing was kept.");
}

function checked(rule: UploadRule, input: unknown): unknown {
  const parsed = rule.input.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new TRPCError({ code: "BAD_REQUEST", cause: parsed.error });
}

async function readFile(rule: UploadRule, file: SpooledFile, { input, signal }: { input: unknown; signal?: AbortSignal }): Promise<unknown> {
  if (file.bytes === 0) throw new AppError("invalid", "The file is empty. Nothing was kept.");
  return rule.read(file, input, signal);
}

/**
 * Receives and reads the file, and puts it on the context for `Upload.of`. Returns its SHA-256. Throws what the input or
 * the file deserves, and `unavailable` when too many files wait.
 */
export async function receiveUpload(ctx: Context, rule: UploadRule, rawInput: unknown): Promise<string> {
  const input = checked(rule, rawInput);
  const source = sourceOf(ctx, rawInput);
  return turns.take(async () => {
    const file = await spool(source, rule.maxBytes);
    try {
      const content = await readFile(rule, file, { input, signal: ctx.signal });
      ctx.upload = { rule, received: { bytes: file.bytes, sha256: file.sha256, content } };
      return file.sha256;
    } finally {
      await file.close();
    }
  });
}
