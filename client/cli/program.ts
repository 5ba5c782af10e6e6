/** The program behind `seaworthy`. */
import { main } from "./main.ts";

// oxlint-disable-next-line node/no-process-env -- the entry hands the environment on; nothing else reads it
await main(process.argv.slice(2), process.env);
