/** Which commands talk to a running console, as CI does; the others work on the installation itself. */

/** Their first words. `doctor` looks at the installation unless an address is given. */
export const CONSOLE_COMMANDS = ["login", "services", "coverage", "junit", "loadtest", "gate", "score", "import", "apply", "export"];

/** True when the line is for client/cli. */
export function isForConsole(args) {
  const [word = ""] = args;
  return CONSOLE_COMMANDS.includes(word) || (word === "doctor" && args.some((arg) => arg === "--url" || arg.startsWith("--url=")));
}
