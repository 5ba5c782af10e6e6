/**
 * `npm run new:module <name>`: writes a module with all its mirrors from one template, adds it to the ordered list and
 * to the root router. The architecture test then says what is still missing.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const name = process.argv[2] ?? "";

if (!/^[a-z]{3,20}$/.test(name)) {
  process.stderr.write("Usage: npm run new:module <name>   (3 to 20 lower-case letters, a plural noun)\n");
  process.exit(2);
}
if (existsSync(path.join(root, "server", name))) {
  process.stderr.write(`server/${name} exists already; nothing was written.\n`);
  process.exit(1);
}

const title = name[0]?.toUpperCase() + name.slice(1);

const FILES: Record<string, string> = {
  [`server/${name}/schema.ts`]: `/**
 * The words of ${name}. Say here what each term means and which facts always hold.
 */
import * as z from "zod";

export const ${title}Summary = z.object({ count: z.number().int() });
export type ${title}Summary = z.infer<typeof ${title}Summary>;
`,
  [`server/${name}/queries.ts`]: `import type { Context } from "../platform/context.ts";
import type { ${title}Summary } from "./schema.ts";

/** How many audited changes ${name} has seen. */
export async function get${title}Summary(ctx: Context): Promise<${title}Summary> {
  return { count: await ctx.db.auditEntry.count({ where: { action: { startsWith: "${name}." } } }) };
}
`,
  [`server/${name}/mutations.ts`]: `/** Writes of ${name}: one transaction, conditional update, audit row. */
export {};
`,
  [`server/${name}/router.ts`]: `import * as z from "zod";
import { may, router } from "../platform/trpc.ts";
import { get${title}Summary } from "./queries.ts";
import { ${title}Summary } from "./schema.ts";

export const ${name}Router = router({
  summary: may("${name}:summary", { access: "viewer", tier: "read", rest: "GET /${name}/summary", summary: "Summarise ${name}" })
    .input(z.object({}))
    .output(${title}Summary)
    .query(({ ctx }) => get${title}Summary(ctx)),
});
`,
  [`components/${name}/${name}-page.tsx`]: `import { Page } from "@/components/shell/page";

/** The page of ${name}. */
export function ${title}Page() {
  return <Page title="${title}">{null}</Page>;
}
`,
  [`app/(console)/${name}/page.tsx`]: `import { ${title}Page } from "@/components/${name}/${name}-page";

export default function Page() {
  return <${title}Page />;
}
`,
  [`e2e/${name}.spec.ts`]: `import { expect, test } from "./fixtures/console.ts";

test("an operator opens ${name}", async ({ page }) => {
  await page.goto("/${name}");
  await expect(page.getByRole("heading", { level: 1, name: "${title}" })).toBeVisible();
});
`,
  [`docs/modules/${name}.md`]: `# ${title}\n\nWhat it answers, its words, its limits.\n`,
};

for (const [file, text] of Object.entries(FILES)) {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
  process.stdout.write(`wrote ${file}\n`);
}

const edit = (file: string, change: (text: string) => string) => {
  const target = path.join(root, file);
  writeFileSync(target, change(readFileSync(target, "utf8")));
  process.stdout.write(`changed ${file}\n`);
};

edit("server/modules.ts", (text) => text.replace(/\] as const;/, `, "${name}"] as const;`));
edit("server/root.ts", (text) =>
  text
    .replace(/(import [^\n]+\n)(?!import)/, `$1import { ${name}Router } from "./${name}/router.ts";\n`)
    .replace(/\n\}\);\n\nexport type AppRouter/, `\n  ${name}: ${name}Router,\n});\n\nexport type AppRouter`),
);
process.stdout.write("Next: prisma/schema, a migration, rows in server/permissions.table.json (npm run docs), tests, navigation.\n");
