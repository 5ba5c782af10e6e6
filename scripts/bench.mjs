// Runs the benches with the pinned Node and a large enough heap, whatever Node started npm.
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const node = path.join(root, "node_modules/.bin/node");
const { status } = spawnSync(node, ["--disable-warning=ExperimentalWarning", path.join(root, "bench/main.ts"), ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
process.exit(status ?? 1);
