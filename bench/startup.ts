/** Start-up and idle memory of the product as an operator starts it. The build exists; that is what `npm start` finds. */
import type { Figure } from "./figure.ts";
import { commandOf, processTree, residentMb, startProduct } from "./product.ts";

const PORT = 4031;
const SETTLE_MS = 10_000;

/** Measures an empty data folder first, then the same folder again. */
export async function run(): Promise<Figure[]> {
  const warmUp = await startProduct({ port: PORT });
  await warmUp.stop();
  const empty = await startProduct({ port: PORT, keepData: true });
  await empty.stop();
  const again = await startProduct({ port: PORT, dataDir: empty.dataDir });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const roles = processTree(again.child.pid!).filter((pid) => /\/(web|worker)\.ts(\s|$)/.test(commandOf(pid)));
  if (roles.length !== 2) throw new Error(`Expected web and worker, found ${roles.length} processes`);
  const memory = roles.reduce((sum, pid) => sum + residentMb(pid), 0);
  await again.stop();
  return [
    { name: "first-answer-empty", value: empty.firstAnswerMs / 1000, unit: "s", goal: "<=8" },
    { name: "first-answer-existing", value: again.firstAnswerMs / 1000, unit: "s", goal: "<=3" },
    { name: "idle-memory", value: memory, unit: "MB", goal: "<=350", note: `${roles.length} processes` },
  ];
}
