import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPlainSql } from "./reader.ts";
import { verdictOn } from "./selection.ts";

const END = "--\n-- PostgreSQL database dump complete\n--\n";

async function* cut(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** Every piece as one line: heading, and SQL or rows. */
async function pieces(text: string, size = 1_000_000): Promise<string[]> {
  const found: string[] = [];
  for await (const piece of readPlainSql(cut(text, size))) {
    const name = piece.heading ? `${piece.heading.type} ${piece.heading.schema}.${piece.heading.name}` : "start";
    if (piece.kind === "sql") found.push(`${name}: ${piece.text.trim()}`);
    else {
      const rows: Buffer[] = [];
      for await (const part of piece.rows) rows.push(part);
      found.push(`${name}: ${piece.statement} [${Buffer.concat(rows).toString()}]`);
    }
  }
  return found;
}

const head = (name: string, type: string) => `--\n-- Name: ${name}; Type: ${type}; Schema: public; Owner: -\n--\n\n`;

const DUMP = `SET a = 1;
\\restrict x'y
${head("f(integer)", "FUNCTION")}CREATE FUNCTION f() AS $b$; -- Name: evil; Type: TABLE; Schema: public; Owner: -
COPY x FROM stdin;
$b$;
${head("t; odd", "TABLE")}CREATE TABLE "t;""--odd" (a text DEFAULT E'\\';--' || ';''', b int /* ; /* nested ; */ -- */);
COMMENT ON TABLE t IS 'a
-- Name: fake; Type: TABLE; Schema: public; Owner: -
;';
--
-- Data for Name: t; odd; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.t (a) FROM stdin;
one;'
-- Name: no; Type: TABLE; Schema: public; Owner: -
\\\\.
$$ COPY
\\.


--
-- Data for Name: empty; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.empty (a) FROM stdin;
\\.
${head("i", "INDEX")}CREATE INDEX i ON public.t (a);
\\unrestrict x
${END}`;

describe("a plain dump", () => {
  test("is told apart by its headings, never by what is inside of quotes, bodies or rows", async () => {
    const found = await pieces(DUMP);
    expect(found.map((line) => line.split(":")[0])).toEqual(["start", "FUNCTION public.f(integer)", "TABLE public.t; odd", "TABLE DATA public.t; odd", "TABLE DATA public.empty", "INDEX public.i"]);
    expect(found[1]).toContain("COPY x FROM stdin;");
    expect(found[2]).toContain("Name: fake");
    expect(found[3]).toContain("[one;'\n-- Name: no; Type: TABLE; Schema: public; Owner: -\n\\\\.\n$$ COPY\n]");
    expect(found[4]).toContain("[]");
    expect(found.join("")).not.toContain("restrict");
  });

  test("reads the same whatever the pieces it arrives in", async () => {
    const whole = await pieces(DUMP);
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 200 }), async (size) => {
      expect(await pieces(DUMP, size)).toEqual(whole);
    }), { numRuns: 40 });
  });

  test("cut anywhere is refused", async () => {
    const bytes = DUMP.trimEnd();
    for (let length = 1; length < bytes.length - 60; length += 13) await expect(pieces(bytes.slice(0, length)), `cut at ${length}`).rejects.toThrow(/not complete|inside the rows/);
  });
});

describe("chosen tables", () => {
  const tables = new Set(["public.orders"]);
  test.each([
    { type: "TABLE", name: "orders", text: "", verdict: "take" },
    { type: "TABLE DATA", name: "orders", text: "", verdict: "take" },
    { type: "TABLE", name: "orders_old", text: "", verdict: "skip" },
    { type: "CONSTRAINT", name: "orders orders_pkey", text: "", verdict: "take" },
    { type: "FK CONSTRAINT", name: "orders orders_customer_fkey", text: "", verdict: "leave out" },
    { type: "FK CONSTRAINT", name: "lines lines_order_fkey", text: "", verdict: "skip" },
    { type: "INDEX", name: "by_day", text: "CREATE INDEX by_day ON public.orders USING btree (day);", verdict: "take" },
    { type: "INDEX", name: "by_day", text: "CREATE INDEX by_day ON public.orders_old USING btree (day);", verdict: "skip" },
    { type: "TYPE", name: "mood", text: "", verdict: "take" },
    { type: "VIEW", name: "v", text: "", verdict: "skip" },
    { type: "SEQUENCE OWNED BY", name: "orders_id_seq", text: "ALTER SEQUENCE public.orders_id_seq OWNED BY public.orders.id;", verdict: "take" },
  ])("$type $name: $verdict", ({ type, name, text, verdict }) => {
    expect(verdictOn({ type, name, schema: "public" }, text, tables)).toBe(verdict);
  });
});
