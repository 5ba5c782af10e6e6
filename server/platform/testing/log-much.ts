/** A process that logs a hundred lines and says on its error output that it lived to the end. */
import { createLogger } from "../logger.ts";
import { lineWriter } from "../log-output.ts";

const log = createLogger({ level: "info", write: lineWriter() });
for (let line = 0; line < 100; line++) log.info({ line }, "much to say");
setImmediate(() => process.stderr.write("alive\n"));
