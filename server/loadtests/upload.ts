/** The report of a run as an upload: received, capped and read before any transaction opens. */
import { defineUpload } from "../platform/upload/define.ts";
import { MAX_STREAM_BYTES, readReport } from "./parsers/read.ts";
import { PushRun } from "./schema.ts";

export const reportUpload = defineUpload({ maxBytes: MAX_STREAM_BYTES, input: PushRun, read: (file) => readReport(file.chunks()) });
