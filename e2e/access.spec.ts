/** An administrator lets a colleague in, gives CI a key, and everything is on record. */
import pg from "pg";
import { findEmbedded } from "../server/platform/embedded/cluster.ts";
import { codeOfStep, stepAt } from "../server/platform/auth/totp.ts";
import { expect, test } from "./fixtures/console.ts";
import { ADMIN, BASE_URL, productFacts } from "./fixtures/product.ts";

test("a wrong password is refused without saying which part was wrong", async ({ stranger }) => {
  const page = await stranger();
  await page.goto("/services");
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/);
  await page.getByLabel("Email").fill(ADMIN.email);
  await page.getByLabel("Password", { exact: true }).fill("not the password at all");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: /password/i })).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page, "back where it wanted to go").toHaveURL(`${BASE_URL}/services`);
});

test("a hundred people behind one address still find the sign-in page, and nobody is shut out by looking at it", async ({ stranger }) => {
  const outside = await stranger();
  for (let visit = 0; visit < 120; visit++) {
    const answer = await outside.request.get("/services");
    expect(answer.status(), `visit ${visit}`).toBe(200);
  }
  await outside.goto("/services");
  await expect(outside.getByRole("button", { name: "Sign in", exact: true })).toBeEnabled();
});

test("an API key is shown once, works, and is dead at once when revoked", async ({ page, request }) => {
  await page.goto("/access/keys");
  await page.getByRole("button", { name: "Create key", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Create API key" });
  await form.getByLabel("Name").fill("ci-northpier");
  await form.getByRole("button", { name: "Create key" }).click();
  const dialog = page.getByRole("dialog", { name: "Key created" });
  const shown = dialog.getByText(/sw_[A-Za-z0-9_]{40,}/).first();
  await expect(shown).toBeVisible();
  const key = (await shown.textContent())?.match(/sw_[A-Za-z0-9_]{40,}/)?.[0] ?? "";
  const call = () => request.get("/api/v1/services", { headers: { authorization: `Bearer ${key}`, cookie: "" } });
  expect((await call()).status()).toBe(200);
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await expect(dialog).toBeHidden();
  await page.reload();
  const row = page.getByRole("table", { name: "API keys" }).getByRole("row", { name: /ci-northpier/ });
  await expect(row).toContainText("Active");
  await expect(page.getByText(key)).toHaveCount(0);
  await row.getByRole("button", { name: "Revoke ci-northpier" }).click();
  await page.getByRole("dialog", { name: "Revoke ci-northpier" }).getByRole("button", { name: "Revoke" }).click();
  await expect(row).toContainText("Revoked");
  expect((await call()).status()).toBe(401);
});

test("the audit trail tells who did what", async ({ page }) => {
  await page.goto("/access/audit");
  const table = page.getByRole("table", { name: "Audit trail" });
  await expect(table.getByRole("row", { name: new RegExp(`Created.*ci-northpier.*${ADMIN.name}`) })).toBeVisible();
  await expect(table.getByRole("row", { name: new RegExp(`Revoked.*ci-northpier.*${ADMIN.name}`) })).toBeVisible();
});

test("the audit trail is checked from its page", async ({ page }) => {
  await page.goto("/access/audit");
  await page.getByRole("button", { name: "Check the trail" }).click();
  await expect(page.getByRole("region", { name: "Check of the trail" }).getByText(/^Intact: \d+ entries/)).toBeVisible();
});

test("an invited colleague sets a password and a second factor, and needs both from then on", async ({ page, stranger }) => {
  const PASSWORD = "another harbour, another tide";
  await page.goto("/access/users");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("dialog").getByLabel("Email").fill("noor@northpier.dev");
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = (await page.getByLabel("The link").textContent()) ?? "";
  const guest = await stranger();
  await guest.goto(link);
  await guest.getByLabel("Your name").fill("Noor Haddad");
  await guest.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await guest.getByRole("button", { name: "Accept and sign in" }).click();
  await expect(guest).toHaveURL(`${BASE_URL}/`);
  await guest.goto("/access/security");
  await guest.getByRole("button", { name: "Set up" }).click();
  const dialog = guest.getByRole("dialog", { name: "Set up the second factor" });
  await dialog.getByLabel("Your password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Continue" }).click();
  const key = ((await guest.getByLabel("Key", { exact: true }).textContent()) ?? "").replaceAll(" ", "");
  await dialog.getByRole("textbox", { name: "Code" }).fill(codeOfStep(key, stepAt(new Date())));
  await dialog.getByRole("button", { name: "Turn on" }).click();
  const recovery = (await guest.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").first().textContent()) ?? "";
  await guest.getByRole("button", { name: "I have kept them" }).click();
  await expect(guest.getByText("Password and second factor protect this account.")).toBeVisible();
  // An open page would notice the missing session and go to sign in by itself.
  await guest.goto("about:blank");
  await guest.context().clearCookies();
  await guest.goto("/sign-in");
  await guest.getByLabel("Email").fill("noor@northpier.dev");
  await guest.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await guest.getByRole("button", { name: "Sign in", exact: true }).click();
  await guest.getByRole("textbox", { name: "Code" }).fill(recovery);
  await guest.getByRole("button", { name: "Continue" }).click();
  await expect(guest).toHaveURL(`${BASE_URL}/`);
  await guest.goto(link);
  await expect(guest.getByText(/does not work any more/)).toBeVisible();
});

/** Whatever becomes of the journey below, the next ones are not asked for a second factor. */
test.afterEach(async () => {
  const client = new pg.Client({ connectionString: (await findEmbedded(productFacts().dataDir))?.url });
  await client.connect();
  await client.query("DELETE FROM setting WHERE key = 'access.secondFactor'");
  await client.end();
});

test("when everybody needs a second factor, whoever has none sets it up before anything else, and nobody is locked out", async ({ page, stranger }) => {
  const PASSWORD = "a lighthouse, a harbour, a tide";
  await page.goto("/access/users");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("dialog").getByLabel("Email").fill("ines@northpier.dev");
  await page.getByRole("dialog").getByRole("radio", { name: /^Admin/ }).check();
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = (await page.getByLabel("The link").textContent()) ?? "";
  await page.getByRole("button", { name: "I have kept it" }).click();
  const ines = await stranger();
  await ines.goto(link);
  await ines.getByLabel("Your name").fill("Ines Duarte");
  await ines.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await ines.getByRole("button", { name: "Accept and sign in" }).click();
  await expect(ines).toHaveURL(`${BASE_URL}/`);
  await ines.goto("/access/security");
  await ines.getByRole("radio", { name: /^Everybody/ }).click();
  await ines.getByRole("dialog", { name: "Ask everybody for a second factor" }).getByRole("button", { name: "Save" }).click();
  await expect(ines, "the rule holds for who made it, too").toHaveURL(`${BASE_URL}/second-factor`);
  await page.goto("/services");
  await expect(page).toHaveURL(`${BASE_URL}/second-factor`);
  await ines.getByLabel("Your password").fill(PASSWORD);
  await ines.getByRole("button", { name: "Continue" }).click();
  const key = ((await ines.getByLabel("Key", { exact: true }).textContent()) ?? "").replaceAll(" ", "");
  await ines.getByRole("textbox", { name: "Code" }).fill(codeOfStep(key, stepAt(new Date())));
  await ines.getByRole("button", { name: "Turn on" }).click();
  await ines.getByRole("button", { name: "I have kept them" }).click();
  await expect(ines.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await ines.goto("/access/security");
  await ines.getByRole("radio", { name: /^Nobody/ }).click();
  const dialog = ines.getByRole("dialog", { name: "Ask nobody for a second factor" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(ines.getByRole("radio", { name: /^Nobody/ })).toBeChecked();
  await page.goto("/services");
  await expect(page.getByRole("heading", { level: 1, name: "Services" })).toBeVisible();
});
