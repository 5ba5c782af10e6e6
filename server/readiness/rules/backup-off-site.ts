import { backupRule } from "./backup-words.ts";
import { nameList, plural } from "./words.ts";

const TARGET = "a copy in another place";

export const backupOffSite = backupRule({
  id: "backup-off-site",
  title: "The newest backup has a copy in another place",
  why: "Fire, theft and a wrong command take the machine with everything that lies on it.",
  fix: "Add a bucket on another machine as a store, and choose it in the plan.",
  severity: "high",
  weight: 2,
  target: TARGET,
  answer: ({ good }) => {
    const rows = { Copies: good?.copies ?? 0, "In another place": good && good.offSite.length > 0 ? nameList(good.offSite) : "none" };
    if (!good) return { holds: null, value: "no usable backup yet", target: TARGET, rows };
    return { holds: good.offSite.length > 0, value: good.offSite.length > 0 ? nameList(good.offSite) : `${plural(good.copies, "copy", "copies")}, none elsewhere`, target: TARGET, rows };
  },
});
