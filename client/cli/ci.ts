/**
 * What the CI system says of this run, read from the variables that each documents. Outside one, git is asked.
 * Only names that the systems' own documentation lists are read.
 */
type Env = Readonly<Record<string, string | undefined>>;

export type CiFacts = {
  /** "GitHub Actions"; null outside CI. */
  system: string | null;
  commit: string | null;
  branch: string | null;
  /** Number of the pull or merge request. */
  pullRequest: string | null;
  /** Address of this run, for links back. */
  runUrl: string | null;
};

type Reader = { system: string; isHere: (env: Env) => boolean; read: (env: Env) => Omit<CiFacts, "system"> };

const given = (value: string | undefined): string | null => (value === undefined || value === "" || value === "false" ? null : value);
const first = (...values: (string | undefined)[]): string | null => values.map(given).find((value) => value !== null) ?? null;
const lastPart = (value: string | undefined): string | null => given(value)?.match(/(\d+)\/?$/)?.[1] ?? null;
const branchOfRef = (ref: string | undefined): string | null => given(ref)?.replace(/^refs\/heads\//, "") ?? null;

const READERS: readonly Reader[] = [
  {
    system: "GitHub Actions",
    isHere: (env) => env["GITHUB_ACTIONS"] === "true",
    read: (env) => ({
      commit: given(env["GITHUB_SHA"]),
      branch: first(env["GITHUB_HEAD_REF"], env["GITHUB_REF_NAME"]),
      pullRequest: env["GITHUB_REF"]?.match(/^refs\/pull\/(\d+)\//)?.[1] ?? null,
      runUrl: env["GITHUB_RUN_ID"] ? `${env["GITHUB_SERVER_URL"]}/${env["GITHUB_REPOSITORY"]}/actions/runs/${env["GITHUB_RUN_ID"]}` : null,
    }),
  },
  {
    system: "GitLab CI",
    isHere: (env) => env["GITLAB_CI"] === "true",
    read: (env) => ({
      commit: given(env["CI_COMMIT_SHA"]),
      branch: first(env["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"], env["CI_COMMIT_REF_NAME"]),
      pullRequest: given(env["CI_MERGE_REQUEST_IID"]),
      runUrl: given(env["CI_JOB_URL"]),
    }),
  },
  {
    system: "CircleCI",
    isHere: (env) => env["CIRCLECI"] === "true",
    read: (env) => ({ commit: given(env["CIRCLE_SHA1"]), branch: given(env["CIRCLE_BRANCH"]), pullRequest: lastPart(env["CIRCLE_PULL_REQUEST"]), runUrl: given(env["CIRCLE_BUILD_URL"]) }),
  },
  {
    system: "Jenkins",
    isHere: (env) => given(env["JENKINS_URL"]) !== null,
    read: (env) => ({
      commit: given(env["GIT_COMMIT"]),
      branch: first(env["CHANGE_BRANCH"], env["BRANCH_NAME"], env["GIT_BRANCH"]?.replace(/^origin\//, "")),
      pullRequest: given(env["CHANGE_ID"]),
      runUrl: given(env["BUILD_URL"]),
    }),
  },
  {
    system: "Azure Pipelines",
    isHere: (env) => env["TF_BUILD"] === "True",
    read: (env) => ({
      commit: first(env["SYSTEM_PULLREQUEST_SOURCECOMMITID"], env["BUILD_SOURCEVERSION"]),
      branch: branchOfRef(first(env["SYSTEM_PULLREQUEST_SOURCEBRANCH"], env["BUILD_SOURCEBRANCH"]) ?? undefined),
      pullRequest: first(env["SYSTEM_PULLREQUEST_PULLREQUESTNUMBER"], env["SYSTEM_PULLREQUEST_PULLREQUESTID"]),
      runUrl: env["BUILD_BUILDID"] ? `${env["SYSTEM_COLLECTIONURI"]}${env["SYSTEM_TEAMPROJECT"]}/_build/results?buildId=${env["BUILD_BUILDID"]}` : null,
    }),
  },
  {
    system: "Bitbucket Pipelines",
    isHere: (env) => given(env["BITBUCKET_BUILD_NUMBER"]) !== null,
    read: (env) => ({
      commit: given(env["BITBUCKET_COMMIT"]),
      branch: given(env["BITBUCKET_BRANCH"]),
      pullRequest: given(env["BITBUCKET_PR_ID"]),
      runUrl: env["BITBUCKET_GIT_HTTP_ORIGIN"] ? `${env["BITBUCKET_GIT_HTTP_ORIGIN"]}/pipelines/results/${env["BITBUCKET_BUILD_NUMBER"]}` : null,
    }),
  },
  {
    system: "Buildkite",
    isHere: (env) => env["BUILDKITE"] === "true",
    read: (env) => ({ commit: given(env["BUILDKITE_COMMIT"]), branch: given(env["BUILDKITE_BRANCH"]), pullRequest: given(env["BUILDKITE_PULL_REQUEST"]), runUrl: given(env["BUILDKITE_BUILD_URL"]) }),
  },
  {
    system: "Travis CI",
    isHere: (env) => env["TRAVIS"] === "true",
    read: (env) => ({
      commit: first(env["TRAVIS_PULL_REQUEST_SHA"], env["TRAVIS_COMMIT"]),
      branch: first(env["TRAVIS_PULL_REQUEST_BRANCH"], env["TRAVIS_BRANCH"]),
      pullRequest: given(env["TRAVIS_PULL_REQUEST"]),
      runUrl: given(env["TRAVIS_BUILD_WEB_URL"]),
    }),
  },
  {
    system: "Woodpecker CI",
    isHere: (env) => env["CI"] === "woodpecker",
    read: (env) => ({
      commit: given(env["CI_COMMIT_SHA"]),
      branch: first(env["CI_COMMIT_SOURCE_BRANCH"], env["CI_COMMIT_BRANCH"]),
      pullRequest: given(env["CI_COMMIT_PULL_REQUEST"]),
      runUrl: given(env["CI_PIPELINE_URL"]),
    }),
  },
  {
    system: "Drone",
    isHere: (env) => env["DRONE"] === "true",
    read: (env) => ({ commit: given(env["DRONE_COMMIT_SHA"]), branch: first(env["DRONE_SOURCE_BRANCH"], env["DRONE_BRANCH"]), pullRequest: given(env["DRONE_PULL_REQUEST"]), runUrl: given(env["DRONE_BUILD_LINK"]) }),
  },
];

const NOWHERE: CiFacts = { system: null, commit: null, branch: null, pullRequest: null, runUrl: null };

/** Reads the facts of the CI system this runs in. `askGit` answers a git command, or null where there is no repository. */
export function detectCi(env: Env, askGit: (args: string[]) => string | null): CiFacts {
  const reader = READERS.find(({ isHere }) => isHere(env));
  const facts = reader ? { system: reader.system, ...reader.read(env) } : NOWHERE;
  if (facts.commit !== null && facts.branch !== null) return facts;
  const branch = askGit(["rev-parse", "--abbrev-ref", "HEAD"]);
  return { ...facts, commit: facts.commit ?? askGit(["rev-parse", "HEAD"]), branch: facts.branch ?? (branch === "HEAD" ? null : branch) };
}
