import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { EXIT, type Answer } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { consoleUrl, findConnection, loginFile, writeLogin } from "./connection.ts";
import { answerLine } from "./main.ts";
import { findCommand, parseLine } from "./options.ts";
import { githubAnnotation, render } from "./output.ts";

const home = mkdtempSync(path.join(os.tmpdir(), "seaworthy-cli-"));
const env = { XDG_CONFIG_HOME: home };
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("the command line", () => {
  test("every command has a name of its own, a sentence, and help", async () => {
    expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length);
    for (const { name, about } of COMMANDS) {
      const help = await answerLine([...name.split(" "), "--help"], env, home);
      expect(help.exitCode).toBe(EXIT.ok);
      expect(help.lines.join("\n")).toContain(about);
    }
  });

  test("the longest name wins, wherever options stand", () => {
    expect(findCommand(COMMANDS, ["--json", "services", "list"])?.name).toBe("services list");
    expect(findCommand(COMMANDS, ["services"])).toBeNull();
  });

  test("words and options are read in any order", () => {
    const command = findCommand(COMMANDS, ["apply", "x"]);
    if (!command) throw new Error("apply is missing");
    expect(parseLine(command, ["--yes", "apply", "x.yaml", "--url=http://c"])).toMatchObject({ words: ["x.yaml"], options: { yes: true, url: "http://c" } });
  });

  test.each([
    [["nonsense"], "Unknown command nonsense."],
    [["apply"], "A word is missing."],
    [["apply", "a", "b"], "Too many words: b"],
    [["apply", "a", "--nope"], "Unknown option '--nope'"],
    [["login"], "--url is missing."],
    [["export"], "Which console? Set SEAWORTHY_URL"],
    [["export", "--url", "ftp://x"], "ftp://x is no address of a console."],
    [["export", "--url", "https://u:p@x"], "Put no credentials into the address"],
  ])("%j is wrong use", async (line, wanted) => {
    const answer = await answerLine(line, env, home);
    expect(answer.exitCode).toBe(EXIT.usage);
    expect(answer.lines[0]).toContain(wanted);
  });

  test("a console that does not answer is told apart from a refusal", async () => {
    const answer = await answerLine(["services", "list", "--url", "http://127.0.0.1:9"], { ...env, SEAWORTHY_API_KEY: "k" }, home);
    expect(answer).toMatchObject({ exitCode: EXIT.unreachable });
    expect(answer.lines[0]).toMatch(/^The console at http:\/\/127\.0\.0\.1:9 does not answer: /);
  });
});

describe("the login", () => {
  test("is kept for its owner only and used when nothing else is set", () => {
    const file = writeLogin(env, { url: "https://c.example", apiKey: "sw_1" });
    expect(file).toBe(loginFile(env));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ url: "https://c.example", apiKey: "sw_1" });
    expect(findConnection(env)).toEqual({ url: "https://c.example", apiKey: "sw_1", from: "login" });
  });

  test("gives its key to no other console", () => {
    expect(findConnection(env, "https://other.example")).toMatchObject({ apiKey: undefined });
    expect(findConnection(env, "https://c.example/")).toMatchObject({ apiKey: "sw_1" });
    expect(findConnection({ ...env, SEAWORTHY_URL: "https://e.example", SEAWORTHY_API_KEY: "sw_2" })).toEqual({ url: "https://e.example", apiKey: "sw_2", from: "environment" });
  });

  test("that is damaged says what to do", () => {
    writeFileSync(loginFile(env), "{");
    expect(() => findConnection(env)).toThrow("Run `seaworthy login` again");
    rmSync(loginFile(env));
  });

  test("an address loses its slash, query and fragment", () => {
    expect(consoleUrl("https://c.example/base/?x=1#y")).toBe("https://c.example/base");
  });
});

describe("the answer", () => {
  const answer: Answer = { exitCode: 1, output: { ok: false }, lines: ["no", "because"], annotations: [{ level: "error", title: "Coverage, lines", message: "50 %\nwanted 80 %", file: "a:b.ts", line: 3 }] };

  test("is one JSON document with --json", () => {
    expect(render(answer, { isJson: true, isGithub: true })).toEqual({ out: '{"ok":false}\n', err: "" });
  });

  test("marks problems where the CI system shows them", () => {
    expect(render(answer, { isJson: false, isGithub: true }).out).toBe("no\nbecause\n::error title=Coverage%2C lines,file=a%3Ab.ts,line=3::50 %25%0Awanted 80 %25\n");
    expect(githubAnnotation({ level: "notice", title: "t", message: "m" })).toBe("::notice title=t::m");
  });

  test("of a plain failure goes to standard error", () => {
    expect(render({ exitCode: 2, output: {}, lines: ["wrong"] }, { isJson: false, isGithub: false })).toEqual({ out: "", err: "wrong\n" });
  });
});
