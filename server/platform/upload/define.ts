/**
 * Procedures that take a file. `may(…, { upload: rule })` makes the guard do this, in this order: permission, limit, the
 * small input, then the file to a private temporary place, then `read`, which turns it into what the mutation needs. So
 * nothing large is received for a caller who may not send it, and no transaction is open while bytes arrive or are parsed.
 * Over REST the body is the file and the query string is the input; over tRPC a small file travels as `content`.
 */
import type * as z from "zod";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { SpooledFile } from "./spool.ts";

/** What one kind of upload accepts, and how it is read. */
export type UploadRule = {
  /** Most bytes of the body, and of what a gzip body unpacks to. */
  maxBytes: number;
  /** The procedure's input, checked before a byte of the file is taken. */
  input: z.ZodType;
  /** Reads the file; what it throws refuses the upload. It must give way to other work between chunks. */
  read: (file: SpooledFile, input: unknown, signal?: AbortSignal) => Promise<unknown>;
};

/** A file that was received and read. */
export type Received<Content = unknown> = {
  /** Bytes as they came, packed or not. */
  bytes: number;
  /** SHA-256 of those bytes, hex. */
  sha256: string;
  content: Content;
};

export type Upload<Content> = {
  rule: UploadRule;
  /** What this call brought. Throws AppError `invalid` when it brought no file. */
  of: (ctx: Context) => Received<Content>;
};

type Definition<Input extends z.ZodType, Content> = {
  maxBytes: number;
  input: Input;
  read: (file: SpooledFile, input: z.output<Input>, signal?: AbortSignal) => Promise<Content>;
};

/** Declares a kind of upload. */
export function defineUpload<Input extends z.ZodType, Content>(definition: Definition<Input, Content>): Upload<Content> {
  const rule: UploadRule = { ...definition, read: (file, input, signal) => definition.read(file, input as z.output<Input>, signal) };
  return {
    rule,
    of: (ctx) => {
      if (ctx.upload?.rule !== rule) throw new AppError("invalid", "Send the file as the request's body.");
      return ctx.upload.received as Received<Content>;
    },
  };
}
