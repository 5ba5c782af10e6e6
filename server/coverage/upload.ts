/** The two kinds of files that coverage takes, read before any transaction. */
import { defineUpload } from "../platform/upload/define.ts";
import { readReport, readTests } from "./parsers/read-report.ts";
import { PushReport, PushTests, REPORT_MAX_BYTES } from "./schema/index.ts";

/** A coverage report in any known format. */
export const reportUpload = defineUpload({
  maxBytes: REPORT_MAX_BYTES,
  input: PushReport,
  read: (file, { root, prefix }, signal) => readReport(file.chunks(), { root, prefix }, signal),
});

/** A JUnit report. */
export const testsUpload = defineUpload({ maxBytes: REPORT_MAX_BYTES, input: PushTests, read: (file, _, signal) => readTests(file.chunks(), signal) });
