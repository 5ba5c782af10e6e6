/** `seaworthy login`: keeps address and key for later commands of this user. */
import { createSeaworthyClient } from "../../index.ts";
import { CliError, EXIT, required, type Command } from "../command.ts";
import { consoleUrl, writeLogin } from "../connection.ts";

export const login: Command = {
  name: "login",
  about: "keep the console's address and a key for later commands; the key is asked for or read from standard input",
  words: "",
  arity: [0, 0],
  options: [],
  run: async (world, _words, options) => {
    const url = consoleUrl(required(options, "url"));
    const apiKey = world.env["SEAWORTHY_API_KEY"] || (await world.askSecret("API key: "));
    if (!apiKey) throw new CliError("No key was given.", EXIT.usage);
    const me = await createSeaworthyClient({ url, apiKey, fetch: world.fetch }).access.me.query({});
    const file = writeLogin(world.env, { url, apiKey });
    return { exitCode: EXIT.ok, output: { url, file, name: me.name, role: me.role }, lines: [`Signed in to ${url} as ${me.name} (${me.role}). Kept in ${file}.`] };
  },
};
