import { describe, expect, test } from "vitest";
import { installProblem, nodeProblem, npmProblem } from "./npm-problems.mjs";

describe("the tools that start us", () => {
  test.each(["18.20.4", "16.0.0"])("Node %s is told what is needed", (version) => expect(nodeProblem(version)).toContain(`Node ${version}; Seaworthy starts with Node 20`));
  test.each(["20.0.0", "22.12.0", "26.10.0"])("Node %s will do", (version) => expect(nodeProblem(version)).toBeNull());
  test("npm 6 is told how to be newer, none is told where it comes from, 7 will do", () => {
    expect(npmProblem("6.14.18")).toContain("npm install --global npm@latest");
    expect(npmProblem(null)).toContain("npm was not found");
    expect(npmProblem("7.0.0")).toBeNull();
  });
});

describe("an installation that failed", () => {
  test.each([
    ["npm error code ENOSPC\nnpm error errno -28", "disk is full"],
    ["npm error code EACCES\nnpm error path /app/node_modules", "may not write here"],
    ["npm error code EAI_AGAIN request to … failed", "registry did not answer"],
    ["npm error code E403", "refused access"],
    ["npm error code EINTEGRITY sha512-…", "not the one in the lockfile"],
    ["npm error code EUSAGE\nnpm error `npm ci` can only install packages when your package.json and package-lock.json are in sync", "do not fit together"],
  ])("%s", (output, words) => expect(installProblem(output)).toContain(words));
  test("of a kind we do not know says nothing of its own", () => expect(installProblem("npm error something else")).toBeNull());
});
