import { describe, expect, test } from "vitest";
import { detectCi } from "./ci.ts";

const noGit = () => null;

describe("what the CI system says (SRV-016)", () => {
  test.each([
    [
      { GITHUB_ACTIONS: "true", GITHUB_SHA: "a1", GITHUB_REF: "refs/pull/42/merge", GITHUB_HEAD_REF: "fix", GITHUB_REF_NAME: "42/merge", GITHUB_SERVER_URL: "https://forge.example", GITHUB_REPOSITORY: "o/r", GITHUB_RUN_ID: "7" },
      { system: "GitHub Actions", commit: "a1", branch: "fix", pullRequest: "42", runUrl: "https://forge.example/o/r/actions/runs/7" },
    ],
    [{ GITHUB_ACTIONS: "true", GITHUB_SHA: "a1", GITHUB_REF: "refs/heads/main", GITHUB_HEAD_REF: "", GITHUB_REF_NAME: "main" }, { system: "GitHub Actions", commit: "a1", branch: "main", pullRequest: null, runUrl: null }],
    [{ GITLAB_CI: "true", CI_COMMIT_SHA: "b2", CI_COMMIT_REF_NAME: "x", CI_MERGE_REQUEST_IID: "3", CI_JOB_URL: "https://l/1" }, { system: "GitLab CI", commit: "b2", branch: "x", pullRequest: "3", runUrl: "https://l/1" }],
    [{ CIRCLECI: "true", CIRCLE_SHA1: "c3", CIRCLE_BRANCH: "y", CIRCLE_PULL_REQUEST: "https://forge/o/r/pull/9" }, { system: "CircleCI", commit: "c3", branch: "y", pullRequest: "9", runUrl: null }],
    [{ JENKINS_URL: "http://j", GIT_COMMIT: "d4", GIT_BRANCH: "origin/main" }, { system: "Jenkins", commit: "d4", branch: "main", pullRequest: null, runUrl: null }],
    [{ TF_BUILD: "True", BUILD_SOURCEVERSION: "e5", BUILD_SOURCEBRANCH: "refs/heads/z" }, { system: "Azure Pipelines", commit: "e5", branch: "z", pullRequest: null, runUrl: null }],
    [{ BITBUCKET_BUILD_NUMBER: "1", BITBUCKET_COMMIT: "f6", BITBUCKET_BRANCH: "m", BITBUCKET_PR_ID: "8" }, { system: "Bitbucket Pipelines", commit: "f6", branch: "m", pullRequest: "8", runUrl: null }],
    [{ BUILDKITE: "true", BUILDKITE_COMMIT: "g7", BUILDKITE_BRANCH: "m", BUILDKITE_PULL_REQUEST: "false" }, { system: "Buildkite", commit: "g7", branch: "m", pullRequest: null, runUrl: null }],
    [{ TRAVIS: "true", TRAVIS_COMMIT: "h8", TRAVIS_PULL_REQUEST_SHA: "h9", TRAVIS_BRANCH: "main", TRAVIS_PULL_REQUEST_BRANCH: "p", TRAVIS_PULL_REQUEST: "5" }, { system: "Travis CI", commit: "h9", branch: "p", pullRequest: "5", runUrl: null }],
    [{ CI: "woodpecker", CI_COMMIT_SHA: "i9", CI_COMMIT_BRANCH: "main" }, { system: "Woodpecker CI", commit: "i9", branch: "main", pullRequest: null, runUrl: null }],
    [{ DRONE: "true", DRONE_COMMIT_SHA: "j1", DRONE_BRANCH: "main", DRONE_PULL_REQUEST: "2" }, { system: "Drone", commit: "j1", branch: "main", pullRequest: "2", runUrl: null }],
  ])("%o", (env, wanted) => {
    expect(detectCi(env, noGit)).toEqual(wanted);
  });

  test("git is asked for what is missing; a detached head is no branch", () => {
    const git = (args: string[]) => (args.includes("--abbrev-ref") ? "HEAD" : "c0ffee");
    expect(detectCi({}, git)).toEqual({ system: null, commit: "c0ffee", branch: null, pullRequest: null, runUrl: null });
    expect(detectCi({ CIRCLECI: "true", CIRCLE_BRANCH: "topic" }, git)).toMatchObject({ commit: "c0ffee", branch: "topic" });
  });

  test("outside a repository nothing is invented", () => {
    expect(detectCi({}, noGit)).toEqual({ system: null, commit: null, branch: null, pullRequest: null, runUrl: null });
  });
});
