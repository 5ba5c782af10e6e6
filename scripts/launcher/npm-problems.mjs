/** What is wrong with the tools that start us, in words: a Node or npm that is too old, and why npm could not install. Pure. */

/** Our launcher's own needs; the programs run by the pinned Node that npm installs. */
const OLDEST_NODE = 20;
/** The first npm that reads this lockfile. */
const OLDEST_NPM = 7;

const majorOf = (version) => Number(String(version).split(".")[0]);

/** Why this Node cannot start us, or null. */
export function nodeProblem(version) {
  if (majorOf(version) >= OLDEST_NODE) return null;
  return `This is Node ${version}; Seaworthy starts with Node ${OLDEST_NODE} or newer. It then installs the Node that it runs on by itself.`;
}

/** Why this npm cannot install the packages, or null. `version` null: there is none. */
export function npmProblem(version) {
  if (version === null) return "npm was not found. It comes with Node; install Node 20 or newer together with npm, then run this again.";
  if (majorOf(version) >= OLDEST_NPM) return null;
  return `This is npm ${version}, which cannot read the lockfile; ${OLDEST_NPM} or newer can. Run: npm install --global npm@latest`;
}

const CAUSES = [
  [/\bENOSPC\b/, "The disk is full. About 1 GB is needed for packages and build; free some room and run this again."],
  [/\b(EACCES|EPERM)\b/, "npm may not write here. Give this user the folder, node_modules included, and npm's cache (npm config get cache), then run this again."],
  [/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b/, "The package registry did not answer. Check the network, a proxy (npm config get proxy) and the registry (npm config get registry), then run this again."],
  [/\b(E401|E403)\b/, "The package registry refused access. Check the registry (npm config get registry) and its credentials, then run this again."],
  [/\bEINTEGRITY\b/, "A package that arrived is not the one in the lockfile. Run: npm cache verify, then run this again."],
  [/\bEUSAGE\b|can only install packages/, "package.json and package-lock.json do not fit together. Restore both from the repository, then run this again."],
  [/\bEBADENGINE\b/, "A package refuses this Node. Use Node 20 or newer."],
];

/** The sentence for what npm printed when it failed, or null when we have none. */
export function installProblem(output) {
  return CAUSES.find(([sign]) => sign.test(output))?.[1] ?? null;
}
