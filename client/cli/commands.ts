/** Every command, in the order of the help. */
import type { Command } from "./command.ts";
import { apply } from "./commands/apply.ts";
import { pushCoverage } from "./commands/coverage.ts";
import { doctor } from "./commands/doctor.ts";
import { exportManifest } from "./commands/export.ts";
import { gate } from "./commands/gate.ts";
import { importFile } from "./commands/import.ts";
import { pushTests } from "./commands/junit.ts";
import { pushLoadtest } from "./commands/loadtest.ts";
import { login } from "./commands/login.ts";
import { score } from "./commands/score.ts";
import { addService, checkService, listServices } from "./commands/services.ts";

export const COMMANDS: readonly Command[] = [login, doctor, pushCoverage, pushTests, pushLoadtest, gate, score, listServices, addService, checkService, importFile, apply, exportManifest];
